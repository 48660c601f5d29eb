import FoundationEssentials
import QStashWire

/// What is said for each setting, from flags, environment and file, checked.
struct SettingValues: Sendable {
    /// Variables that begin like settings and say something to commands only.
    private static let commandVariables: Set<String> = [
        "POSTRIDER_CONFIG", "POSTRIDER_APPLICATION_URL", "POSTRIDER_USER_TOKEN",
    ]

    private var texts: [String: String] = [:]
    /// What the fallbacks say, by key, with the variable.
    private var fallbacks: [String: (text: String, variable: String)] = [:]

    /// Collects and checks.
    ///
    /// - Parameters:
    ///   - flags: By key.
    ///   - environment: The process's; names beginning `POSTRIDER_` that are no setting are an error.
    ///   - file: The configuration file's bytes; nil when there is none.
    /// - Throws: ``SettingError`` that names the setting and where it came from.
    init(flags: [String: String], environment: [String: String], file: [UInt8]?) throws {
        let known = Dictionary(Setting.all.map { ($0.key, $0) }) { first, _ in first }
        if let file { try take(try Self.entries(of: file), from: "the configuration file", known: known) }
        try take(try Self.entries(of: environment), from: "the environment", known: known)
        if let secret = flags.keys.sorted().first(where: { known[$0]?.isSecret == true }) {
            throw SettingError("\(secret) is a secret: give it by environment or file, others can read a command line")
        }
        try take(flags, from: "the command line", known: known)
        for setting in Setting.all where texts[setting.key] == nil {
            for variable in setting.fallbacks {
                guard let text = environment[variable], !text.isEmpty else { continue }
                fallbacks[setting.key] = (text, variable)
                break
            }
        }
    }

    /// What was said, or the standard; nil when that is empty.
    func text(_ key: String) -> String? {
        let text = texts[key] ?? Self.setting(key).standard
        return text.isEmpty ? nil : text
    }

    /// What another program's variable says, and its name; nil when the setting itself was said, or none of them is set.
    func fallback(_ key: String) -> (text: String, variable: String)? { fallbacks[key] }

    func number(_ key: String) -> Int { text(key).flatMap { Int($0) } ?? 0 }

    func isTrue(_ key: String) -> Bool { text(key) == "true" }

    func seconds(_ key: String) -> Int64 {
        text(key).flatMap { try? WireDuration.seconds(parsing: $0, header: key) } ?? 0
    }

    func list(_ key: String) -> [String] {
        text(key).map { $0.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init) }
            ?? []
    }

    /// True when something was said, in any of the places.
    func isSaid(_ key: String) -> Bool { texts[key] != nil }

    private mutating func take(_ entries: [String: String], from source: String, known: [String: Setting]) throws {
        for (key, text) in entries.sorted(by: { $0.key < $1.key }) {
            guard let setting = known[key] else {
                throw SettingError("unknown setting \(key) in \(source); docs/OPERATIONS.md lists all")
            }
            if let problem = Self.problem(with: text, for: setting) {
                let shown = setting.isSecret ? "" : " is \"\(text.prefix(64))\","
                throw SettingError("the setting \(key) (from \(source))\(shown) but must be \(problem)")
            }
            texts[key] = text
        }
    }

    /// What the text would have to be; nil when it is right.
    private static func problem(with text: String, for setting: Setting) -> String? {
        switch setting.kind {
        case .text, .list:
            return nil
        case .truth:
            return ["true", "false"].contains(text) ? nil : "true or false"
        case .choice(let words):
            return words.contains(text) ? nil : "one of " + words.joined(separator: ", ")
        case .number(let bounds):
            guard let number = Int(text), bounds.contains(number) else {
                return "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            }
            return nil
        case .duration(let bounds):
            guard let seconds = try? WireDuration.seconds(parsing: text, header: setting.key), bounds.contains(seconds)
            else {
                let least = WireDuration.text(seconds: bounds.lowerBound)
                return
                    "a duration such as 90s or 1h30m, from \(least) to \(WireDuration.text(seconds: bounds.upperBound))"
            }
            return nil
        }
    }

    private static func setting(_ key: String) -> Setting {
        guard let setting = Setting.all.first(where: { $0.key == key }) else {
            preconditionFailure("no setting \(key)")
        }
        return setting
    }

    private static func entries(of environment: [String: String]) throws -> [String: String] {
        var entries: [String: String] = [:]
        for setting in Setting.all {
            // An empty variable is the usual way of not saying anything.
            let said = ([setting.variable] + setting.aliases).lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
            if let said { entries[setting.key] = said }
        }
        let known = Set(Setting.all.map(\.variable)).union(commandVariables)
        if let unknown = environment.keys.filter({ $0.hasPrefix("POSTRIDER_") && !known.contains($0) }).min() {
            throw SettingError("unknown setting \(unknown) in the environment; docs/OPERATIONS.md lists all")
        }
        return entries
    }

    private static func entries(of file: [UInt8]) throws -> [String: String] {
        do {
            return try JSONDecoder().decode([String: FileValue].self, from: Data(file)).mapValues(\.text)
        } catch {
            throw SettingError(
                "the configuration file must be one JSON object whose values are texts, numbers, true, false, or lists of texts"
            )
        }
    }

    /// A value of the configuration file, as the text a flag would have.
    private struct FileValue: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let truth = try? container.decode(Bool.self) {
                text = String(truth)
            } else if let number = try? container.decode(Int.self) {
                text = String(number)
            } else if let list = try? container.decode([String].self) {
                text = list.joined(separator: ",")
            } else {
                text = try container.decode(String.self)
            }
        }
    }
}
