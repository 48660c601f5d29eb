import Crypto

/// A key that messages are signed with, ready for use.
///
/// The key is the UTF-8 form of its text, the `sig_` prefix included; nothing is decoded. Equality takes the same time
/// wherever two keys differ.
package struct SigningKey: Sendable, Equatable {
    private let key: SymmetricKey

    /// Has taken in the key already, which is a good part of the work for a short message.
    private let keyed: HMAC<SHA256>

    /// A key of the given text; nil when it is empty, because anyone could sign with that.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        key = SymmetricKey(data: Array(text.utf8))
        keyed = HMAC<SHA256>(key: key)
    }

    /// Whether two keys are the same, compared in constant time.
    package static func == (lhs: SigningKey, rhs: SigningKey) -> Bool {
        lhs.key == rhs.key
    }

    /// The HMAC-SHA-256 of a message.
    func code(of message: [UInt8]) -> HMAC<SHA256>.MAC {
        var hmac = keyed
        hmac.update(data: message)
        return hmac.finalize()
    }

    /// Whether `code` is the HMAC-SHA-256 of a message, compared in constant time.
    func isCode(_ code: [UInt8], of message: [UInt8]) -> Bool {
        // Codes compare themselves with bytes in constant time.
        self.code(of: message) == code
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text: a key must not reach a log.
    package var description: String { "SigningKey(redacted)" }

    /// The same fixed text.
    package var debugDescription: String { description }

    /// No children, so that a dump shows nothing of the key.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
