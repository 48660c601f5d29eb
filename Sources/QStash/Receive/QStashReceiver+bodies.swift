public import HTTPTypes

extension QStashReceiver {
    /// The names of the header fields that a delivery is verified with.
    private enum FieldName {
        static let signature = HTTPField.Name("Upstash-Signature")
        static let region = HTTPField.Name("Upstash-Region")
    }

    /// Checks the signature of a body.
    ///
    /// See ``verify(_:signature:url:region:)-(Span<UInt8>,_,_,_)`` for the parameters and the error.
    @discardableResult
    public func verify(
        _ body: [UInt8],
        signature: String?,
        url: String? = nil,
        region: String? = nil
    ) throws(SignatureVerificationError) -> VerifiedSignature {
        try verify(body.span, signature: signature, url: url, region: region)
    }

    /// Checks the signature of a body that was received as UTF-8 text.
    ///
    /// A body that may be anything else belongs in one of the other overloads: text that was repaired on the way has another hash.
    @discardableResult
    public func verify(
        _ body: String,
        signature: String?,
        url: String? = nil,
        region: String? = nil
    ) throws(SignatureVerificationError) -> VerifiedSignature {
        try verify(body.utf8.span, signature: signature, url: url, region: region)
    }

    /// Checks the signature of a body in any sequence of bytes, such as `Data`.
    ///
    /// The bytes are copied only when they do not lie in one piece.
    @discardableResult
    public func verify(
        _ body: some Sequence<UInt8>,
        signature: String?,
        url: String? = nil,
        region: String? = nil
    ) throws(SignatureVerificationError) -> VerifiedSignature {
        let outcome = body.withContiguousStorageIfAvailable {
            bytes -> Result<VerifiedSignature, SignatureVerificationError> in
            do throws(SignatureVerificationError) {
                return .success(try verify(bytes.span, signature: signature, url: url, region: region))
            } catch {
                return .failure(error)
            }
        }
        if let outcome { return try outcome.get() }
        return try verify(Array(body), signature: signature, url: url, region: region)
    }

    /// Checks the signature of a body by the header fields that came with it: `Upstash-Signature` and `Upstash-Region`.
    ///
    /// A request with two signatures is refused.
    ///
    /// - Parameters:
    ///   - body: The body as received.
    ///   - url: The URL that was called, compared byte for byte; nil leaves it unchecked.
    /// - Throws: ``SignatureVerificationError`` with the first check that failed; answer 401 then.
    @discardableResult
    public func verify(
        _ body: some Sequence<UInt8>,
        headers: HTTPFields,
        url: String? = nil
    ) throws(SignatureVerificationError) -> VerifiedSignature {
        try verify(
            body,
            signature: FieldName.signature.flatMap { headers[$0] },
            url: url,
            region: FieldName.region.flatMap { headers[$0] }
        )
    }
}
