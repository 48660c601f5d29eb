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
    private static let batchLookUpMilliseconds: Int64 = 5_000

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
        try await check(url, options, isThroughProxy: CallerAddress.isThroughProxy(request))
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
        // A thousand names that do not answer must not hold the request: delivery checks them all again.
        let lookUpUntil = broker.clock.now.adding(milliseconds: Self.batchLookUpMilliseconds)
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
                try await check(
                    publish.destination,
                    publish.options,
                    isThroughProxy: isThroughProxy,
                    lookUpUntil: lookUpUntil
                )
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

    /// Checks every address the message would be sent to.
    private func check(
        _ url: DestinationURL,
        _ options: PublishOptions,
        isThroughProxy: Bool,
        lookUpUntil: Timestamp = Timestamp(milliseconds: .max)
    ) async throws(BrokerError) {
        for url in [url, options.callback?.url, options.failureCallback?.url] {
            guard let url else { continue }
            let mayResolve = broker.clock.now < lookUpUntil
            try await gate.check(url, isThroughProxy: isThroughProxy, mayResolve: mayResolve)
        }
    }

    /// Reads the body, taking room for each piece as it comes; the caller gives back room for the whole.
    private func read(_ request: APIRequest, limit: Int) async throws -> [UInt8] {
        if let announced = request.announcedByteCount, announced > limit { throw APIError.bodyTooLarge(limit: limit) }
        var reserved = 0
        do {
            return try await request.body.bytes(upTo: limit) { count in
                try broker.admission.reserve(bytes: count)
                reserved += count
            }
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
