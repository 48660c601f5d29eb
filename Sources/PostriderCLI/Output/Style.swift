/// Colours, where the reader has them.
package struct Style: Sendable, Hashable {
    /// What a piece of text says besides its words.
    package enum Role: Sendable, Hashable {
        case plain
        case strong
        case faint
        case good
        case warning
        case bad

        /// The parameter of the terminal's "select graphic rendition"; nil for none.
        fileprivate var parameter: String? {
            switch self {
            case .plain: nil
            case .strong: "1"
            case .faint: "2"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            }
        }
    }

    /// No colours: files, pipes, and terminals without.
    package static let plain = Style(isColored: false)

    /// Whether colours are used.
    package let isColored: Bool

    /// A style with or without colours.
    package init(isColored: Bool) {
        self.isColored = isColored
    }

    /// The text in the colour of its role; the text itself must be safe for a terminal (``VisibleText``).
    package func text(_ text: String, _ role: Role) -> String {
        guard isColored, let parameter = role.parameter, !text.isEmpty else { return text }
        return "\u{1B}[\(parameter)m\(text)\u{1B}[0m"
    }
}
