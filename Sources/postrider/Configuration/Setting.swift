/// One setting: how it is named, what it takes, and what it is when nothing is said.
///
/// The table of docs/OPERATIONS.md is compared with this one by a test. Each key is a flag (`--set key=value`, the common ones
/// `--key value`), a variable (`POSTRIDER_KEY`) and a key of the configuration file; flag over environment over file.
struct Setting: Sendable {
    /// What a setting takes.
    enum Kind: Sendable, Equatable {
        case text
        /// A whole number within bounds.
        case number(ClosedRange<Int>)
        /// `true` or `false`; a flag without a value means true.
        case truth
        /// One of these words.
        case choice([String])
        /// A duration as on the wire (`90s`, `1h30m`), in whole seconds within bounds.
        case duration(ClosedRange<Int64>)
        /// Several texts, separated by commas.
        case list
    }

    let key: String
    let kind: Kind
    /// The text that stands for "nothing was said"; empty when the setting is then absent.
    let standard: String
    /// The unit of a number; empty for others.
    let unit: String
    let help: String
    /// Other environment names that are accepted, from the protocol's documentation; the first that says something counts.
    var aliases: [String] = []
    /// Environment names of other programs' habits: they count for applications alone, and only when the setting itself is not said.
    var fallbacks: [String] = []
    /// True when the value must never be shown.
    var isSecret = false

    /// The environment variable.
    var variable: String { "POSTRIDER_" + key.uppercased().replacing("-", with: "_") }
}
