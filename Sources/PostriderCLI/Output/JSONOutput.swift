import FoundationEssentials

/// What programs read: one JSON document in one line, or one object a line for streams.
///
/// The form is stable: names in the order of the alphabet, times in whole milliseconds since 1970 as on the wire, durations in
/// milliseconds, nothing for what is absent. New names may be added. Control characters are escaped, those of the C1 set and those that turn
/// the direction of writing too, so that the text is as safe on a terminal as any other.
package enum JSONOutput {
    /// The value in one line, ending in a newline.
    package static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.wireMilliseconds)
        }
        return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
    }

    /// JSON has characters beyond ASCII in strings only, where an escape means the same.
    private static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: mustEscape) else { return json }
        var escaped = ""
        escaped.reserveCapacity(json.utf8.count + 16)
        for scalar in json.unicodeScalars {
            guard mustEscape(scalar) else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? .init() {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x7F, 0x200C, 0x200D: false
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}

extension Date {
    /// Whole milliseconds since 1970, the form of times on the wire; of a time beyond them the nearest there is.
    package var wireMilliseconds: Int64 {
        let milliseconds = (timeIntervalSince1970 * 1_000).rounded()
        return Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
    }
}

extension Duration {
    /// Milliseconds with their fraction, the form of durations in JSON.
    package var milliseconds: Double {
        Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15
    }
}
