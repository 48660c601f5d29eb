/// Where the columns of a table are: makes one line at a time, so that rows can be shown as they come.
package struct TableLayout: Sendable {
    /// Blanks between columns.
    private static let gap = 2

    /// Without a terminal nothing is cut, but a long cell must not make every other row as long.
    private static let paddedMax = 80

    private let columns: [Table.Column]
    private let widths: [Int]
    /// Whether text beyond its column is cut.
    private let cuts: Bool

    /// A layout for columns that want to be so wide.
    ///
    /// - Parameters:
    ///   - widths: What the columns would like to have, one each.
    ///   - width: The terminal's columns; nil when nothing is to be cut.
    package init(columns: [Table.Column], widths: [Int], width: Int?) {
        precondition(columns.count == widths.count, "\(widths.count) widths for \(columns.count) columns")
        self.columns = columns
        self.cuts = width != nil
        if let width {
            self.widths = Self.fitted(widths, columns: columns, to: width)
        } else {
            self.widths = widths.map { min($0, Self.paddedMax) }
        }
    }

    /// The titles, ending in a newline.
    package func header(style: Style) -> String {
        line(columns.map { Table.Cell($0.title, .faint) }, style: style)
    }

    /// One row, ending in a newline.
    package func line(_ cells: [Table.Cell], style: Style) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let isLast = index == cells.count - 1
            let text = text(of: cell, at: index)
            let blanks = DisplayWidth.blanks(after: text, to: widths[index])
            if columns[index].alignment == .trailing { line += blanks }
            line += style.text(text, cell.role)
            if isLast { break }
            if columns[index].alignment == .leading { line += blanks }
            line += String(repeating: " ", count: Self.gap)
        }
        // Rows often end in empty cells, and nothing needs the blanks in front of them.
        guard let end = line.lastIndex(where: { $0 != " " }) else { return "\n" }
        return line[...end] + "\n"
    }

    private func text(of cell: Table.Cell, at index: Int) -> String {
        let column = columns[index]
        guard cuts, !column.isWhole else { return cell.text }
        return column.keepsEnd
            ? DisplayWidth.cutInFront(cell.text, to: widths[index]) : DisplayWidth.cut(cell.text, to: widths[index])
    }

    /// Takes from the widest column until the line fits, or nothing more can be taken.
    private static func fitted(_ wanted: [Int], columns: [Table.Column], to width: Int) -> [Int] {
        // Nothing wider than the terminal fits, and starting there bounds the work.
        var widths = wanted.map { min($0, max(width, 1)) }
        let gaps = gap * max(0, widths.count - 1)
        let least = zip(widths, columns).map {
            $1.isWhole ? $0 : min($0, max($1.leastWidth, DisplayWidth.of($1.title)))
        }
        while widths.reduce(gaps, +) > width {
            let candidates = widths.indices.filter { widths[$0] > least[$0] }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }
}
