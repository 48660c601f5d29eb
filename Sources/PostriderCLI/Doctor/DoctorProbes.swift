import PostriderAddressGuard

/// What the doctor touches besides the server: disk, names and connections.
package struct DoctorProbes: Sendable {
    /// Looks at folders and measures writes.
    package var disk: any DiskProbe
    /// Looks names up.
    package var resolver: any HostResolving
    /// Opens connections.
    package var dialer: any Dialer

    /// Probes with their parts.
    package init(disk: any DiskProbe, resolver: any HostResolving, dialer: any Dialer) {
        self.disk = disk
        self.resolver = resolver
        self.dialer = dialer
    }

    /// The real ones.
    package static func system() -> DoctorProbes {
        DoctorProbes(disk: SystemDiskProbe(), resolver: HostResolver.system(), dialer: SocketDialer())
    }
}
