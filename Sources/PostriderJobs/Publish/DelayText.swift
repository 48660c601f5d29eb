/// Delays as configuration and users write them.
public enum DelayText {
    /// The duration of `<n>` or `<n>s` (seconds), `<n>m` (minutes), `<n>h` (hours), `<n>d` (days); nil for anything else.
    ///
    /// A number without a unit is seconds, never milliseconds.
    public static func duration(_ text: String) -> Duration? {
        var digits = text[...]
        var factor: Int64 = 1
        switch text.last {
        case "s": digits = text.dropLast()
        case "m": (digits, factor) = (text.dropLast(), 60)
        case "h": (digits, factor) = (text.dropLast(), 3_600)
        case "d": (digits, factor) = (text.dropLast(), 86_400)
        default: break
        }
        guard !digits.isEmpty, digits.utf8.count <= 9,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(digits)
        else { return nil }
        return .seconds(number * factor)
    }
}
