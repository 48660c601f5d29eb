public import HTTPTypes
import Logging

/// An endpoint for users: who asks is known before anything is read.
struct UserEndpoint: Endpoint {
    let method: HTTPRequest.Method
    let path: RoutePath
    let bodyBytesMax: Int
    let handle: @Sendable (UserRequest) async throws -> UserAnswer

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        let identity: Identity
        do {
            guard let found = try await environment.identity.identity(of: request) else {
                return StatusAccess.unauthorized.response
            }
            identity = found
        } catch {
            environment.logger.warning("user_endpoint.identity_failed", metadata: ["error": "\(ErrorText.of(error))"])
            return StatusAccess.unavailable.response
        }
        guard let body = await Self.body(of: request, upTo: bodyBytesMax) else {
            return JobAnswer.error(400, "invalid_request", "the body could not be read").response
        }
        guard case .bytes(let bytes) = body else {
            let extras: [String: JSONValue] = ["bytesMax": .integer(Int64(bodyBytesMax))]
            return JobAnswer.error(413, "payload_too_large", "the body is too large", extras: extras).response
        }
        let userRequest = UserRequest(
            identity: identity,
            head: request.head,
            body: bytes,
            parameters: parameters,
            publisher: environment.configuration.publisher,
            storage: environment.storage,
            clock: environment.clock,
            logger: environment.logger
        )
        return await response(to: userRequest, in: environment)
    }

    private func response(to request: UserRequest, in environment: JobEnvironment) async -> JobResponse {
        do {
            return try await handle(request).response
        } catch let error as UserError {
            return error.answer.response
        } catch let error as JobsError where error.code == .storeUnavailable {
            environment.logger.warning("user_endpoint.unavailable", metadata: ["error": "\(ErrorText.of(error))"])
            return StatusAccess.unavailable.response
        } catch {
            // What went wrong inside is nobody's business outside.
            environment.logger.error(
                "user_endpoint.failed",
                metadata: ["path": "\(path.text)", "error": "\(ErrorText.of(error))"]
            )
            return JobAnswer.error(500, "internal", "the request failed").response
        }
    }

    private enum Body {
        case bytes([UInt8])
        case tooLarge
    }

    /// The body; nil when it cannot be read.
    private static func body(of request: JobRequest, upTo bytesMax: Int) async -> Body? {
        if let announced = request.head.headerFields[.contentLength].flatMap({ Int($0) }), announced > bytesMax {
            return .tooLarge
        }
        do {
            guard let bytes = try await request.body.bytes(upTo: bytesMax) else { return .tooLarge }
            return .bytes(bytes)
        } catch {
            return nil
        }
    }
}

extension JobRoutes {
    /// Adds an endpoint for users.
    ///
    /// Without an identity the answer is 401, before the body is read; with a body that is too long 413. What the handler throws is answered
    /// as ``UserError`` says, as 503 when a store is down, and as 500 without a word about it otherwise.
    ///
    /// - Parameters:
    ///   - path: Begins with `/`; `{name}` is a placeholder for one segment.
    ///   - bodyBytesMax: The longest body, in bytes.
    public mutating func user(
        _ method: HTTPRequest.Method,
        _ path: String,
        bodyBytesMax: Int = 65_536,
        handler: @escaping @Sendable (_ request: UserRequest) async throws -> UserAnswer
    ) {
        add(UserEndpoint(method: method, path: RoutePath(path), bodyBytesMax: bodyBytesMax, handle: handler))
    }
}
