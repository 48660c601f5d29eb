/// Recognises the IPv6 addresses that may stand between the brackets of a URL.
enum IPv6Literal {
    /// Whether the bytes are an IPv6 address in text form, with an IPv4 tail or without, and without a zone.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var groups = 0
        var hasGap = false
        var index = 0
        if bytes.begins(with: "::") {
            hasGap = true
            index = 2
        }
        while index < bytes.count {
            let start = index
            while index < bytes.count, bytes[index].hexadecimalValue != nil { index += 1 }
            let digits = index - start
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                let tail = bytes.extracting(start..<bytes.count)
                guard isIPv4(tail) else { return false }
                return hasGap ? groups + 2 < 8 : groups + 2 == 8
            }
            guard digits >= 1, digits <= 4 else { return false }
            groups += 1
            guard groups <= 8 else { return false }
            if index == bytes.count { break }
            guard bytes[index] == UInt8(ascii: ":") else { return false }
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                guard !hasGap else { return false }
                hasGap = true
                index += 1
            } else if index == bytes.count {
                return false
            }
        }
        return hasGap ? groups < 8 : groups == 8
    }

    private static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        var parts = 0
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: ".") {
            let digits = bytes.extracting(start..<index)
            guard digits.count <= 3, let number = digits.decimalInteger(), number <= 255 else { return false }
            parts += 1
            start = index + 1
        }
        return parts == 4
    }
}
