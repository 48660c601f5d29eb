import FoundationEssentials
import Glibc
import PostriderAPI
import PostriderCore

/// Who may call and with which keys messages are signed: what was given, and what the data folder keeps (decisions 2 to 4).
struct Credentials: Sendable {
    /// What the settings say.
    struct Given: Sendable {
        /// The token of the account `default`; nil means the folder's.
        var token: String?
        var others: [TokenTable.Token]
        /// The signing keys to begin with; nil means the store's own.
        var keys: SigningKeyRecord.Pair?

        private static let devToken = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0="
        private static let devKeys = SigningKeyRecord.Pair(
            current: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
            next: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"
        )

        /// - Parameter areOwn: False when `token` and the signing keys are those of a broker elsewhere.
        /// - Throws: ``SettingError`` when a token is malformed or only one key is given.
        init(_ values: SettingValues, isDev: Bool, areOwn: Bool = true) throws {
            if isDev {
                token = Self.devToken
                others = []
                keys = Self.devKeys
                return
            }
            token = areOwn ? values.text("token") : nil
            others = try values.list("tokens").map(Self.token)
            switch (values.text("current-signing-key"), values.text("next-signing-key")) {
            case _ where !areOwn: keys = nil
            case (nil, nil): keys = nil
            case (let current?, let next?): keys = SigningKeyRecord.Pair(current: current, next: next)
            default: throw SettingError("current-signing-key and next-signing-key are given together")
            }
        }

        private static func token(_ text: String) throws -> TokenTable.Token {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            let access = parts.count == 3 ? TokenTable.Access(rawValue: parts[2]) : .full
            guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].utf8.count >= 16, let access else {
                throw SettingError(
                    "the setting tokens takes account:secret or account:secret:read-only, secrets of at least 16 characters"
                )
            }
            return TokenTable.Token(account: Account(name: parts[0]), secret: parts[1], access: access)
        }
    }

    /// The file that keeps the token, for the owner's eyes alone.
    private static let tokenFile = "token"
    /// Beside the token's file: says that the token was given, so that one no longer given is no longer in force.
    private static let givenMark = ".given"
    private static let tokenCharacters = 44

    /// Every token in force.
    let tokens: TokenTable
    /// Where the token of the account `default` can be read.
    let tokenPath: String
    /// The accounts there are.
    let accounts: [Account]
    /// The token of the account `default`; shown on a terminal only.
    let secret: String

    /// Puts the credentials in force; makes the folder's token when there is none.
    ///
    /// - Throws: ``StartError`` when the token's file cannot be read or written.
    init(_ given: Given, folder: String, random: any RandomSource) throws {
        tokenPath = folder + "/" + Self.tokenFile
        if let token = given.token {
            secret = token
            // The file always says what is in force, so that the line shown at start works.
            if Self.read(tokenPath) != token { try Self.write(token, to: tokenPath) }
            try Self.write("given", to: tokenPath + Self.givenMark)
        } else if let kept = Self.read(tokenPath), !kept.isEmpty, Self.read(tokenPath + Self.givenMark) == nil {
            secret = kept
        } else {
            secret = random.text(count: Self.tokenCharacters)
            try Self.write(secret, to: tokenPath)
            unlink(tokenPath + Self.givenMark)
        }
        tokens = TokenTable([.init(account: .standard, secret: secret, access: .full)] + given.others)
        accounts = Array(Set([.standard] + given.others.map(\.account))).sorted()
    }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { data in
            String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        }
    }

    /// Writes beside and renames, with the mode set before anything is in the file.
    private static func write(_ secret: String, to path: String) throws {
        let beside = path + ".new"
        unlink(beside)
        let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StartError("the token cannot be written to \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        let bytes = Array((secret + "\n").utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(file) == 0, rename(beside, path) == 0 else {
            throw StartError("the token cannot be written to \(path): \(String(cString: strerror(errno)))")
        }
    }
}
