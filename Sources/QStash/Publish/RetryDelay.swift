import QStashWire

/// The wait before each repetition of a failed delivery.
///
/// A formula in milliseconds with the one variable `retried`, which is 0 at the first repetition; with `+ - * /`, parentheses, and
/// `pow exp sqrt abs floor ceil round min max` (wire reference, section 6.2).
///
/// ```swift
/// PublishOptions(retryDelay: "min(pow(2, retried) * 1000, 60000)")
/// PublishOptions(retryDelay: .constant(.seconds(5)))
/// ```
public struct RetryDelay: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The formula as it travels.
    public let expression: String

    /// A formula; it is checked when it is sent.
    public init(expression: String) {
        self.expression = expression
    }

    /// A formula.
    public init(stringLiteral expression: String) {
        self.expression = expression
    }

    /// The same wait every time, in whole milliseconds.
    public static func constant(_ delay: Duration) -> RetryDelay {
        RetryDelay(expression: "\(delay.wholeMilliseconds)")
    }

    /// A wait that doubles: `first`, twice that, and so on up to `max`; in whole milliseconds.
    public static func doubling(from first: Duration, max: Duration = .seconds(3600)) -> RetryDelay {
        RetryDelay(expression: "min(pow(2, retried) * \(first.wholeMilliseconds), \(max.wholeMilliseconds))")
    }

    /// The formula as it travels.
    public var description: String { expression }

    /// - Throws: ``QStashError`` with code `option_invalid`.
    func checked(retries: Int?, option: String) throws(QStashError) -> String {
        do throws(WireError) {
            let parsed = try RetryDelayExpression(parsing: expression, header: option)
            try parsed.validate(retries: retries ?? 3)
        } catch {
            throw QStashError(.optionInvalid, error.message, option: option)
        }
        // A wait that is negative in itself is a mistake; one that a formula brings about counts as none.
        guard !expression.hasPrefix("-") || Double(expression) == nil else {
            throw QStashError(.optionInvalid, "\(option) is negative", option: option)
        }
        return expression
    }
}

extension Duration {
    /// The duration in milliseconds, rounded to the next; the nearest there is when it is beyond all counting.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000)
        let rest =
            (attoseconds + (attoseconds < 0 ? -499_999_999_999_999 : 500_000_000_000_000)) / 1_000_000_000_000_000
        let (sum, isOver) = milliseconds.addingReportingOverflow(rest)
        return isBeyond || isOver ? (seconds < 0 ? .min : .max) : sum
    }
}
