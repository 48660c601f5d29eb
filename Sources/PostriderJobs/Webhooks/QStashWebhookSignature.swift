import HTTPTypes
public import QStash

/// The signature of QStash and Postrider, for a hook that the broker calls: a callback, a schedule, a message to a URL group.
///
/// The event is told by `Upstash-Message-Id`, which is the same on each retry, and which the signature does not cover: it covers body, URL
/// and times, none of which tells two messages apart that say the same. Whoever records a request can therefore have it handled again under
/// another id, until its signature runs out. Where that matters, name the event by its body with `eventKey`.
public struct QStashWebhookSignature: WebhookSignature {
    private let receiver: QStashReceiver

    /// A signature that a receiver checks, whose clock decides when it has run out.
    public init(_ receiver: QStashReceiver) {
        self.receiver = receiver
    }

    /// Checks a request, which must have been signed for the URL of this hook.
    public func verify(_ request: SignedRequest) -> SignatureVerdict {
        do throws(SignatureVerificationError) {
            try receiver.verify(request.body, headers: request.head.headerFields, url: request.url)
            return .valid(deliveryID: request.field(FieldNames.messageID))
        } catch {
            return .refused(reason: error.code.description)
        }
    }
}

extension WebhookSignature where Self == QStashWebhookSignature {
    /// The signature of QStash and Postrider.
    public static func qstash(_ receiver: QStashReceiver) -> QStashWebhookSignature { QStashWebhookSignature(receiver) }
}
