/// What decoding found: issues, and which members of each object were asked for.
///
/// One decoding is one task's; a class, because a decoder and its containers share it.
final class DecodingRecord {
    private(set) var issues: [ValidationIssue] = []

    /// Which members the type asked for, by the path of their object; nil when unknown members do not matter.
    private var known: [[JSONPathElement]: Set<String>]?

    init(tracksKeys: Bool) {
        known = tracksKeys ? [:] : nil
    }

    var tracksKeys: Bool { known != nil }

    func add(_ issue: ValidationIssue) {
        guard issues.count < ValidationIssue.countMax else { return }
        issues.append(issue)
    }

    func see(object path: [JSONPathElement]) {
        if known != nil, known?[path] == nil { known?[path] = [] }
    }

    func see(_ name: String, in path: [JSONPathElement]) {
        known?[path, default: []].insert(name)
    }

    /// Takes over what an attempt of its own found.
    func merge(_ other: DecodingRecord) {
        for issue in other.issues { add(issue) }
        guard let names = other.known else { return }
        for (path, members) in names { known?[path, default: []].formUnion(members) }
    }

    /// An issue for each member that nobody asked for, in the order of their paths; at most 100.
    func unknownKeys(in value: JSONValue) -> [ValidationIssue] {
        guard let known else { return [] }
        var found: [ValidationIssue] = []
        walk(value, at: [], known) { path in
            found.append(ValidationIssue(path: path, code: "unknown_key", message: "is not known"))
            return found.count < ValidationIssue.countMax
        }
        return found
    }

    /// - Returns: Whether to go on: `report` has not had enough.
    @discardableResult
    private func walk(
        _ value: JSONValue,
        at path: [JSONPathElement],
        _ known: [[JSONPathElement]: Set<String>],
        _ report: ([JSONPathElement]) -> Bool
    ) -> Bool {
        switch value {
        case .object(let members):
            guard let names = known[path] else { return true }
            return members.sorted { $0.key < $1.key }.allSatisfy { name, member in
                let place = path + [.key(name)]
                return names.contains(name) ? walk(member, at: place, known, report) : report(place)
            }
        case .array(let elements):
            return elements.enumerated().allSatisfy { walk($1, at: path + [.index($0)], known, report) }
        default: return true
        }
    }
}
