package import ArgumentParser
package import QStash

/// How a command ends, by the numbers of sysexits(3); docs/CLI.md has the same table.
package enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// What was asked for was done.
    case ok = 0
    /// The command ran, and what it looked at is not as it should be.
    case checkFailed = 1
    /// The command line cannot be read.
    case usage = 64
    /// A value was refused, by us or by the server.
    case dataRefused = 65
    /// What was named does not exist.
    case notFound = 66
    /// No answer came from the server.
    case unreachable = 69
    /// The server failed, or we did.
    case failure = 70
    /// What there is to show cannot be written.
    case outputFailed = 74
    /// Not now: a rate limit, or no room.
    case tryLater = 75
    /// The token is missing, wrong, or may not do this.
    case credentials = 77
    /// The client, a file, an address or a key cannot be used as set up.
    case configuration = 78

    /// The status in the form that the argument parser ends the process with.
    package var exitCode: ExitCode { ExitCode(rawValue) }

    /// The status of an error of the client.
    package init(_ code: QStashError.Code) {
        switch code {
        case .optionInvalid, .identifierEmpty, .listEmpty, .filterEmpty, .badRequest, .conflict, .quotaExceeded,
            .tooLarge:
            self = .dataRefused
        case .notFound: self = .notFound
        case .unreachable, .timedOut: self = .unreachable
        case .dailyLimit, .burstLimit, .chatLimit, .overloaded: self = .tryLater
        case .unauthorized, .forbidden: self = .credentials
        case .configurationInvalid: self = .configuration
        default: self = .failure
        }
    }
}
