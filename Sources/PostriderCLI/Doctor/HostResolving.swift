package import PostriderAddressGuard

/// Looks names up, as a seam for tests.
package protocol HostResolving: Sendable {
    /// The addresses of a host, or why there are none.
    func resolve(host: String) async -> HostResolution
}

extension HostResolver: HostResolving {}
