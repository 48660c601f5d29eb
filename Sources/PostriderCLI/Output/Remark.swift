/// Something to know besides the results, told on standard error.
struct Remark: Sendable, Encodable {
    /// One sentence, safe for a terminal.
    let remark: String
}

extension CommandContext {
    /// Tells a remark in a line of text, or for programs as `{"remark":"…"}`.
    func remark(_ text: String, isJSON: Bool) throws {
        errors.write(isJSON ? try JSONOutput.line(Remark(remark: text)) : text + "\n")
    }
}
