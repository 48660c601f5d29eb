/// Shows a job as it goes on: on a terminal in one line that is written over, elsewhere a line for each change.
actor JobLines {
    private let isJSON: Bool
    private let style: Style
    /// The terminal's columns; nil when it is none.
    private let width: Int?
    private let output: any TextOutput
    private var isLineOpen = false

    init(isJSON: Bool, style: Style, width: Int?, output: any TextOutput) {
        self.isJSON = isJSON
        self.style = style
        self.width = width
        self.output = output
    }

    /// Shows where the job stands.
    func show(_ job: JobReport) throws {
        if isJSON {
            output.write(try JSONOutput.line(job))
        } else if let width {
            // A line that is too long would leave pieces of itself behind; colours have no width and are left out of one that is cut.
            let plain = JobSheet.line(of: job, style: .plain)
            let fits = DisplayWidth.of(plain) < width
            let line = fits ? JobSheet.line(of: job, style: style) : DisplayWidth.cut(plain, to: width - 1)
            output.write("\r\u{1B}[K\(line)")
            isLineOpen = true
        } else {
            output.write(JobSheet.line(of: job, style: style) + "\n")
        }
    }

    /// Leaves the last line as it stands.
    func end() {
        guard isLineOpen else { return }
        output.write("\n")
        isLineOpen = false
    }
}
