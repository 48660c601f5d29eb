public import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobServer {
    /// A server that goes by this machine's clock and randomness.
    ///
    /// - Parameters:
    ///   - identity: Who calls endpoints of users; nobody can prove who they are unless said otherwise.
    ///   - logger: Where the server tells what happens.
    /// - Throws: ``JobsError`` with code `configuration_invalid` naming what is wrong.
    public convenience init(
        _ routes: JobRoutes,
        configuration: Configuration,
        storage: JobStorage,
        identity: (any IdentityProvider)? = nil,
        logger: Logger = Logger(label: "postrider.jobs")
    ) throws {
        try self.init(
            routes,
            configuration: configuration,
            storage: storage,
            identity: identity ?? NoIdentity(),
            clock: SystemJobClock(),
            randomBytes: SystemRandomness.bytes,
            logger: logger
        )
    }
}
