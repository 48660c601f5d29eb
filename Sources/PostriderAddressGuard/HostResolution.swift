/// What became of resolving a host.
package enum HostResolution: Hashable, Sendable {
    /// At least one address, in the order in which they should be tried.
    case addresses([IPAddress])
    /// The name definitely has no address.
    case noSuchHost
    /// No answer within the bound; the name may exist.
    case timedOut
    /// The lookup itself failed, or there was no room for it; the name may exist.
    case failed(detail: String)
}
