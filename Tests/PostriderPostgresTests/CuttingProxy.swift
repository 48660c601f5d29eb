#if Postgres
import Dispatch
import Glibc
import Testing

/// Stands between a client and the server and cuts the connection at the first COMMIT.
final class CuttingProxy: Sendable {
    enum Cut: String, Sendable, CaseIterable {
        /// The server never hears of the commit.
        case beforeTheServer
        /// The server has committed; its answer never arrives.
        case beforeTheAnswer
    }

    let port: Int
    private let listener: Int32

    /// - Parameter target: The server's port on the loopback interface.
    init(to target: Int, cut: Cut) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        port = try SilentServer.bindToFreePort(listener)
        try #require(listen(listener, 16) == 0)
        DispatchQueue(label: "proxy").async {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                guard SilentServer.connect(server, port: target) else { return }
                DispatchQueue(label: "proxy").async { Self.serve(client, server, cut) }
            }
        }
    }

    func close() {
        _ = shutdown(listener, Int32(SHUT_RDWR))
        _ = Glibc.close(listener)
    }

    private static func serve(_ client: Int32, _ server: Int32, _ cut: Cut) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isCommitting = false
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, -1) > 0 else { break }
            let isFromClient = ends[0].revents != 0
            let count = read(isFromClient ? client : server, &buffer, buffer.count)
            guard count > 0 else { break }
            if isFromClient {
                isCommitting = String(decoding: buffer[..<count], as: UTF8.self).contains("COMMIT\0")
                if isCommitting, cut == .beforeTheServer { break }
            } else if isCommitting {
                break
            }
            guard write(isFromClient ? server : client, buffer, count) == count else { break }
        }
        for end in [client, server] { _ = Glibc.close(end) }
    }
}
#endif
