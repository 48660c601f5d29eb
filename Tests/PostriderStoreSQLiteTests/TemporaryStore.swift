import Foundation
import PostriderCore
import PostriderSimulation
import PostriderStoreConformance
import PostriderStoreSQLite
import Synchronization

/// A store in a folder of its own that is removed in the end.
final class TemporaryStore: Sendable {
    let folder: String
    private let settings: SQLiteSettings
    private let open = Mutex<SQLiteStore?>(nil)

    init(settings: SQLiteSettings = SQLiteSettings()) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("postrider-\(UUID().uuidString)")
        self.folder = url.path
        self.settings = settings
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    var databasePath: String { folder + "/postrider.sqlite" }

    /// Opens the store, after closing it if it is open.
    func reopen() async throws -> SQLiteStore {
        try await open.withLock { $0 }?.close()
        let store = try SQLiteStore(folder: folder, random: SequentialRandom(), settings: settings)
        open.withLock { $0 = store }
        return store
    }

    /// Forgets the store without closing it, as if the process had been killed.
    func abandon() {
        open.withLock { $0 = nil }
    }

    /// What conformance checks run on; keeps the folder as long as it lives.
    var harness: StoreHarness { StoreHarness { try await self.reopen() } }
}
