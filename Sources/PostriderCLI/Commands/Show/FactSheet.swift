/// What is known of one thing: names in a column, and what they stand for beside them.
struct FactSheet {
    private var facts: [(name: String, value: String, role: Style.Role)] = []

    /// Adds a fact, unless there is none; the value may be any text, from whomever it may come.
    mutating func add(_ name: String, _ value: String?, _ role: Style.Role = .plain) {
        guard let value, !value.isEmpty else { return }
        facts.append((name, VisibleText.line(value), role))
    }

    /// The lines, each ending in a newline.
    func text(style: Style) -> String {
        let width = facts.map { DisplayWidth.of($0.name) }.max() ?? 0
        return facts.map { fact in
            let blanks = DisplayWidth.blanks(after: fact.name, to: width)
            return "\(style.text(fact.name, .faint))\(blanks)  \(style.text(fact.value, fact.role))\n"
        }.joined()
    }
}
