extension JSONValue {
    /// A `Double` counts whole numbers up to here one by one.
    private static let wholeMax: Int64 = 1 << 53

    /// The number of a text, exactly.
    ///
    /// - Returns: Nil when it is out of a `Double`'s range: greater than all, or so small that zero is nearest.
    static func number(of text: String) -> JSONValue? {
        guard let digits = DecimalDigits(text) else { return nil }
        if digits.isZero { return .number(0) }
        guard let number = Double(text), number.isFinite, number != 0 else { return nil }
        if digits.isWhole, let whole = Int64(digits.text), whole.magnitude > wholeMax.magnitude {
            return .integer(whole)
        }
        // Fifteen digits survive a Double and the way back, unless it is about to underflow.
        if digits.count <= 15, number.magnitude > 1e-300 { return .number(number) }
        return DecimalDigits("\(number)") == digits ? .number(number) : .decimal(JSONDecimal(digits))
    }
}
