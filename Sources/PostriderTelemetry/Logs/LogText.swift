/// The rules of text in a log line that hold for every format.
enum LogText {
    /// The text itself, or its beginning and `…` when it is longer than ``TelemetryLimits/logValueBytesMax``.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > TelemetryLimits.logValueBytesMax else { return text }
        return prefix(of: text, bytesMax: TelemetryLimits.logValueBytesMax) + "…"
    }

    /// The longest beginning of a text that fits, never ending within a character's scalar.
    static func prefix(of text: String, bytesMax: Int) -> String {
        guard text.utf8.count > bytesMax else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytesMax)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text.unicodeScalars[..<end])
    }

    /// The lower-case hexadecimal digit of `0...15`.
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
