/// The value of `Upstash-Redact-Fields`: what the API shows as a hash instead of in clear.
package struct RedactFields: Hashable, Sendable {
    /// Whether the body is redacted.
    package var body: Bool

    /// Whether every header is redacted; ``headerNames`` is then empty.
    package var allHeaders: Bool

    /// The single headers to redact, in canonical case and without repetitions.
    package var headerNames: [String]

    /// A choice of fields; nothing is checked.
    package init(body: Bool = false, allHeaders: Bool = false, headerNames: [String] = []) {
        self.body = body
        self.allHeaders = allHeaders
        self.headerNames = headerNames
    }

    /// Parses `body`, `header` (or `headers`) and `header[Name]` (or `headers[Name]`), separated by commas.
    ///
    /// - Throws: ``WireError`` with code `redactInvalid` for anything else, or for more names than `limits` allows.
    package static func parse(_ text: String, limits: WireLimits = WireLimits()) throws(WireError) -> RedactFields {
        var fields = RedactFields()
        for part in text.commaSeparatedParts where !part.isEmpty {
            let bytes = part.utf8.span
            if bytes.spells("body") {
                fields.body = true
            } else if bytes.spells("header") || bytes.spells("headers") {
                fields.allHeaders = true
            } else {
                let name = try headerName(in: part)
                if !fields.headerNames.contains(name) { fields.headerNames.append(name) }
                guard fields.headerNames.count <= limits.redactedHeadersMax else {
                    throw WireError(
                        .redactInvalid,
                        "Upstash-Redact-Fields names more than \(limits.redactedHeadersMax) headers: use header for all"
                    )
                }
            }
        }
        if fields.allHeaders { fields.headerNames = [] }
        guard fields.body || fields.allHeaders || !fields.headerNames.isEmpty else { throw malformed }
        return fields
    }

    /// The header value that means the same, for example `body,header[Authorization]`.
    package var text: String {
        var parts: [String] = []
        if body { parts.append("body") }
        if allHeaders { parts.append("header") }
        parts += headerNames.map { "header[\($0)]" }
        return parts.joined(separator: ",")
    }

    /// Whether a header is shown redacted; the case of the name does not matter.
    package func redacts(headerNamed name: String) -> Bool {
        allHeaders || (!headerNames.isEmpty && headerNames.contains(HeaderField.canonicalName(name)))
    }

    private static func headerName(in part: String) throws(WireError) -> String {
        let bytes = part.utf8.span
        let open = bytes.begins(with: "header[") ? 7 : bytes.begins(with: "headers[") ? 8 : 0
        guard open > 0, bytes.count > open, bytes[bytes.count - 1] == UInt8(ascii: "]") else { throw malformed }
        let name = part.slice(bytes.trimmedRange(open..<bytes.count - 1))
        guard HeaderField.isValidName(name) else { throw malformed }
        return HeaderField.canonicalName(name)
    }

    private static var malformed: WireError {
        WireError(.redactInvalid, "Upstash-Redact-Fields must list body, header or header[Name], separated by commas")
    }
}
