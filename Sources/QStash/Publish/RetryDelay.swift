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
            return expression
        } catch {
            throw QStashError(.optionInvalid, error.message, option: option)
        }
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
