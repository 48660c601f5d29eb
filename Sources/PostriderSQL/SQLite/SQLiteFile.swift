#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A database's file, in a folder that only its owner reads.
struct SQLiteFile: Sendable {
    let path: String
    /// Whether file and folder are gone when the database is closed.
    let isTemporary: Bool

    init(path: String) {
        self.path = path
        self.isTemporary = false
    }

    /// A file in a new folder of its own.
    ///
    /// - Throws: ``SQLError`` with code `unavailable`.
    init(temporaryIn folder: String) throws {
        var template = Array((folder + "/postrider-sql-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure("cannot make a folder in \(folder)") }
        let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.path = made + "/application.sqlite"
        self.isTemporary = true
    }

    /// The folder of temporary files that the environment names.
    static var temporaryFolder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes what is missing: the folder 0700, the file 0600; SQLite gives its companions the same mode.
    ///
    /// - Throws: ``SQLError`` with code `unavailable` and words that say what is wrong.
    func make() throws {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw Self.failure("cannot make the folder \(folder)")
        }
        try make(path)
    }

    /// Makes an empty file for a copy.
    func make(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("cannot write \(path)") }
        close(descriptor)
        syncFolder()
    }

    /// Makes sure that a copy's bytes survive the loss of power, and gives it its name.
    func settle(_ partialPath: String, as finalPath: String) throws {
        let descriptor = open(partialPath, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("cannot open \(partialPath)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure("cannot sync \(partialPath)") }
        guard rename(partialPath, finalPath) == 0 else { throw Self.failure("cannot rename \(partialPath)") }
        syncFolder()
    }

    func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file if it is there.
    func remove(_ path: String) { unlink(path) }

    /// Removes a temporary database.
    func removeIfTemporary() {
        guard isTemporary else { return }
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        rmdir(folder)
    }

    // A folder that cannot be synced (some network file systems) is no reason to refuse: the files themselves are.
    private func syncFolder() {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ what: String) -> SQLError {
        SQLError(.unavailable, "\(what): \(String(cString: strerror(errno)))")
    }
}
