import PostriderCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The folder of a store: its files, their modes, and the lock that keeps a second process out.
///
/// The lock is held until ``release()`` or until the process ends, however it ends.
final class StoreFolder: Sendable {
    /// The folder as it was given.
    let path: String
    private let lock: OpenFile

    /// Makes what is missing (folder 0700, files 0600) and takes the lock.
    ///
    /// - Throws: ``StoreError`` with code `refused` and words that say what to do.
    init(path: String) throws(StoreError) {
        self.path = path
        let isNew = mkdir(path, 0o700) == 0
        guard isNew || errno == EEXIST else { throw Self.refusal("cannot make the data folder \(path)", errno) }
        let descriptor = open(path + "/postrider.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Self.refusal("cannot write in the data folder \(path); choose another with --data", errno)
        }
        self.lock = OpenFile(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            lock.close()
            throw code == EWOULDBLOCK
                ? StoreError(
                    .refused,
                    detail:
                        "the data folder \(path) is in use by another process: stop it, or choose another with --data"
                )
                : Self.refusal("cannot lock the data folder \(path)", code)
        }
        if isNew { Self.sync(directory: Self.parent(of: path)) }
    }

    /// The database file.
    var databasePath: String { path + "/postrider.sqlite" }

    /// Where the database is copied to before it is brought from a schema to a later one.
    func copyPath(beforeLeaving version: Int) -> String { path + "/postrider-schema-\(version).sqlite" }

    /// Makes the file if it is missing, readable by its owner only: SQLite gives its companions the same mode.
    func makeFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.refusal("cannot write \(path)", errno) }
        close(descriptor)
        Self.sync(directory: self.path)
    }

    /// Makes sure that a file's bytes survive the loss of power.
    func syncFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal("cannot open \(path)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.refusal("cannot sync \(path)", errno) }
    }

    /// Removes a file if it is there.
    func removeFile(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.refusal("cannot remove \(path)", errno) }
    }

    /// Gives a file its final name, durably.
    func renameFile(_ path: String, to newPath: String) throws(StoreError) {
        guard rename(path, newPath) == 0 else { throw Self.refusal("cannot rename \(path)", errno) }
        Self.sync(directory: self.path)
    }

    /// Whether there is a file of this path.
    func hasFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Gives the folder up for another process.
    func release() { lock.close() }

    // A folder that cannot be synced (some network file systems) is no reason to refuse: the files themselves are.
    private static func sync(directory: String) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func parent(of path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static func refusal(_ what: String, _ code: CInt) -> StoreError {
        StoreError(.refused, detail: "\(what): \(String(cString: strerror(code)))")
    }
}
