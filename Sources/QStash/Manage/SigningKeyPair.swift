/// The keys that deliveries are signed with: the current one, and the one that takes its place at the next rotation.
///
/// Both are secrets; neither a description nor a dump shows them.
public struct SigningKeyPair: Sendable, Hashable {
    /// The key that signs now.
    public let current: String

    /// The key that signs after the next rotation.
    public let next: String

    /// A pair of keys.
    public init(current: String, next: String) {
        self.current = current
        self.next = next
    }
}

extension SigningKeyPair: Decodable {
    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        self.init(current: try fields.requiredText("current"), next: try fields.requiredText("next"))
    }
}

extension SigningKeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type's name; never a key.
    public var description: String { "SigningKeyPair(redacted)" }

    /// The same text.
    public var debugDescription: String { description }

    /// Nothing, so that a dump does not show the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
