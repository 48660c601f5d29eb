extension QStashError {
    /// What went wrong: a stable name that programs may compare and log.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case optionInvalid = "option_invalid"
            case identifierEmpty = "identifier_empty"
            case listEmpty = "list_empty"
            case filterEmpty = "filter_empty"
            case configurationInvalid = "configuration_invalid"
            case badRequest = "bad_request"
            case unauthorized
            case forbidden
            case notFound = "not_found"
            case conflict
            case quotaExceeded = "quota_exceeded"
            case tooLarge = "too_large"
            case dailyLimit = "daily_limit"
            case burstLimit = "burst_limit"
            case chatLimit = "chat_limit"
            case overloaded
            case serverFailure = "server_failure"
            case answerInvalid = "answer_invalid"
            case unreachable
            case timedOut = "timed_out"
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The name as it is logged.
        public var description: String { name.rawValue }

        /// An option has a value that cannot work; nothing was sent.
        public static let optionInvalid = Code(.optionInvalid)
        /// An identifier is empty; nothing was sent.
        public static let identifierEmpty = Code(.identifierEmpty)
        /// A list of identifiers or items is empty; nothing was sent.
        public static let listEmpty = Code(.listEmpty)
        /// A filter of a cancel, delete or retry has no condition, and would mean everything; nothing was sent.
        public static let filterEmpty = Code(.filterEmpty)
        /// The client cannot be set up as told: token, URL, region or key.
        public static let configurationInvalid = Code(.configurationInvalid)
        /// The server refused the request as malformed (400, or a 4xx without a code of its own here).
        public static let badRequest = Code(.badRequest)
        /// The token is missing or wrong (401).
        public static let unauthorized = Code(.unauthorized)
        /// The token may not do this (403).
        public static let forbidden = Code(.forbidden)
        /// What was named does not exist, or does no more (404).
        public static let notFound = Code(.notFound)
        /// The state of what was named does not allow it (409).
        public static let conflict = Code(.conflict)
        /// A limit of the plan or of the server's configuration would be exceeded (412).
        public static let quotaExceeded = Code(.quotaExceeded)
        /// The body is larger than the server takes (413).
        public static let tooLarge = Code(.tooLarge)
        /// The daily number of messages is used up (429 with `RateLimit-*`).
        public static let dailyLimit = Code(.dailyLimit)
        /// Too many calls in a second (429 with `Burst-RateLimit-*`).
        public static let burstLimit = Code(.burstLimit)
        /// The limit of the language model proxy (429 with `x-ratelimit-*`).
        public static let chatLimit = Code(.chatLimit)
        /// The server has no room now, or an action is still going on (429 without such headers, 503, 507).
        public static let overloaded = Code(.overloaded)
        /// The server failed (5xx).
        public static let serverFailure = Code(.serverFailure)
        /// The server's answer is not what the protocol says.
        public static let answerInvalid = Code(.answerInvalid)
        /// No answer came: the connection failed.
        public static let unreachable = Code(.unreachable)
        /// No answer came in time.
        public static let timedOut = Code(.timedOut)
    }
}
