#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension RetryDelayExpression {
    /// One step of an expression's program, which works on a stack of numbers.
    enum Instruction: Sendable {
        /// Pushes a literal.
        case number(Double)
        /// Pushes the number of retries so far.
        case retried
        /// Replaces the top with its negative.
        case negate
        /// Replaces the top with a function of it.
        case one(UnaryFunction)
        /// Replaces the two values on top with a function of them.
        case two(BinaryFunction)
    }

    /// The functions of one number that an expression may call, by their names.
    enum UnaryFunction: String, Sendable {
        case exp, sqrt, abs, floor, ceil, round

        func apply(_ value: Double) -> Double {
            switch self {
            case .exp: exponential(value)
            case .sqrt: value.squareRoot()
            case .abs: value.magnitude
            case .floor: value.rounded(.down)
            case .ceil: value.rounded(.up)
            case .round: value.rounded()
            }
        }
    }

    /// The functions of two numbers: those that an expression may call by name, and the operators.
    enum BinaryFunction: String, Sendable {
        case pow, min, max
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"

        func apply(_ left: Double, _ right: Double) -> Double {
            switch self {
            case .pow: power(left, right)
            // "Not a number" must win: a minimum that hides it would let a broken expression pass validation.
            case .min: left.isNaN || right.isNaN ? .nan : Swift.min(left, right)
            case .max: left.isNaN || right.isNaN ? .nan : Swift.max(left, right)
            case .add: left + right
            case .subtract: left - right
            case .multiply: left * right
            case .divide: left / right
            }
        }
    }
}

private func exponential(_ value: Double) -> Double { exp(value) }

private func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
