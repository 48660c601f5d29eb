/// Durations of the contract: whole numbers with the units `s`, `m`, `h`, `d`, for example `50s` or `1d10h30m`.
///
/// A bare whole number means seconds (docs/WIRE.md, "Durations").
package enum WireDuration {
    /// More digits than any sensible duration needs; a longer text is not worth reading.
    private static let bytesMax = 64

    /// The seconds that a duration text means.
    ///
    /// - Parameter header: the header named in the refusal.
    /// - Throws: ``WireError`` with code `durationInvalid` for an empty text, a sign, a fraction, an unknown unit, a
    ///   number without a unit beside others, or more seconds than fit 64 bits.
    package static func seconds(parsing text: String, header: String) throws(WireError) -> Int64 {
        let bytes = text.utf8.span
        guard let seconds = seconds(in: bytes) else {
            throw WireError(
                .durationInvalid,
                "\(header) is not a duration: write whole numbers with the units s, m, h or d, for example 90s or 1h30m"
            )
        }
        return seconds
    }

    /// The text that means the given seconds, for example `90s`; a negative number is written as `0s`.
    package static func text(seconds: Int64) -> String {
        "\(max(0, seconds))s"
    }

    private static func seconds(in bytes: Span<UInt8>) -> Int64? {
        guard bytes.count > 0, bytes.count <= bytesMax else { return nil }
        var total: Int64 = 0
        var index = 0
        var isFirstPart = true
        while index < bytes.count {
            let start = index
            while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
            let digits = bytes.extracting(start..<index)
            guard let number = digits.decimalInteger() else { return nil }
            let unitSeconds: Int64
            if index == bytes.count {
                guard isFirstPart else { return nil }
                unitSeconds = 1
            } else {
                switch bytes[index] {
                case UInt8(ascii: "s"): unitSeconds = 1
                case UInt8(ascii: "m"): unitSeconds = 60
                case UInt8(ascii: "h"): unitSeconds = 3_600
                case UInt8(ascii: "d"): unitSeconds = 86_400
                default: return nil
                }
                index += 1
            }
            // A number that does not fit arrives as the highest value, which no unit but the second leaves in range.
            guard number < Int64.max else { return nil }
            let (part, partOverflow) = number.multipliedReportingOverflow(by: unitSeconds)
            let (sum, sumOverflow) = total.addingReportingOverflow(part)
            guard !partOverflow, !sumOverflow else { return nil }
            total = sum
            isFirstPart = false
        }
        return total
    }
}
