import HTTPTypes
import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request to a hook, and what its steps share.
struct WebhookVisit: Sendable {
    let request: JobRequest
    let environment: JobEnvironment
    let span: any Span
    let logger: Logger
    /// When it came.
    let now: Date

    /// The sender's address by which requests are counted; nil when nobody knows it.
    ///
    /// Header fields count only behind a proxy that sets them: anyone else could make up an address for each request.
    var clientAddress: String? {
        guard environment.configuration.trustsProxy else { return request.remoteAddress }
        let fields = request.head.headerFields
        let forwarded = fields[Self.forwardedFor]?.split(separator: ",", omittingEmptySubsequences: false).first
        let candidates = [fields[Self.realIP], forwarded.map { String($0) }, fields[Self.connectingIP]]
        return candidates.lazy.compactMap { $0.flatMap(Self.address) }.first ?? request.remoteAddress
    }

    /// The bucket of the rate limit; the address itself is kept nowhere.
    var rateLimitIdentifier: String {
        clientAddress.map { "ip:\(Hexadecimal.digest(of: $0))" } ?? "ip:unknown"
    }

    private static let realIP = HTTPField.Name.known("X-Real-IP")
    private static let forwardedFor = HTTPField.Name.known("X-Forwarded-For")
    private static let connectingIP = HTTPField.Name.known("CF-Connecting-IP")

    /// A value without blanks around it; nil when nothing is left, or more than an address can have.
    private static func address(_ text: String) -> String? {
        let blanks: Set<Character> = [" ", "\t"]
        let begin = text.drop { blanks.contains($0) }
        guard let end = begin.lastIndex(where: { !blanks.contains($0) }), begin.utf8.count <= 128 else { return nil }
        return String(begin[...end])
    }
}
