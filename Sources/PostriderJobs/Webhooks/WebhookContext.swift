public import HTTPTypes
public import Logging
public import Tracing

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What the handler of a webhook has beside the event.
public struct WebhookContext: Sendable {
    /// The name of the hook.
    public let name: String

    /// What tells this event from all others; the same when the sender sends it again.
    public let eventKey: String

    /// Head of the request; signed or not, depending on the scheme.
    public let head: HTTPRequest

    /// The body, byte for byte.
    public let body: [UInt8]

    /// When the request came.
    public let now: Date

    /// The server's publisher; nil when none is configured.
    public let publisher: JobPublisher?

    /// Logs with the name of the hook and the event key.
    public let logger: Logger

    /// The span of this request.
    public let span: any Span
}
