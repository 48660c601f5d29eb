import FoundationEssentials
import HTTPTypes
import PostriderBroker
import PostriderCore
import QStashWire

/// The JSON of a batch, taken apart so that a bad item does not spoil the others.
enum BatchBody {
    /// The items, each perhaps unreadable.
    ///
    /// - Throws: ``APIError`` with 400 when the body is no JSON array or has too many items; nothing was accepted.
    static func items(_ body: [UInt8], countMax: Int) throws(APIError) -> [Item] {
        let items: [Lenient]
        do {
            // The decoder would blame single items for bytes that are no text at all.
            _ = try UTF8Span(validating: body.span)
            items = try JSONDecoder().decode([Lenient].self, from: Data(body))
        } catch {
            throw APIError(.badRequest, code: "batch_invalid", message: "a batch is a JSON array of messages")
        }
        guard items.count <= countMax else {
            throw APIError(.badRequest, code: "batch_too_long", message: "a batch has at most \(countMax) messages")
        }
        return items.map(\.item)
    }

    /// One message of a batch.
    struct Item {
        var destination: String
        var fields: [HeaderField]
        var body: [UInt8]
        var queue: String?
        /// Why the item could not be read; nil when it could.
        var problem: String?

        /// The item as a publish.
        ///
        /// - Throws: ``APIError`` or ``WireError`` that the item's result carries.
        func request(
            account: Account,
            callerIP: String,
            settings: APISettings,
            limits: Broker.Settings
        ) throws -> PublishRequest {
            if let problem { throw APIError(.badRequest, code: "batch_item_invalid", message: problem) }
            if let queue, !queue.isEmpty { throw APIError.notYet("a queue") }
            guard body.count <= settings.bodyBytesMax else { throw APIError.bodyTooLarge(limit: settings.bodyBytesMax) }
            let wire = limits.accept.wire
            let url = try PublishRoutes.url(of: DestinationTarget.classify(destination, limits: wire))
            let options = try PublishOptions.parse(headers: fields, query: [], limits: wire)
            try PublishRoutes.refuseScheduleHeaders(options)
            return PublishRequest(account: account, destination: url, options: options, body: body, callerIP: callerIP)
        }
    }

    /// An item that decodes to a problem instead of failing the array.
    private struct Lenient: Decodable {
        var item: Item

        private enum Key: String, CodingKey {
            case destination, headers, body, queue
        }

        init(from decoder: any Decoder) throws {
            do {
                let container = try decoder.container(keyedBy: Key.self)
                var fields: [HeaderField] = []
                // A JSON object has no order; sorted names make the stored headers the same every time.
                let headers = try container.decodeIfPresent([String: Values].self, forKey: .headers) ?? [:]
                for (name, values) in headers.sorted(by: { $0.key < $1.key }) {
                    for value in values.texts { fields.append(HeaderField(name: name, value: value)) }
                }
                item = Item(
                    destination: try container.decode(String.self, forKey: .destination),
                    fields: fields,
                    body: Array((try container.decodeIfPresent(String.self, forKey: .body) ?? "").utf8),
                    queue: try container.decodeIfPresent(String.self, forKey: .queue),
                    problem: nil
                )
            } catch {
                item = Item(
                    destination: "",
                    fields: [],
                    body: [],
                    queue: nil,
                    problem: "a message has a destination, and perhaps headers, a body that is a string, and a queue"
                )
            }
        }
    }

    /// One value or several.
    private struct Values: Decodable {
        var texts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                texts = [text]
            } else {
                texts = try container.decode([String].self)
            }
        }
    }
}
