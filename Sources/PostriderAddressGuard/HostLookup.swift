/// The blocking question to the system's resolver, as a seam for tests.
package protocol HostLookup: Sendable {
    /// Looks a name up, blocking the calling thread for as long as it takes.
    ///
    /// The host is printable ASCII of at most 254 bytes and no IPv4 address in any form.
    func resolution(of host: String) -> HostResolution
}
