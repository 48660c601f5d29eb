/// A recursive-descent parser for retry-delay expressions, bounded in depth.
///
/// ```
/// expr  := term (('+' | '-') term)*
/// term  := unary (('*' | '/') unary)*
/// unary := '-' unary | atom
/// atom  := number | 'retried' | function '(' expr (',' expr)* ')' | '(' expr ')'
/// ```
struct RetryDelayExpressionParser {
    private static let depthMax = 32
    private static let advice =
        "use numbers, retried, + - * /, parentheses, and pow exp sqrt abs floor ceil round min max"

    private let bytes: [UInt8]
    private let header: String
    private var position = 0
    private var depth = 0
    private var program: [RetryDelayExpression.Instruction] = []

    init(_ text: String, header: String) {
        self.bytes = Array(text.utf8)
        self.header = header
    }

    /// The program of the whole text.
    mutating func parse() throws(WireError) -> [RetryDelayExpression.Instruction] {
        try expression()
        guard next == nil else { throw unexpected() }
        return program
    }

    private mutating func expression() throws(WireError) {
        try term()
        while let byte = next {
            let operation: RetryDelayExpression.BinaryFunction
            switch byte {
            case UInt8(ascii: "+"): operation = .add
            case UInt8(ascii: "-"): operation = .subtract
            default: return
            }
            position += 1
            try term()
            program.append(.two(operation))
        }
    }

    private mutating func term() throws(WireError) {
        try unary()
        while let byte = next {
            let operation: RetryDelayExpression.BinaryFunction
            switch byte {
            case UInt8(ascii: "*"): operation = .multiply
            case UInt8(ascii: "/"): operation = .divide
            default: return
            }
            position += 1
            try unary()
            program.append(.two(operation))
        }
    }

    /// Every recursion of the grammar passes here, so this is the one place that counts depth.
    private mutating func unary() throws(WireError) {
        depth += 1
        guard depth <= Self.depthMax else {
            throw WireError(
                .expressionInvalid,
                "\(header) nests deeper than \(Self.depthMax) levels: write a simpler expression"
            )
        }
        if next == UInt8(ascii: "-") {
            position += 1
            try unary()
            program.append(.negate)
        } else {
            try atom()
        }
        depth -= 1
    }

    private mutating func atom() throws(WireError) {
        guard let byte = next else { throw unexpected() }
        if byte == UInt8(ascii: "(") {
            position += 1
            try expression()
            try take(UInt8(ascii: ")"))
        } else if byte.isASCIIDigit || byte == UInt8(ascii: ".") {
            try number()
        } else if byte.isASCIILetter {
            try name()
        } else {
            throw unexpected()
        }
    }

    private mutating func number() throws(WireError) {
        let start = position
        var digits = 0
        var points = 0
        while position < bytes.count, bytes[position].isASCIIDigit || bytes[position] == UInt8(ascii: ".") {
            if bytes[position] == UInt8(ascii: ".") { points += 1 } else { digits += 1 }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard digits > 0, points <= 1, let value = Double(points == 0 ? text : "0\(text)0") else {
            position = start
            throw unexpected()
        }
        program.append(.number(value))
    }

    private mutating func name() throws(WireError) {
        let start = position
        while position < bytes.count, bytes[position].isASCIILetter { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if name == "retried" {
            program.append(.retried)
        } else if let function = RetryDelayExpression.UnaryFunction(rawValue: name) {
            try take(UInt8(ascii: "("))
            try expression()
            try take(UInt8(ascii: ")"))
            program.append(.one(function))
        } else if let function = RetryDelayExpression.BinaryFunction(rawValue: name) {
            try take(UInt8(ascii: "("))
            try expression()
            try take(UInt8(ascii: ","))
            try expression()
            try take(UInt8(ascii: ")"))
            program.append(.two(function))
        } else {
            position = start
            throw unexpected()
        }
    }

    /// The next byte that is not a blank, or nil at the end; blanks before it are skipped.
    private var next: UInt8? {
        mutating get {
            while position < bytes.count, bytes[position].isBlank { position += 1 }
            return position < bytes.count ? bytes[position] : nil
        }
    }

    private mutating func take(_ byte: UInt8) throws(WireError) {
        guard next == byte else { throw unexpected() }
        position += 1
    }

    private func unexpected() -> WireError {
        let place = position < bytes.count ? "at character \(position + 1)" : "at its end"
        return WireError(.expressionInvalid, "\(header) is not a valid expression \(place): \(Self.advice)")
    }
}
