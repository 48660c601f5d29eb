import Logging
import QStashWire

/// The pairs of signing keys that a receiver verifies with, ready for use.
struct ReceiverKeys: Sendable {
    /// The keys of a development server's first user, which the protocol's documentation publishes.
    static let development = (
        current: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", next: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"
    )

    /// The current key and the next; nil when there are pairs of regions only.
    private let ownPair: [SigningKey]?

    /// The current key and the next of each region that has both.
    private let regionPairs: [QStashRegion: [SigningKey]]

    /// One pair.
    ///
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the key that is empty.
    init(current: String, next: String) throws(QStashError) {
        guard let currentKey = SigningKey(current) else { throw Self.empty("currentSigningKey") }
        guard let nextKey = SigningKey(next) else { throw Self.empty("nextSigningKey") }
        try Self.refuseBlanks(in: current, option: "currentSigningKey")
        try Self.refuseBlanks(in: next, option: "nextSigningKey")
        self.init(ownPair: [currentKey, nextKey], regionPairs: [:])
    }

    /// A key with a newline, as a file that ends in one gives it, would refuse every delivery and not say why.
    private static func refuseBlanks(in key: String, option: String) throws(QStashError) {
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw QStashError(
                .configurationInvalid,
                "\(option) has a blank, a newline or another character that no signing key has",
                option: option
            )
        }
    }

    private init(ownPair: [SigningKey]?, regionPairs: [QStashRegion: [SigningKey]]) {
        self.ownPair = ownPair
        self.regionPairs = regionPairs
    }

    /// The pairs that environment variables give (wire reference, sections 24.3 and 25).
    ///
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming a variable that is missing, when there is no pair at all.
    init(environment: [String: String], logger: Logger?) throws(QStashError) {
        if environment["QSTASH_DEV"].map(ServerCredentials.isTrue) == true {
            logger?.warning("signatures are verified with the public keys of a development server")
            try self.init(current: Self.development.current, next: Self.development.next)
            return
        }
        for prefix in ["", "EU_CENTRAL_1_", "US_EAST_1_"] {
            for name in ["\(prefix)QSTASH_CURRENT_SIGNING_KEY", "\(prefix)QSTASH_NEXT_SIGNING_KEY"] {
                if let key = environment[name] { try Self.refuseBlanks(in: key, option: name) }
            }
        }
        let regionPairs = Self.regionPairs(in: environment, logger: logger)
        let own = PairVariables(prefix: "", environment: environment)
        guard own.pair != nil || !regionPairs.isEmpty else {
            throw QStashError(
                .configurationInvalid,
                """
                no pair of signing keys: set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY, \
                or QSTASH_REGION and the pair of a region
                """,
                option: own.missing.first
            )
        }
        if own.isIncomplete { Self.warn(of: own, logger) }
        self.init(ownPair: own.pair, regionPairs: regionPairs)
    }

    /// The pair for a request; nil when there is none.
    ///
    /// - Parameter region: The region that the request names, unchecked; a region without a pair counts as none named.
    func pair(for region: String?) -> [SigningKey]? {
        if !regionPairs.isEmpty, let region, let known = QStashRegion(name: region), let pair = regionPairs[known] {
            return pair
        }
        return ownPair
    }

    private static func regionPairs(in environment: [String: String], logger: Logger?) -> [QStashRegion: [SigningKey]] {
        guard let name = environment["QSTASH_REGION"], !name.isEmpty else { return [:] }
        let home = QStashRegion(name: name)
        if home == nil { logger?.warning("QSTASH_REGION is neither EU_CENTRAL_1 nor US_EAST_1") }
        var pairs: [QStashRegion: [SigningKey]] = [:]
        for region in [QStashRegion.euCentral1, .usEast1] {
            let variables = PairVariables(prefix: "\(region.variablePrefix)_", environment: environment)
            pairs[region] = variables.pair
            // No key of a region other than the own one is no mistake: its messages may never come here.
            if variables.isIncomplete || (variables.pair == nil && region == home) { warn(of: variables, logger) }
        }
        return pairs
    }

    private static func warn(of variables: PairVariables, _ logger: Logger?) {
        logger?.warning(
            "a pair of signing keys is incomplete and passed over",
            metadata: ["missing": "\(variables.missing.joined(separator: ", "))"]
        )
    }

    private static func empty(_ option: String) -> QStashError {
        QStashError(.configurationInvalid, "\(option) is empty: both signing keys are needed", option: option)
    }
}

/// The two variables of one pair.
private struct PairVariables {
    /// The current key and the next, when both are there.
    let pair: [SigningKey]?

    /// The names of the variables that are not set, or empty.
    let missing: [String]

    /// Whether one is there and the other is not.
    var isIncomplete: Bool { missing.count == 1 }

    init(prefix: String, environment: [String: String]) {
        var keys: [SigningKey] = []
        var missing: [String] = []
        for name in ["\(prefix)QSTASH_CURRENT_SIGNING_KEY", "\(prefix)QSTASH_NEXT_SIGNING_KEY"] {
            if let key = environment[name].flatMap(SigningKey.init) {
                keys.append(key)
            } else {
                missing.append(name)
            }
        }
        self.pair = missing.isEmpty ? keys : nil
        self.missing = missing
    }
}
