/// The headers forwarded to one recipient: first those from headers, then those from the query that are not among them.
struct ForwardList {
    private(set) var fields: [HeaderField] = []
    private var sealedCount = 0

    /// Ends the headers: what the query brings from now on must not repeat their names.
    mutating func seal() {
        sealedCount = fields.count
    }

    /// Appends a header, unless a header of the request named it before the list was sealed.
    mutating func append(_ field: HeaderField, budget: inout HeaderBudget) throws(WireError) {
        guard sealedCount == 0 || !fields[..<sealedCount].contains(where: { $0.name == field.name }) else { return }
        try budget.spend(field)
        fields.append(field)
    }

    /// Removes and returns the headers of a canonical name.
    mutating func remove(named name: String) -> [HeaderField] {
        let removed = fields.filter { $0.name == name }
        if !removed.isEmpty { fields.removeAll { $0.name == name } }
        return removed
    }
}

/// The bytes that the forwarded headers of one message and its callbacks may still use.
struct HeaderBudget {
    /// Bytes that a header line has besides name and value: colon, blank, CR, LF.
    private static let lineBytes = 4

    private let bytesMax: Int
    private var bytesLeft: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        self.bytesLeft = bytesMax
    }

    /// Takes the bytes of one header.
    ///
    /// - Throws: ``WireError`` with code `headersTooLarge` when they are used up.
    mutating func spend(_ field: HeaderField) throws(WireError) {
        bytesLeft -= field.name.utf8.count + field.value.utf8.count + Self.lineBytes
        guard bytesLeft >= 0 else {
            throw WireError(
                .headersTooLarge,
                "the forwarded headers exceed \(bytesMax) bytes: move data to the body"
            )
        }
    }
}
