extension String {
    /// The text as both databases can keep it: PostgreSQL has no zero character, and would refuse every repetition too.
    var storable: String {
        guard utf8.contains(0) else { return self }
        // U+2400, the symbol for it.
        return String(map { $0 == "\0" ? "\u{2400}" : $0 })
    }
}
