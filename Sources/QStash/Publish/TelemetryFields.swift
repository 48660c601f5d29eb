import HTTPTypes

/// What an SDK tells the server about itself: its name, the system, the language mode of Swift; nothing of the program.
enum TelemetryFields {
    /// The version of this SDK.
    static let version = "0.1.0"

    private static let all: [(HTTPField.Name, String)] = {
        var fields: [(HTTPField.Name, String)] = []
        for (name, value) in [
            ("Upstash-Telemetry-Sdk", "postrider-swift@\(version)"),
            ("Upstash-Telemetry-Platform", platform),
            ("Upstash-Telemetry-Runtime", "swift@6"),
        ] {
            if let name = HTTPField.Name(name) { fields.append((name, value)) }
        }
        return fields
    }()

    private static var platform: String {
        #if os(Linux)
        "linux"
        #elseif os(macOS)
        "macos"
        #else
        "other"
        #endif
    }

    static func add(to fields: inout HTTPFields) {
        for (name, value) in all { fields[name] = value }
    }
}
