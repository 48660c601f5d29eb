import HTTPTypes
import PostriderBroker
import PostriderCore
import QStashWire

/// Publish and batch (docs/WIRE.md, "Publish").
struct PublishRoutes: Sendable {
    let broker: Broker
    let gate: DestinationGate
    let settings: APISettings
    let address: CallerAddress

    private static let accepted = HTTPResponse.Status.accepted

    func publish(_ request: APIRequest, remainder: Substring, account: Account) async throws -> APIResponse {
        let target = try DestinationTarget.parse(
            remainder: String(remainder),
            query: request.query.map(String.init),
            limits: broker.settings.accept.wire
        )
        let url = try Self.url(of: target.kind)
        let options = try PublishOptions.parse(
            headers: request.headerFields,
            query: target.options,
            limits: broker.settings.accept.wire
        )
        try Self.refuseScheduleHeaders(options)
        try await gate.check(url, isThroughProxy: CallerAddress.isThroughProxy(request))
        let body = try await read(request, limit: settings.bodyBytesMax)
        defer { broker.admission.release(bytes: body.count) }
        let publish = PublishRequest(
            account: account,
            destination: url,
            options: options,
            body: body,
            callerIP: address.text(of: request)
        )
        guard let receipt = try await broker.acceptor.accept([publish]).first?.get() else {
            throw APIError(.internalServerError, code: "internal_error", message: "internal error")
        }
        return .json(receipt.isDuplicate ? Self.accepted : .ok) { Self.write(receipt, to: &$0) }
    }

    func batch(_ request: APIRequest, account: Account) async throws -> APIResponse {
        let body = try await read(request, limit: settings.batchBytesMax)
        defer { broker.admission.release(bytes: body.count) }
        let items = try BatchBody.items(body, countMax: settings.batchItemsMax)
        let callerIP = address.text(of: request)
        let isThroughProxy = CallerAddress.isThroughProxy(request)
        var results: [Result<PublishReceipt, APIError>?] = []
        var publishes: [PublishRequest] = []
        for item in items {
            do {
                let publish = try item.request(
                    account: account,
                    callerIP: callerIP,
                    settings: settings,
                    limits: broker.settings
                )
                try await gate.check(publish.destination, isThroughProxy: isThroughProxy)
                publishes.append(publish)
                results.append(nil)
            } catch {
                results.append(.failure(APIError.from(error)))
            }
        }
        var receipts = (publishes.isEmpty ? [] : try await broker.acceptor.accept(publishes)).makeIterator()
        return .json { json in
            json.beginArray()
            for result in results {
                switch result ?? receipts.next().map({ $0.mapError { APIError($0) } }) {
                case .success(let receipt):
                    Self.write(receipt, to: &json)
                case .failure(let error):
                    json.beginObject()
                    json.field("error", error.message)
                    json.field("code", error.code)
                    json.endObject()
                case nil:
                    preconditionFailure("a batch item without a result")
                }
            }
            json.endArray()
        }
    }

    /// Reads the body once there is room for it; the caller gives the room back.
    private func read(_ request: APIRequest, limit: Int) async throws -> [UInt8] {
        if let announced = request.announcedByteCount, announced > limit { throw APIError.bodyTooLarge(limit: limit) }
        // Without an announced length the room for the largest body is taken until the true length is known.
        let reserved = request.announcedByteCount ?? limit
        try broker.admission.reserve(bytes: reserved)
        do {
            let body = try await request.body.bytes(upTo: min(limit, reserved))
            broker.admission.release(bytes: reserved - body.count)
            return body
        } catch {
            broker.admission.release(bytes: reserved)
            throw error
        }
    }

    static func url(of kind: DestinationTarget.Kind) throws(APIError) -> DestinationURL {
        switch kind {
        case .url(let url): return url
        case .group: throw .notYet("publishing to a URL group")
        case .api(let name):
            throw APIError(.badRequest, code: "api_not_available", message: "api/\(name) is not available")
        }
    }

    /// Headers that only a schedule may carry would be lost without a word.
    static func refuseScheduleHeaders(_ options: PublishOptions) throws(APIError) {
        if options.cron != nil { throw .notYet("Upstash-Cron") }
        if options.queueName != nil { throw .notYet("Upstash-Queue-Name") }
    }

    private static func write(_ receipt: PublishReceipt, to json: inout JSONWriter) {
        json.beginObject()
        json.field("messageId", receipt.id.description)
        json.field("url", receipt.url)
        if receipt.isDuplicate { json.field("deduplicated", true) }
        json.endObject()
    }
}
