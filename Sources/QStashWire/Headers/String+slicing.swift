extension String {
    /// The text between two UTF-8 offsets, which must lie between characters of the UTF-8 form.
    func slice(_ range: Range<Int>) -> String {
        let utf8 = self.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let end = utf8.index(start, offsetBy: range.count)
        return String(self[start..<end])
    }

    /// The text without blanks and tabs at either end; the text itself when there are none.
    var trimmingBlanks: String {
        let bytes = utf8.span
        let range = bytes.trimmedRange(0..<bytes.count)
        return range.count == bytes.count ? self : slice(range)
    }

    /// The parts between commas, trimmed, empty ones included.
    ///
    /// The list of an empty text has one empty part. The caller bounds the length of the text.
    var commaSeparatedParts: [String] {
        let bytes = utf8.span
        var parts: [String] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: ",") {
            parts.append(slice(bytes.trimmedRange(start..<index)))
            start = index + 1
        }
        return parts
    }
}

extension Span where Element == UInt8 {
    /// The part of `range` without blanks and tabs at either end.
    func trimmedRange(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// The whole number written in decimal digits, or nil for anything else; saturates at the highest value.
    ///
    /// Saturating lets a caller answer "over the limit" for a number of any length.
    func decimalInteger() -> Int64? {
        guard count > 0 else { return nil }
        var value: Int64 = 0
        for index in 0..<count {
            guard self[index].isASCIIDigit else { return nil }
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(Int64(self[index] - UInt8(ascii: "0")))
            value = productOverflow || sumOverflow ? Int64.max : sum
        }
        return value
    }
}
