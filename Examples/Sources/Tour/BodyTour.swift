package import Foundation
package import QStash

/// What a message carries.
package enum BodyTour {
    /// The kinds of bodies there are.
    package static func kinds(_ client: QStashClient, invoice: [UInt8]) async throws {
        let url = "https://api.example.com/documents"
        try await client.publish(.json(Order(id: 7, total: 12.5)), to: url)  // application/json
        try await client.publish(.text("paid"), to: url)  // text/plain; charset=utf-8
        try await client.publish(.bytes(invoice, contentType: "application/pdf"), to: url)
        try await client.publish(to: url)  // no body, no content type
    }

    /// JSON by an encoder of one's own.
    package static func encoder(_ client: QStashClient, due: Date) async throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        try await client.publish(
            .json(["due": due], encoder: encoder),
            to: "https://api.example.com/invoices"
        )
    }
}
