package import PostriderAddressGuard

/// Opens connections to see whether they come about, as a seam for tests.
package protocol Dialer: Sendable {
    /// Connects and closes again.
    func dial(_ address: IPAddress, port: Int, timeout: Duration) async -> DialOutcome
}

/// What became of a connection.
package enum DialOutcome: Sendable, Hashable {
    case connected
    /// Nothing listens there.
    case refused
    case timedOut
    case failed(String)
}
