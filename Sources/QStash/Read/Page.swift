/// One page of a listing.
public struct Page<Element: Sendable>: Sendable {
    /// What the page holds, in the order of the listing; may be empty although there are more pages.
    public var elements: [Element]

    /// Where the next page begins; nil on the last page.
    public var next: Cursor?

    /// A page with its parts.
    public init(elements: [Element], next: Cursor? = nil) {
        self.elements = elements
        self.next = next
    }
}

extension Page: Equatable where Element: Equatable {}

extension Page where Element: Decodable {
    /// Reads the wire's form: the elements under a name of their own, and a cursor that is missing or empty at the end.
    init(from decoder: any Decoder, elements name: AnswerFields.Name) throws {
        let fields = try AnswerFields(from: decoder)
        self.init(
            elements: try fields.container.decode([Element].self, forKey: name),
            next: try fields.identifier("cursor")
        )
    }
}
