extension String {
    /// Whether an argument was no UTF-8: what is not is replaced before a command sees it, and would be sent changed.
    var isRepaired: Bool { unicodeScalars.contains("\u{FFFD}") }
}
