import NIOCore
import NIOHTTP1
import NIOSSL
import PostriderAddressGuard
import PostriderCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension AttemptFailure {
    /// The deadline over the whole exchange has passed; `stage` says during what.
    static func timedOut(while stage: String) -> AttemptFailure {
        // The words of the protocol's cloud service, which people search their logs for.
        AttemptFailure(code: .timedOut, detail: "context deadline exceeded while \(stage)")
    }

    /// The calling task was cancelled, or the client has been shut down.
    static var abandoned: AttemptFailure {
        AttemptFailure(code: .abandoned, detail: "the delivery was abandoned")
    }

    /// Translates an error of connecting to one address.
    static func connecting(to address: IPAddress, port: Int, _ error: any Error) -> AttemptFailure {
        let place = address.family == .v6 ? "[\(address.text)]:\(port)" : "\(address.text):\(port)"
        guard let error = error as? IOError else {
            return AttemptFailure(code: .connectionFailed, detail: "connecting to \(place) failed")
        }
        if error.errnoCode == ECONNREFUSED {
            return AttemptFailure(code: .connectionRefused, detail: "\(place) refused the connection")
        }
        return AttemptFailure(
            code: .connectionFailed,
            detail: "connecting to \(place) failed: \(systemText(error.errnoCode))"
        )
    }

    /// Translates an error on an open connection, TLS handshake included.
    static func exchanging(_ error: any Error) -> AttemptFailure {
        switch error {
        case HTTPParserError.headerOverflow:
            return .responseHeadersTooLarge
        case HTTPParserError.invalidEOFState:
            return AttemptFailure(code: .connectionClosed, detail: "the connection ended within the answer")
        case let error as HTTPParserError:
            return AttemptFailure(code: .protocolError, detail: "the answer is not HTTP/1.1: \(error)")
        case is NIOHTTPDecoderError:
            return AttemptFailure(code: .protocolError, detail: "the destination sent an answer without a request")
        case is NIOSSLExtraError:
            return .certificateForAnotherHost
        case is NIOSSLError, is BoringSSLError:
            return AttemptFailure(code: .tlsFailed, detail: "TLS failed\(tlsReason(error))")
        case let error as IOError:
            return AttemptFailure(
                code: .connectionClosed,
                detail: "the connection broke: \(systemText(error.errnoCode))"
            )
        default:
            return AttemptFailure(code: .connectionClosed, detail: "the connection broke")
        }
    }

    /// The destination's certificate names neither the host nor, for an address, the address.
    static var certificateForAnotherHost: AttemptFailure {
        AttemptFailure(code: .tlsFailed, detail: "the certificate is not valid for this host")
    }

    /// The head of the answer is larger than the bound.
    static var responseHeadersTooLarge: AttemptFailure {
        AttemptFailure(code: .responseHeadersTooLarge, detail: "the head of the answer is too large")
    }

    /// The words of TLS for what went wrong, for example `: CERTIFICATE_VERIFY_FAILED`.
    ///
    /// The library's own description carries source paths and line numbers, which are nobody's business.
    private static func tlsReason(_ error: any Error) -> String {
        let marker = "OPENSSL_internal:"
        let text = String(describing: error)
        guard let start = text.firstRange(of: marker)?.upperBound else { return "" }
        let reason = text[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return reason.isEmpty ? "" : ": \(reason)"
    }

    private static func systemText(_ code: CInt) -> String {
        String(cString: strerror(code))
    }
}
