import FoundationEssentials
import HTTPTypes

/// The ids a call names, by query or by JSON body (docs/WIRE.md, "Bulk").
enum IDList {
    private struct Body: Decodable {
        var messageIds: [String]?
        var dlqIds: [String]?
    }

    /// The ids.
    ///
    /// - Parameters:
    ///   - name: `messageIds` or `dlqIds`.
    ///   - also: Parameters that mean something besides the ids.
    ///   - notYet: Parameters that a later version serves.
    /// - Returns: The ids; nil when none are named at all, which means everything.
    /// - Throws: ``APIError`` with 400 when the list is empty or too long, or a parameter is unknown; nothing was done.
    static func read(
        _ request: APIRequest,
        name: String,
        also: Set<String> = [],
        notYet: Set<String>,
        countMax: Int,
        bytesMax: Int
    ) async throws -> [String]? {
        let parameters = try request.parameters()
        let body = try await request.body.bytes(upTo: bytesMax)
        if let texts = parameters[name], texts.contains(where: Self.hasEmptyPart) { throw emptyID(name) }
        var ids = parameters.list(name)
        if ids == nil, !body.isEmpty { ids = try decoded(body, name: name, notYet: notYet) }
        // With ids given, everything else is ignored, as clients expect; without, a typing error must not mean "all".
        guard let ids else {
            try parameters.allowOnly(also.union([name]), notYet: notYet)
            return nil
        }
        guard !ids.isEmpty, ids.allSatisfy({ !$0.isEmpty }) else {
            throw emptyID(name)
        }
        guard ids.count <= countMax else {
            throw APIError(.badRequest, code: "too_many_ids", message: "\(name) has more than \(countMax) ids")
        }
        return ids
    }

    private static func decoded(_ body: [UInt8], name: String, notYet: Set<String>) throws(APIError) -> [String]? {
        let object: [String: Anything]
        let lists: Body
        do {
            object = try JSONDecoder().decode([String: Anything].self, from: Data(body))
            lists = try JSONDecoder().decode(Body.self, from: Data(body))
        } catch {
            throw APIError(.badRequest, code: "body_invalid", message: "the body is not a JSON object with \(name)")
        }
        let ids = name == "messageIds" ? lists.messageIds : lists.dlqIds
        guard ids == nil else { return ids }
        guard object[name] == nil else {
            throw APIError(.badRequest, code: "id_missing", message: "\(name) is null; nothing was done")
        }
        for key in object.keys.sorted() where key != name {
            throw notYet.contains(key)
                ? APIError(
                    .badRequest,
                    code: "filter_not_supported_yet",
                    message: "the parameter \(key.prefix(64)) is not supported yet by this server"
                )
                : APIError(.badRequest, code: "parameter_unknown", message: "unknown parameter \(key.prefix(64))")
        }
        return nil
    }

    private static func hasEmptyPart(_ text: String) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).contains { $0.isEmpty }
    }

    private static func emptyID(_ name: String) -> APIError {
        APIError(.badRequest, code: "id_missing", message: "\(name) has an empty id; nothing was done")
    }

    /// Any JSON value; only that it is there matters.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
