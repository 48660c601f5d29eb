/// Lays JSON out over lines without touching what it says: numbers, escapes and the order of names stay as they were sent.
///
/// Whether a text is JSON is for ``JSONCheck`` to say first: blanks are dropped here, which other text needs.
enum JSONIndenter {
    private static let depthMax = 64

    /// The JSON over lines; nil when its brackets or strings do not close, or when it is nested too deeply to be readable.
    static func indented(_ text: String) -> String? {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 2)
        var closers: [UInt8] = []
        var isEmptyInside = false
        var bytes = text.utf8[...]
        func newline() {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: closers.count * 2))
        }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if isEmptyInside { newline() }
                guard closers.count < depthMax else { return nil }
                output.append(byte)
                closers.append(byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                isEmptyInside = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closers.popLast() == byte else { return nil }
                if !isEmptyInside { newline() }
                output.append(byte)
                isEmptyInside = false
            case UInt8(ascii: ","):
                output.append(byte)
                newline()
            case UInt8(ascii: ":"):
                output.append(byte)
                output.append(UInt8(ascii: " "))
            default:
                if isEmptyInside { newline() }
                isEmptyInside = false
                output.append(byte)
                guard byte == UInt8(ascii: "\"") else { continue }
                guard copyString(from: &bytes, to: &output) else { return nil }
            }
        }
        guard closers.isEmpty else { return nil }
        return String(decoding: output, as: UTF8.self)
    }

    /// Copies the rest of a string; false when it does not end.
    private static func copyString(from bytes: inout Substring.UTF8View, to output: inout [UInt8]) -> Bool {
        while let byte = bytes.popFirst() {
            output.append(byte)
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = bytes.popFirst() else { return false }
                output.append(escaped)
            }
        }
        return false
    }
}
