/// Which headers can be passed on to a destination, and which never.
enum ForwardedHeaders {
    /// Whether a header belongs to the connection or the framing of a request, which the delivery decides about.
    static func isOfConnection(_ name: Span<UInt8>) -> Bool {
        switch name.count {
        case 2: name.spells("te")
        case 4: name.spells("host")
        case 6: name.spells("expect")
        case 7: name.spells("upgrade") || name.spells("trailer")
        case 10: name.spells("connection") || name.spells("keep-alive")
        case 14: name.spells("content-length")
        case 16: name.spells("proxy-connection")
        case 17: name.spells("transfer-encoding")
        default: false
        }
    }

    /// Whether a header is one that every delivery sets itself, and a client therefore cannot.
    ///
    /// Other `Upstash-` names can be forwarded: the workflow client sends its own that way.
    static func isOfDelivery(_ name: Span<UInt8>) -> Bool {
        if name.begins(with: "postrider-") { return true }
        guard name.begins(with: "upstash-") else { return false }
        return name.spells("message-id", from: 8) || name.spells("retried", from: 8)
            || name.spells("signature", from: 8) || name.spells("caller-ip", from: 8)
            || name.spells("schedule-id", from: 8) || name.spells("topic-name", from: 8)
            || name.spells("region", from: 8)
    }

    /// The canonical name and the value of a header that is forwarded by its prefix.
    ///
    /// - Throws: ``WireError`` when the name is no header name, belongs to connection or delivery, or the value has
    ///   control characters.
    static func field(
        _ field: HeaderField,
        nameOffset: Int,
        recipient: HeaderRoute.Recipient
    ) throws(WireError) -> HeaderField {
        let bytes = field.name.utf8.span
        let name = bytes.extracting(nameOffset..<bytes.count)
        let prefix = "\(recipient.prefix)Forward-"
        guard name.isHeaderName else {
            throw WireError(.headerNameInvalid, "\(prefix)… must be followed by a valid header name")
        }
        let canonical = HeaderField.canonicalName(field.name, from: nameOffset)
        guard !isOfConnection(name), !isOfDelivery(name) else {
            throw WireError(
                .headerForbidden,
                "\(prefix)\(canonical): \(canonical) is set by the delivery, leave it out"
            )
        }
        guard HeaderField.isValidValue(field.value) else {
            throw WireError(
                .headerValueInvalid,
                "\(prefix)\(canonical) has a control character in its value: remove it"
            )
        }
        return HeaderField(name: canonical, value: field.value.trimmingBlanks)
    }

    /// The headers of a request that travel on when it asks for all of them, under canonical names and in order.
    ///
    /// Left out are `Content-Type`, which the caller places first, everything of the connection (also what `Connection`
    /// names), `Authorization` and `Proxy-Authorization`, because they may carry the token of the API call, every
    /// `Upstash-` and `Postrider-` header, and the names in `replaced`. Cookies stay.
    ///
    /// - Throws: ``WireError`` when a name or value cannot travel in a header.
    static func all(of headers: [HeaderField], except replaced: [HeaderField]) throws(WireError) -> [HeaderField] {
        let connection = try connectionNames(in: headers)
        var forwarded: [HeaderField] = []
        for header in headers {
            let name = header.name.utf8.span
            if name.begins(with: "upstash-") || name.begins(with: "postrider-") || isOfConnection(name)
                || name.spells("content-type") || name.spells("authorization") || name.spells("proxy-authorization")
            {
                continue
            }
            guard name.isHeaderName else {
                throw WireError(.headerNameInvalid, "a header to forward has an invalid name")
            }
            let canonical = HeaderField.canonicalName(header.name)
            if connection.contains(where: { header.isNamed($0) }) || replaced.contains(where: { $0.name == canonical })
            {
                continue
            }
            guard HeaderField.isValidValue(header.value) else {
                throw WireError(.headerValueInvalid, "\(canonical) has a control character in its value: remove it")
            }
            forwarded.append(HeaderField(name: canonical, value: header.value.trimmingBlanks))
        }
        return forwarded
    }

    /// The headers that `Connection` declares to be of this connection only.
    private static func connectionNames(in headers: [HeaderField]) throws(WireError) -> [String] {
        var names: [String] = []
        for header in headers where header.isNamed("connection") {
            // Each name is compared with each header, so their number must be small.
            guard header.value.utf8.count <= connectionBytesMax else {
                throw WireError(.headersTooLarge, "Connection is longer than \(connectionBytesMax) bytes")
            }
            names += header.value.commaSeparatedParts
        }
        return names
    }

    private static let connectionBytesMax = 1_024
}
