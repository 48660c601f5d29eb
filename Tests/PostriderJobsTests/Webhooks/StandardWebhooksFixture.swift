import HTTPTypes
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A request that the official Python package signed (Tests/Integration/test_standard_webhooks.py).
struct StandardWebhooksFixture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let secrets: [String]
    let headers: [String: String]
    let body: String

    var testDescription: String { name }

    /// All of them; empty when the file cannot be read, which a test notices.
    static let all: [StandardWebhooksFixture] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "standard-webhooks.json")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode([StandardWebhooksFixture].self, from: data)) ?? []
    }()

    /// When it was signed.
    var sentAt: Date {
        get throws {
            let text = try #require(headers["webhook-timestamp"])
            return Date(timeIntervalSince1970: try #require(Double(text)))
        }
    }

    var fields: HTTPFields {
        get throws {
            var fields = HTTPFields()
            for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
            return fields
        }
    }
}
