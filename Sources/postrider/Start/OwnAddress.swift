import PostriderBroker
import Synchronization

/// Where this server's own applications are reached: known once it listens, asked with every publish and every dial.
final class OwnAddress: Sendable {
    private let state = Mutex<OwnApplication?>(nil)

    /// Nil before the server listens.
    var application: OwnApplication? { state.withLock { $0 } }

    func set(_ application: OwnApplication) { state.withLock { $0 = application } }
}
