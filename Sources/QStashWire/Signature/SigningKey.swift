import Crypto

/// A key that messages are signed with, ready for use.
///
/// The key is the UTF-8 form of its text, the `sig_` prefix included; nothing is decoded. Equality takes the same time
/// wherever two keys differ.
package struct SigningKey: Sendable, Equatable {
    private let key: SymmetricKey

    /// A key of the given text; nil when it is empty, because anyone could sign with that.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        key = SymmetricKey(data: Array(text.utf8))
    }

    /// The HMAC-SHA-256 of a message.
    func code(of message: [UInt8]) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: message, using: key)
    }

    /// Whether `code` is the HMAC-SHA-256 of a message, compared in constant time.
    func isCode(_ code: [UInt8], of message: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible {
    /// A fixed text: a key must not reach a log.
    package var description: String { "SigningKey(redacted)" }

    /// The same fixed text.
    package var debugDescription: String { description }
}
