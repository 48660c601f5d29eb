public import HTTPTypes
public import Logging

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a user's endpoint is asked, once it is known who asks.
public struct UserRequest: Sendable {
    /// Who asks.
    public let identity: Identity

    /// Method, path and header fields.
    public let head: HTTPRequest

    /// The whole body.
    public let body: [UInt8]

    /// What the placeholders of the path stand for, percent-decoded.
    public let parameters: [String: String]

    /// Publishes jobs; nil when the server's configuration has no publisher.
    public let publisher: JobPublisher?

    /// Where the framework keeps its data.
    public let storage: JobStorage

    /// The time that the server runs by.
    public let clock: any JobClock

    /// The server's logger.
    public let logger: Logger

    /// The time of day.
    public var now: Date { clock.now }

    /// The body as a type.
    ///
    /// - Throws: ``UserError`` with status 400 and code `invalid_request`, which tells everything that is wrong and where.
    public func decode<Value: Decodable>(_ type: Value.Type, unknownKeys: UnknownKeys = .ignored) throws -> Value {
        let (value, issues) = ParameterDecoder.decode(type, from: try json(), unknownKeys: unknownKeys)
        guard let value, issues.isEmpty else { throw UserError.invalid(issues) }
        return value
    }

    /// The body as the parameters of a job, validated.
    ///
    /// - Throws: ``UserError`` with status 400 and code `invalid_request`, which tells everything that is wrong and where.
    public func decode<Parameters: JobParameters>(_ type: Parameters.Type) throws -> Parameters {
        switch DecodedParameters<Parameters>(json: try json()) {
        case .valid(let parameters): return parameters
        case .invalid(let issues): throw UserError.invalid(issues)
        case .malformed(let why): throw UserError.malformed(why)
        }
    }

    private func json() throws -> JSONValue {
        do { return try JSONValue.parsing(body) } catch { throw UserError.malformed(error.description) }
    }
}
