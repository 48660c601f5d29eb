import QStash

/// What a log tells of an error: code and type where it is ours, else the type alone.
///
/// The text of others' errors may hold anything, such as the password of a connection or a row.
enum ErrorText {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as JobsError: "JobsError \(error.code)"
        case let error as QStashError: "QStashError \(error.code)"
        default: "\(type(of: error))"
        }
    }
}
