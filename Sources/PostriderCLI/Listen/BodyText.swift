/// A body as a person can read it: JSON over lines, text as it is, anything else in hexadecimal; bounded and safe for a terminal.
enum BodyText {
    /// How much of a text is shown, in bytes.
    private static let textBytesMax = 16_384
    /// How much of anything else is shown, in bytes.
    private static let binaryBytesMax = 256
    private static let linesMax = 200
    private static let lineColumnsMax = 2_000
    private static let rowBytes = 16

    /// The body's lines, without line ends; none for an empty body.
    static func lines(of body: [UInt8]) -> [String] {
        guard !body.isEmpty else { return [] }
        guard let text = text(of: body) else { return hexadecimal(body) }
        let shownBytes = shownBytes(of: body)
        var laidOut = text
        if shownBytes < body.count {
            laidOut = String(decoding: body[..<shownBytes], as: UTF8.self)
        } else if JSONCheck.isJSON(body), let indented = JSONIndenter.indented(text) {
            laidOut = indented
        }
        var lines = VisibleText.lines(laidOut)
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        let dropped = lines.count - linesMax
        lines = lines.prefix(linesMax).map { DisplayWidth.cut($0, to: lineColumnsMax) }
        if shownBytes < body.count {
            lines.append("… of \(body.count) bytes")
        } else if dropped > 0 {
            lines.append("… \(dropped) more lines")
        }
        return lines
    }

    /// How much of a text is shown: no more than its bound, and whole characters.
    private static func shownBytes(of body: [UInt8]) -> Int {
        guard body.count > textBytesMax else { return body.count }
        var end = textBytesMax
        while end > 0, body[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// The body as text; nil when it is not UTF-8, or has control characters that no text has.
    static func text(of body: [UInt8]) -> String? {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        let isBinary = body.contains { byte in
            byte < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains(byte)
        }
        return isBinary ? nil : text
    }

    /// Rows of offset, bytes, and the bytes as ASCII.
    private static func hexadecimal(_ body: [UInt8]) -> [String] {
        var rows: [String] = []
        for start in stride(from: 0, to: min(body.count, binaryBytesMax), by: rowBytes) {
            let row = body[start..<min(start + rowBytes, body.count, binaryBytesMax)]
            let bytes = row.map { digits($0, count: 2) }.joined(separator: " ")
            let ascii = row.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            let blanks = String(repeating: " ", count: (rowBytes - row.count) * 3)
            rows.append("\(digits(start, count: 8))  \(bytes)\(blanks)  \(ascii)")
        }
        if body.count > binaryBytesMax { rows.append("… of \(body.count) bytes") }
        return rows
    }

    private static func digits(_ number: some BinaryInteger, count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
