#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A call that did not succeed: refused before anything was sent, refused by the server, or left without an answer.
public struct QStashError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What went wrong, stable across releases.
    public let code: Code

    /// What went wrong and what to do, in one line; of a server's refusal the server's own text.
    ///
    /// May repeat names and limits, never tokens, bodies or signatures.
    public let detail: String

    /// The name of the option that is wrong, such as `delay` or `callback.url`; nil when no option is.
    public internal(set) var option: String?

    /// The HTTP status of the server's answer; nil when there was none.
    public internal(set) var status: Int?

    /// The stable code that Postrider gives in its answers, such as `name_invalid`; nil when the server gave none.
    public internal(set) var serverCode: String?

    /// The text of the server's error; nil when there was no answer.
    public internal(set) var serverMessage: String?

    /// The limit that was met, of an answer 429 that says so.
    public internal(set) var rateLimit: RateLimit?

    /// The error of the layer below, if there is one.
    public internal(set) var underlying: (any Error)?

    /// An error with its code and detail.
    public init(_ code: Code, _ detail: String, option: String? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.option = option
        self.underlying = underlying
    }

    /// Code, option and status; the detail, which may hold what a server wrote, is in ``debugDescription``.
    public var description: String {
        var text = "QStashError \(code)"
        if let option { text += ", option \(option)" }
        if let status { text += ", status \(status)" }
        if let serverCode { text += ", \(serverCode)" }
        return text
    }

    /// The description with the detail.
    public var debugDescription: String { "\(description): \(detail)" }

    /// How many calls are allowed, how many are left, and when they are allowed again.
    public struct RateLimit: Sendable, Hashable {
        /// Calls allowed in a window; nil when the server did not say.
        public var limit: Int?
        /// Calls left in this window; nil when the server did not say.
        public var remaining: Int?
        /// When the window ends; nil when the server did not say.
        public var resetsAt: Date?

        /// A limit with its parts.
        public init(limit: Int? = nil, remaining: Int? = nil, resetsAt: Date? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.resetsAt = resetsAt
        }
    }
}
