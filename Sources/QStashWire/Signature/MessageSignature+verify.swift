extension MessageSignature {
    private static let tokenBytesMax = 65_536

    /// Checks a signature, and returns what it says.
    ///
    /// Only HS256 is accepted. The keys are tried in order, the current one first.
    ///
    /// - Parameters:
    ///   - body: the raw bytes as received.
    ///   - url: the URL that the token must be made for, compared byte for byte; nil leaves it unchecked.
    ///   - nowSeconds: Unix seconds.
    ///   - toleranceSeconds: how far the two clocks may differ, at least 0.
    ///   - keys: the current signing key, then the next.
    /// - Throws: ``SignatureError`` with the first check that failed.
    @discardableResult
    package static func verify(
        token: String,
        body: [UInt8],
        url: String?,
        nowSeconds: Int64,
        toleranceSeconds: Int64 = 0,
        keys: [SigningKey]
    ) throws(SignatureError) -> SignatureClaims {
        try verify(
            token: token,
            body: body.span,
            url: url,
            nowSeconds: nowSeconds,
            toleranceSeconds: toleranceSeconds,
            keys: keys
        )
    }

    /// Checks the signature of a body in memory that belongs to somebody else.
    ///
    /// See ``verify(token:body:url:nowSeconds:toleranceSeconds:keys:)-(_,[UInt8],_,_,_,_)`` for the parameters and the error.
    @discardableResult
    package static func verify(
        token: String,
        body: Span<UInt8>,
        url: String?,
        nowSeconds: Int64,
        toleranceSeconds: Int64 = 0,
        keys: [SigningKey]
    ) throws(SignatureError) -> SignatureClaims {
        guard !token.isEmpty else { throw SignatureError(.tokenMissing) }
        guard token.utf8.count <= tokenBytesMax else { throw SignatureError(.tokenMalformed) }
        let bytes = token.utf8.span
        guard
            let firstDot = dot(in: bytes, from: 0), let secondDot = dot(in: bytes, from: firstDot + 1),
            dot(in: bytes, from: secondDot + 1) == nil,
            let payload = Base64Codec.decode(bytes.extracting(firstDot + 1..<secondDot), .url),
            let code = Base64Codec.decode(bytes.extracting(secondDot + 1..<bytes.count), .url)
        else { throw SignatureError(.tokenMalformed) }
        try checkAlgorithm(bytes.extracting(0..<firstDot))

        // Nothing of the payload is read before it is known who wrote it.
        let signed = Array(token.utf8.prefix(secondDot))
        guard let keyIndex = keys.firstIndex(where: { $0.isCode(code, of: signed) }) else {
            throw SignatureError(.signatureMismatch)
        }

        let claims = try SignatureClaims(payload: payload, keyIndex: keyIndex)
        let tolerance = max(0, toleranceSeconds)
        guard claims.issuer == issuer else { throw SignatureError(.issuerInvalid) }
        guard claims.expiresAtSeconds > Double(nowSeconds) - Double(tolerance) else { throw SignatureError(.expired) }
        guard claims.notBeforeSeconds <= Double(nowSeconds) + Double(tolerance) else {
            throw SignatureError(.notYetValid)
        }
        // Swift compares strings by what they look like; a URL must be the same bytes.
        if let url, !url.utf8.elementsEqual(claims.subject.utf8) { throw SignatureError(.urlMismatch) }
        guard unpadded(claims.bodyHash).elementsEqual(unpadded(body.withUnsafeBytes { bodyHash($0) })) else {
            throw SignatureError(.bodyMismatch)
        }
        return claims
    }

    private static func dot(in bytes: Span<UInt8>, from start: Int) -> Int? {
        for index in start..<bytes.count where bytes[index] == UInt8(ascii: ".") {
            return index
        }
        return nil
    }

    private static func checkAlgorithm(_ part: Span<UInt8>) throws(SignatureError) {
        guard !isOwnHeader(part) else { return }
        guard let json = Base64Codec.decode(part, .url) else { throw SignatureError(.tokenMalformed) }
        var reader = ClaimReader(json)
        guard let members = reader.readObject() else { throw SignatureError(.tokenMalformed) }
        // `crit` lists extensions that must be understood; we understand none.
        guard members["alg"] == .string("HS256"), members["crit"] == nil else {
            throw SignatureError(.algorithmUnsupported)
        }
    }

    /// Whether a token begins as ours do, which most do; their header need not be read.
    private static func isOwnHeader(_ part: Span<UInt8>) -> Bool {
        let own = header.utf8.span
        guard part.count == own.count else { return false }
        for index in 0..<own.count where part[index] != own[index] {
            return false
        }
        return true
    }

    private static func unpadded(_ hash: String) -> Substring.UTF8View {
        var text = hash[...].utf8
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        return text
    }
}
