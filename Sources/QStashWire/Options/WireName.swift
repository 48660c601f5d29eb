/// Names that clients choose: of queues, URL groups and schedules, `[A-Za-z0-9._-]+`.
package enum WireName {
    /// Whether the text is such a name, not empty and not longer than `limits` allows.
    package static func isValid(_ name: String, limits: WireLimits = WireLimits()) -> Bool {
        let bytes = name.utf8.span
        guard bytes.count > 0, bytes.count <= limits.nameBytesMax else { return false }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard
                byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            else { return false }
        }
        return true
    }

    /// The name itself when it is valid.
    ///
    /// - Parameter header: the header named in the refusal.
    /// - Throws: ``WireError`` with code `nameInvalid`.
    package static func checked(
        _ name: String,
        header: String,
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> String {
        guard isValid(name, limits: limits) else {
            throw WireError(
                .nameInvalid,
                "\(header) must have 1 to \(limits.nameBytesMax) of the characters A-Z a-z 0-9 . _ -"
            )
        }
        return name
    }
}
