/// Numbers in the digits `0-9A-Za-z`, at a fixed width, for public ids.
///
/// The digits are in ASCII order and the width is fixed, so texts compare as their numbers do.
package enum Base62 {
    /// Characters of one 64-bit number.
    package static let width = 11

    private static let digits: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// The numbers one after another, ``width`` characters each.
    package static func text(of numbers: UInt64...) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * width)
        for number in numbers { append(number, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the ``width`` characters of a number to the end of `output`.
    package static func append(_ number: UInt64, to output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        let digits = UnsafeBufferPointer(start: digits.utf8Start, count: 62)
        var rest = number
        var index = start + width - 1
        while rest > 0 {
            output[index] = digits[Int(rest % 62)]
            rest /= 62
            index -= 1
        }
    }

    /// The numbers of a text, one for every ``width`` characters; nil for another length, another character or a number
    /// above 64 bits.
    package static func numbers(in text: String) -> [UInt64]? {
        let bytes = text.utf8.span
        guard bytes.count % width == 0 else { return nil }
        var numbers: [UInt64] = []
        for start in stride(from: 0, to: bytes.count, by: width) {
            var number: UInt64 = 0
            for index in start..<start + width {
                guard let digit = value(of: bytes[index]) else { return nil }
                let (product, productOverflow) = number.multipliedReportingOverflow(by: 62)
                let (sum, sumOverflow) = product.addingReportingOverflow(digit)
                guard !productOverflow, !sumOverflow else { return nil }
                number = sum
            }
            numbers.append(number)
        }
        return numbers
    }

    private static func value(of digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(digit - UInt8(ascii: "A")) + 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(digit - UInt8(ascii: "a")) + 36
        default: nil
        }
    }
}
