/// Percent-encoding of URLs, decoded exactly once and only where the contract says so.
package enum PercentEncoding {
    /// The text with every `%XX` decoded, or nil for a broken escape or bytes that are not UTF-8.
    ///
    /// For a key in the request path, for example a flow-control key: the rest of the path is taken verbatim and decoded
    /// here in one go, so that keys with `/` and `%` survive.
    ///
    /// - Parameter plusIsBlank: whether `+` means a blank, as in form-encoded query values.
    package static func decode(_ text: String, plusIsBlank: Bool = false) -> String? {
        let bytes = text.utf8.span
        return decode(bytes, plusIsBlank: plusIsBlank)
    }

    static func decode(_ bytes: Span<UInt8>, plusIsBlank: Bool) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard
                    bytes.count - index > 2,
                    let high = bytes[index + 1].hexadecimalValue,
                    let low = bytes[index + 2].hexadecimalValue
                else { return nil }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsBlank && byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// The text as it may stand in one segment of a path or in one value of a query.
    ///
    /// Everything but unreserved characters (RFC 3986) is `%XX` of its UTF-8 bytes.
    package static func encode(_ text: String) -> String {
        encode(text, unless: isUnreserved)
    }

    /// Whether a byte is a letter, a digit, `-`, `.`, `_` or `~`.
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        if byte.isASCIILetter || byte.isASCIIDigit { return true }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): return true
        default: return false
        }
    }

    /// The bytes above ASCII as `%XX`, the rest as it is.
    static func encodingNonASCII(_ text: String) -> String {
        encode(text) { $0 < 0x80 }
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func encode(_ text: String, unless isPlain: (UInt8) -> Bool) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isPlain(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigits[Int(byte >> 4)])
                encoded.append(hexDigits[Int(byte & 0x0F)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
