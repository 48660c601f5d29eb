/// Rows under titles, as wide as they need to be and no wider than the terminal.
package struct Table: Sendable {
    /// One column.
    package struct Column: Sendable, Hashable {
        /// On which side its cells begin.
        package enum Alignment: Sendable, Hashable {
            case leading
            case trailing
        }

        /// Stands above the cells.
        package var title: String

        /// Numbers are easier to compare when they end in the same place.
        package var alignment: Alignment

        /// Whether its cells are never cut: an id that is cut cannot be copied.
        package var isWhole: Bool

        /// Whether its cells are cut in front: what tells two URLs apart stands at their ends.
        package var keepsEnd: Bool

        /// What it keeps, in columns, when it must give way to fit the terminal; less when it is not as wide.
        package var leastWidth: Int

        /// A column with its title.
        package init(
            _ title: String,
            _ alignment: Alignment = .leading,
            isWhole: Bool = false,
            keepsEnd: Bool = false,
            leastWidth: Int = 8
        ) {
            self.title = title
            self.alignment = alignment
            self.isWhole = isWhole
            self.keepsEnd = keepsEnd
            self.leastWidth = leastWidth
        }
    }

    /// What stands in one row of one column.
    package struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
        /// The text in one line, safe for a terminal.
        let text: String

        /// How it is coloured.
        let role: Style.Role

        /// A cell of any text, from whomever it may come.
        package init(_ text: String, _ role: Style.Role = .plain) {
            self.text = VisibleText.line(text)
            self.role = role
        }

        /// A plain cell.
        package init(stringLiteral text: String) {
            self.init(text)
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// A table without rows.
    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row: one cell for each column.
    package mutating func append(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// Whether there are no rows.
    package var isEmpty: Bool { rows.isEmpty }

    /// Titles and rows, each ending in a newline.
    ///
    /// - Parameter width: The terminal's columns, beyond which text is cut; nil cuts nothing.
    package func text(width: Int?, style: Style) -> String {
        var widths = columns.map { DisplayWidth.of($0.title) }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell.text)) }
        }
        let layout = TableLayout(columns: columns, widths: widths, width: width)
        var text = layout.header(style: style)
        for row in rows { text += layout.line(row, style: style) }
        return text
    }
}
