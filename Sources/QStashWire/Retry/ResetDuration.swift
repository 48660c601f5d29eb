/// Durations in rate-limit headers: decimal seconds, or decimal numbers with the units `ns us µs ms s m h`.
enum ResetDuration {
    /// Digits after the point that are read; the rest is below a microsecond of the largest unit in use.
    private static let fractionDigitsMax = 6

    /// The nanoseconds of a duration, or nil when the text is not one; saturates at the highest value.
    static func nanoseconds(in bytes: Span<UInt8>) -> Int64? {
        guard bytes.count > 0 else { return nil }
        var total: Int64 = 0
        var index = 0
        var isFirstPart = true
        while index < bytes.count {
            guard let number = number(in: bytes, at: &index) else { return nil }
            let unit: Int64
            if index == bytes.count {
                guard isFirstPart else { return nil }
                unit = 1_000_000_000
            } else {
                guard let named = unitNanoseconds(in: bytes, at: &index) else { return nil }
                unit = named
            }
            let (whole, wholeOverflow) = number.whole.multipliedReportingOverflow(by: unit)
            // At most 10^6 times an hour in nanoseconds, which fits.
            let part = number.millionths * unit / 1_000_000
            let (sum, sumOverflow) = total.addingReportingOverflow(whole)
            let (full, fullOverflow) = sum.addingReportingOverflow(part)
            total = wholeOverflow || sumOverflow || fullOverflow ? Int64.max : full
            isFirstPart = false
        }
        return total
    }

    private static func number(in bytes: Span<UInt8>, at index: inout Int) -> (whole: Int64, millionths: Int64)? {
        let start = index
        while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
        let digits = bytes.extracting(start..<index)
        guard let whole = digits.decimalInteger() else { return nil }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return (whole, 0) }
        index += 1
        let fractionStart = index
        var millionths: Int64 = 0
        var scale: Int64 = 100_000
        while index < bytes.count, bytes[index].isASCIIDigit {
            if index - fractionStart < fractionDigitsMax {
                millionths += Int64(bytes[index] - UInt8(ascii: "0")) * scale
                scale /= 10
            }
            index += 1
        }
        return index > fractionStart ? (whole, millionths) : nil
    }

    private static func unitNanoseconds(in bytes: Span<UInt8>, at index: inout Int) -> Int64? {
        // Longer spellings first: `m` begins `ms`. Both signs for micro of Unicode are in use.
        for unit in units where bytes.begins(with: unit.name, from: index) {
            index += unit.name.utf8CodeUnitCount
            return unit.nanoseconds
        }
        return nil
    }

    private static let units: [(name: StaticString, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("\u{B5}s", 1_000), ("\u{3BC}s", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
}
