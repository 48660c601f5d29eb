#if Postgres
import Glibc
import Testing

/// A port of the loopback interface that takes connections and never says anything.
final class SilentServer: Sendable {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        port = try Self.bindToFreePort(descriptor)
        try #require(listen(descriptor, 16) == 0)
    }

    func close() { _ = Glibc.close(descriptor) }

    /// Connects to a port of the loopback interface.
    static func connect(_ descriptor: Int32, port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    static func bindToFreePort(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutableBytes(of: &address) { bytes in
            try bytes.withMemoryRebound(to: sockaddr.self) { pointer in
                try #require(bind(descriptor, pointer.baseAddress, length) == 0)
                try #require(getsockname(descriptor, pointer.baseAddress, &length) == 0)
            }
            return Int(UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self)))
        }
    }
}

/// A port of the loopback interface that nobody listens on.
enum ClosedPort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return try SilentServer.bindToFreePort(descriptor)
    }
}
#endif
