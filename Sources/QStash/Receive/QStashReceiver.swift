import QStashWire

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Checks that a request came from QStash or Postrider, and that its body is the one that was signed.
///
/// ```swift
/// let receiver = try QStashReceiver()  // QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY
///
/// do {
///     try receiver.verify(body, headers: request.headers, url: "https://api.example.com/orders")
/// } catch {
///     return Response(status: .unauthorized)
/// }
/// ```
///
/// Give the body as it was received, byte for byte: a body that was decoded and encoded again has another hash. Give the URL too, as
/// the sender calls it, so that a signature made for one of your endpoints is no good at another.
///
/// Only HS256 is accepted. The current key is tried, then the next, so that keys can be rotated without a gap
/// (wire reference, section 10). A receiver is a value without state: make one, and use it from any number of tasks.
public struct QStashReceiver: Sendable {
    private let keys: ReceiverKeys
    private let toleranceSeconds: Int64
    private let now: @Sendable () -> Date

    /// A receiver with one pair of signing keys.
    ///
    /// - Parameters:
    ///   - currentSigningKey: The key as the server shows it, with its `sig_`.
    ///   - nextSigningKey: The key that will be current after a rotation.
    ///   - clockTolerance: How far this clock and the server's may differ; rounded up to whole seconds.
    ///   - now: The clock that signatures expire by.
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the option: a key is empty, the tolerance negative.
    public init(
        currentSigningKey: String,
        nextSigningKey: String,
        clockTolerance: Duration = .zero,
        now: @escaping @Sendable () -> Date = QStashReceiver.systemTime
    ) throws(QStashError) {
        let keys = try ReceiverKeys(current: currentSigningKey, next: nextSigningKey)
        try self.init(keys: keys, clockTolerance: clockTolerance, now: now)
    }

    init(
        keys: ReceiverKeys,
        clockTolerance: Duration,
        now: @escaping @Sendable () -> Date
    ) throws(QStashError) {
        guard clockTolerance >= .zero else {
            throw QStashError(
                .configurationInvalid,
                "clockTolerance must not be negative",
                option: "clockTolerance"
            )
        }
        let (seconds, attoseconds) = clockTolerance.components
        self.keys = keys
        self.toleranceSeconds = attoseconds > 0 && seconds < .max ? seconds + 1 : seconds
        self.now = now
    }

    /// Checks the signature of a body, without copying it.
    ///
    /// The bytes of a `ByteBuffer` or of `Data` have a span.
    ///
    /// - Parameters:
    ///   - body: The body as received.
    ///   - signature: The value of `Upstash-Signature`; nil or empty when the request has none, which is refused.
    ///   - url: The URL that was called, compared byte for byte; nil leaves it unchecked.
    ///   - region: The value of `Upstash-Region`, which chooses among the keys of ``init(environment:clockTolerance:now:logger:)``.
    ///     It is not signed, and chooses only among keys that this receiver has.
    /// - Returns: What the signature says, and which key made it.
    /// - Throws: ``SignatureVerificationError`` with the first check that failed; answer 401 then.
    @discardableResult
    public func verify(
        _ body: Span<UInt8>,
        signature: String?,
        url: String? = nil,
        region: String? = nil
    ) throws(SignatureVerificationError) -> VerifiedSignature {
        guard let signature, !signature.isEmpty else { throw SignatureVerificationError(.tokenMissing) }
        guard let pair = keys.pair(for: region) else { throw SignatureVerificationError(.keysMissing) }
        do throws(SignatureError) {
            let claims = try MessageSignature.verify(
                token: signature,
                body: body,
                url: url,
                nowSeconds: nowSeconds,
                toleranceSeconds: toleranceSeconds,
                keys: pair
            )
            return VerifiedSignature(claims)
        } catch {
            throw SignatureVerificationError(error)
        }
    }

    /// The clock in whole Unix seconds.
    ///
    /// A time that is no number, or beyond all counting, is the end of time: every signature has expired by then.
    private var nowSeconds: Int64 {
        Int64(exactly: now().timeIntervalSince1970.rounded(.down)) ?? .max
    }
}

extension QStashReceiver: CustomStringConvertible, CustomReflectable {
    /// The name of the type: keys must not reach a log.
    public var description: String { "QStashReceiver" }

    /// No children, so that a dump shows no key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
