import AsyncHTTPClient
import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension QStashTransportError {
    /// What an error of the HTTP client means: whether anything can have been sent, and whether time ran out.
    init(executing error: any Error) {
        switch error {
        case let error as HTTPClientError:
            self.init(client: error)
        case is NIOTooManyBytesError:
            self.init(reach: .unknown, detail: "the answer is longer than it may be", underlying: error)
        case is NIOConnectionError:
            self.init(reach: .unsent, detail: "no connection to the server", underlying: error)
        // How a server at an address instead of a name says the same. Other numbers may come from a connection that was in use.
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            self.init(reach: .unsent, detail: "no connection to the server", underlying: error)
        default:
            self.init(reach: .unknown, detail: "the connection failed", underlying: error)
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout:
            self.init(reach: .unsent, isTimeout: true, detail: "no connection to the server in time", underlying: error)
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            self.init(reach: .unknown, isTimeout: true, detail: "the server took too long", underlying: error)
        case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown, .contentLengthMissing:
            self.init(reach: .unsent, detail: "\(error.shortDescription)", underlying: error)
        default:
            self.init(reach: .unknown, detail: "\(error.shortDescription)", underlying: error)
        }
    }
}
