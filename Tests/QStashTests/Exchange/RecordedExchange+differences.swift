import Foundation
import HTTPTypes
import QStash

extension RecordedExchange {
    /// What a request has otherwise than this exchange, in words; empty when nothing that counts.
    ///
    /// Names of headers have no case, telemetry is not looked at, and of the query only the order of one name's values counts. A target that
    /// is recorded for a destination has to be equal byte for byte.
    func differences(from sent: QStashRequest) throws -> [String] {
        var differences: [String] = []
        func compare<Value: Equatable>(_ what: String, _ expected: Value, _ actual: Value) {
            if expected != actual { differences.append("\(what) is \(actual), not \(expected)") }
        }
        let target = sent.head.path ?? ""
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        compare("the method", request.method, sent.head.method.rawValue)
        compare("the path", request.path, String(target[..<mark]))
        compare("the query", Self.byName(request.query), Self.byName(Self.pairs(in: target[mark...].dropFirst())))
        if let expected = request.target, request.path.contains("://") { compare("the target", expected, target) }
        compare("the token's presence", request.authorization, sent.head.headerFields[.authorization] != nil)

        var headers: [String: String] = [:]
        for field in sent.head.headerFields {
            let name = field.name.canonicalName
            guard name == "content-type" || name.hasPrefix("upstash-"), !name.hasPrefix("upstash-telemetry-") else {
                continue
            }
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        for name in Set(request.headers.keys).union(headers.keys).sorted() {
            compare("the header \(name)", request.headers[name], headers[name])
        }
        if let expected = request.body?.json {
            let actual = try JSONValue(parsing: sent.body)
            compare("the body", expected.withLowercasedItemHeaders, actual.withLowercasedItemHeaders)
        } else {
            compare("the body", request.body?.text ?? "", String(decoding: sent.body, as: UTF8.self))
        }
        return differences
    }

    /// The pairs of a query, percent-decoded.
    private static func pairs(in query: Substring) -> [[String]] {
        query.split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return [halves[0], halves.count > 1 ? halves[1] : ""].map { $0.removingPercentEncoding ?? $0 }
        }
    }

    private static func byName(_ pairs: [[String]]) -> [String: [String]] {
        Dictionary(grouping: pairs) { $0[0] }.mapValues { $0.map { $0[1] } }
    }
}
