package import HTTPTypes
package import PostriderBroker
package import PostriderCore
package import QStashWire

/// An answer that says what was wrong: a status, a text for people and a code for programs.
package struct APIError: Error, Equatable {
    package var status: HTTPResponse.Status
    /// A stable word, `code` in the answer (docs/WIRE.md, "Errors").
    package var code: String
    /// `error` in the answer: the field clients read.
    package var message: String
    /// Sent as `Allow` with 405, as `Retry-After` with 429 and 503.
    package var headers: HTTPFields = [:]

    package init(_ status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
    }

    package init(_ error: WireError) {
        self.init(HTTPResponse.Status(code: error.status), code: error.code.rawValue, message: error.message)
    }

    package init(_ error: BrokerError) {
        switch error.code {
        case .overloaded:
            self.init(.tooManyRequests, code: error.code.rawValue, message: error.message, headers: [.retryAfter: "1"])
        case .messageNotFound, .deadLetterNotFound:
            self.init(.notFound, code: error.code.rawValue, message: error.message)
        default:
            self.init(.badRequest, code: error.code.rawValue, message: error.message)
        }
    }

    package init(_ error: StoreError) {
        switch error.code {
        case .full:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"),
                code: error.code.rawValue,
                message: "the disk is full: nothing was stored"
            )
        case .uncertain:
            self.init(
                .serviceUnavailable,
                code: error.code.rawValue,
                message: "the store failed: what was asked may have been stored all the same",
                headers: [.retryAfter: "1"]
            )
        default:
            self.init(
                .serviceUnavailable,
                code: error.code.rawValue,
                message: "the store is not available: nothing was stored",
                headers: [.retryAfter: "1"]
            )
        }
    }

    /// What the answer for any error thrown below is; one that is not ours shows nothing of itself.
    package static func from(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: error
        case let error as WireError: APIError(error)
        case let error as BrokerError: APIError(error)
        case let error as StoreError: APIError(error)
        default: APIError(.internalServerError, code: "internal_error", message: "internal error")
        }
    }

    static let unauthorized = APIError(
        .unauthorized,
        code: "unauthorized",
        message: "unable to authenticate: invalid token"
    )
    static let readOnly = APIError(
        .forbidden,
        code: "read_only_token",
        message: "this token may only read; use a token with full access"
    )
    static let notFound = APIError(.notFound, code: "not_found", message: "no such resource")

    static func bodyTooLarge(limit: Int) -> APIError {
        APIError(.contentTooLarge, code: "body_too_large", message: "the body is larger than \(limit) bytes")
    }

    /// A part of the protocol that a later version serves.
    static func notYet(_ what: String) -> APIError {
        APIError(.badRequest, code: "not_supported_yet", message: "\(what) is not supported yet by this server")
    }
}
