/// Base64 of RFC 4648, section 4, with padding: bodies in callbacks and logs.
package enum Base64 {
    /// The bytes as text.
    package static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { Base64Codec.encode($0, .standard, isPadded: true) }
    }

    /// Writes the bytes as text to the end of `output`.
    package static func append(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        Base64Codec.append(bytes, to: &output, .standard, isPadded: true)
    }

    /// The bytes of a text, with its padding or without any; nil when it is not base64.
    package static func decode(_ text: String) -> [UInt8]? {
        let characters = text.utf8.span
        return Base64Codec.decode(characters, .standard)
    }
}
