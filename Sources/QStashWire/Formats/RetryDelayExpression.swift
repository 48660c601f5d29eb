/// The value of `Upstash-Retry-Delay`: a formula for the milliseconds to wait before a retry.
///
/// Its one variable `retried` is how often the message has been retried so far, 0 for the first retry. Parsing turns the
/// text into a short program for a stack, so that evaluating needs no recursion and its cost is bounded by the length
/// of the text (docs/WIRE.md, "Retry-delay expressions").
package struct RetryDelayExpression: Sendable {
    /// The longest wait that an expression can ask for, 24 hours in milliseconds; longer is shortened to it.
    package static let delayMillisecondsMax: Int64 = 86_400_000

    /// At most this many retries are tried out by ``validate(retries:)``.
    package static let evaluationsMax = 128

    /// The text exactly as it was given; resources return it verbatim.
    package let text: String

    private let program: [Instruction]
    private let header: String

    /// Parses an expression.
    ///
    /// - Parameters:
    ///   - header: the header named in refusals.
    ///   - bytesMax: the longest accepted text in bytes.
    /// - Throws: ``WireError`` with code `expressionInvalid` when the text does not follow the grammar, is too long or
    ///   nests deeper than 32 levels.
    package init(
        parsing text: String,
        header: String = "Upstash-Retry-Delay",
        bytesMax: Int = 256
    ) throws(WireError) {
        guard text.utf8.count <= bytesMax else {
            throw WireError(
                .expressionInvalid,
                "\(header) is longer than \(bytesMax) bytes: write a shorter expression"
            )
        }
        var parser = RetryDelayExpressionParser(text, header: header)
        self.program = try parser.parse()
        self.text = text
        self.header = header
    }

    /// Evaluates the expression for every retry that can happen, `0..<retries`.
    ///
    /// At most ``evaluationsMax`` retries are tried; beyond them ``delayMilliseconds(retried:)`` still gives a bounded value.
    ///
    /// - Throws: ``WireError`` with code `expressionInvalid` when a result is not a finite number.
    package func validate(retries: Int) throws(WireError) {
        var stack: [Double] = []
        for retried in 0..<min(max(0, retries), Self.evaluationsMax) {
            guard evaluate(retried: retried, stack: &stack).isFinite else {
                throw WireError(
                    .expressionInvalid,
                    "\(header) is not a finite number for retried = \(retried): bound it, for example with min(…, 3600000)"
                )
            }
        }
    }

    /// Milliseconds to wait before the next retry, in `0...delayMillisecondsMax`.
    ///
    /// A negative result means 0. A result that is infinite or not a number means the maximum, the careful choice.
    package func delayMilliseconds(retried: Int) -> Int64 {
        var stack: [Double] = []
        let value = evaluate(retried: max(0, retried), stack: &stack)
        guard value.isFinite, value < Double(Self.delayMillisecondsMax) else { return Self.delayMillisecondsMax }
        return value <= 0 ? 0 : Int64(value.rounded())
    }

    private func evaluate(retried: Int, stack: inout [Double]) -> Double {
        stack.removeAll(keepingCapacity: true)
        for instruction in program {
            switch instruction {
            case .number(let value):
                stack.append(value)
            case .retried:
                stack.append(Double(retried))
            case .negate:
                stack.append(-(stack.popLast() ?? .nan))
            case .one(let function):
                stack.append(function.apply(stack.popLast() ?? .nan))
            case .two(let function):
                let right = stack.popLast() ?? .nan
                let left = stack.popLast() ?? .nan
                stack.append(function.apply(left, right))
            }
        }
        // The parser leaves exactly one value; anything else is no number, which every caller treats as invalid.
        return stack.count == 1 ? stack[0] : .nan
    }
}

extension RetryDelayExpression: Hashable {
    /// Two expressions are equal when their texts are.
    package static func == (left: Self, right: Self) -> Bool {
        left.text == right.text
    }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
