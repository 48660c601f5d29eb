/// The names of the checks, stable for programs, in the order in which they run.
package enum DoctorCheckName: String, Sendable, Hashable, Encodable, CaseIterable {
    case configuration
    case server
    case credentials
    case signingKeys = "signing_keys"
    case clock
    case dataFolder = "data_folder"
    case disk
    case destination
    case roundTrip = "round_trip"

    /// The name for people: with blanks.
    package var title: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }
}
