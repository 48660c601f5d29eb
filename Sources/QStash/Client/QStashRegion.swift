/// A region of the cloud: tokens, keys and resources belong to one.
public struct QStashRegion: Sendable, Hashable, CustomStringConvertible {
    private enum Name: String {
        case euCentral1 = "EU_CENTRAL_1"
        case usEast1 = "US_EAST_1"
    }

    private let name: Name

    /// The region in Europe.
    public static let euCentral1 = QStashRegion(.euCentral1)
    /// The region in North America.
    public static let usEast1 = QStashRegion(.usEast1)

    private init(_ name: Name) {
        self.name = name
    }

    /// The region with that name; nil for no region.
    ///
    /// Case does not matter and hyphens may stand for underscores: `eu-central-1` in the header `Upstash-Region`, `EU_CENTRAL_1` in
    /// `QSTASH_REGION`.
    public init?(name: String) {
        guard name.utf8.count <= 16 else { return nil }
        let normal = String(name.uppercased().map { $0 == "-" ? "_" : $0 })
        guard let known = Name(rawValue: normal) else { return nil }
        self.name = known
    }

    /// The name with underscores, as it stands in variables.
    public var description: String { name.rawValue }

    /// What the variables of the region begin with.
    var variablePrefix: String { name.rawValue }
}
