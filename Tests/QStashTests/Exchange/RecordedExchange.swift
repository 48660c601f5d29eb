import Foundation
import HTTPTypes
import QStash
import Testing

/// One file of `Exchanges/`: a request, and the answer to it.
///
/// The format is described in the `README.md` there.
struct RecordedExchange: Decodable, Sendable {
    struct Request: Decodable, Sendable {
        var method: String
        var path: String
        var query: [[String]]
        var target: String?
        var headers: [String: String]
        var authorization: Bool
        var body: Content?
    }

    struct Response: Decodable, Sendable {
        var status: Int
        var headers: [String: String]
        var body: Content?
    }

    struct Content: Decodable, Sendable {
        var json: JSONValue?
        var text: String?

        var bytes: [UInt8] {
            get throws { try json?.bytes ?? Array((text ?? "").utf8) }
        }
    }

    var name: String
    var request: Request
    var response: Response

    /// The folder of the files, next to this one's.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Exchanges")

    /// The names of all files.
    static var names: Set<String> {
        get throws {
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return Set(files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) })
        }
    }

    init(named name: String) throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
        self = try JSONDecoder().decode(RecordedExchange.self, from: data)
    }

    /// The answer as a transport would bring it.
    var answer: QStashResponse {
        get throws {
            var fields = HTTPFields()
            for (name, value) in response.headers {
                fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
            }
            return QStashResponse(
                head: HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields),
                body: try response.body?.bytes ?? []
            )
        }
    }
}
