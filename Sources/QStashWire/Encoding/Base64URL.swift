/// Base64 of RFC 4648, section 5, whose characters need no escaping in URLs: tokens and body hashes.
package enum Base64URL {
    /// The bytes as text, without padding unless it is asked for.
    package static func encode(_ bytes: [UInt8], isPadded: Bool = false) -> String {
        bytes.withUnsafeBytes { Base64Codec.encode($0, .url, isPadded: isPadded) }
    }

    /// The bytes of a text, with its padding or without any; nil when it is not base64url.
    package static func decode(_ text: String) -> [UInt8]? {
        let characters = text.utf8.span
        return Base64Codec.decode(characters, .url)
    }
}
