/// Why the server does not start, in words that say what to do.
struct StartError: Error, CustomStringConvertible {
    let description: String
    /// Whether the same start may work later, with nothing changed.
    let isPassing: Bool

    init(_ description: String, isPassing: Bool = false) {
        self.description = description
        self.isPassing = isPassing
    }
}
