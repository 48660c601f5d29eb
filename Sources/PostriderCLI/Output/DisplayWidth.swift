/// How many columns of a terminal text takes.
///
/// An approximation of what terminals do: East Asian wide characters and emoji take two columns, marks that combine with the character
/// before them none. Meant for text that went through ``VisibleText``.
package enum DisplayWidth {
    /// What stands for what was cut off.
    private static let mark = "…"

    /// Blocks whose characters take two columns, in order.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x17000...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]

    /// The columns of a text.
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// The columns of one character: 0, 1 or 2.
    package static func of(_ character: Character) -> Int {
        var width = 0
        for scalar in character.unicodeScalars {
            // The variation selector that asks for a picture.
            if scalar.value == 0xFE0F, width > 0 { return 2 }
            width = max(width, of(scalar))
        }
        return width
    }

    /// The text cut to a number of columns, with `…` at the end when something was cut off.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        // As far as one column less reaches: where the mark goes if there is more.
        var shorter = ""
        for character in text {
            width += of(character)
            guard width <= columns else { return shorter + mark }
            kept.append(character)
            if width < columns { shorter = kept }
        }
        return kept
    }

    /// The end of the text that fits a number of columns, with `…` in front when something was cut off.
    package static func cutInFront(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var width = 1
        var start = text.endIndex
        while start > text.startIndex {
            let before = text.index(before: start)
            width += of(text[before])
            guard width <= columns else { break }
            start = before
        }
        return mark + text[start...]
    }

    /// Blanks that fill a text up to a number of columns.
    package static func blanks(after text: String, to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - of(text)))
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        var low = 0
        var high = wide.count
        while low < high {
            let middle = (low + high) / 2
            if scalar.value > wide[middle].upperBound {
                low = middle + 1
            } else if scalar.value < wide[middle].lowerBound {
                high = middle
            } else {
                return 2
            }
        }
        return 1
    }
}
