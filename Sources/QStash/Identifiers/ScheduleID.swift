/// Names a schedule, such as `scd_nightly`.
///
/// Chosen by the caller or made by the server.
public struct ScheduleID: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "schedule id" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
