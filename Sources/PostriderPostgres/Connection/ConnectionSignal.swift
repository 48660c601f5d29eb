#if Postgres
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What others may tell a connection that waits, and ask about it, from any thread.
final class ConnectionSignal: Sendable {
    /// Readable once the connection is to look up.
    let descriptor: Int32
    private let writing: Int32
    private let broken = Atomic<Bool>(false)

    /// - Throws: ``PostgresError`` with code `connection_failed` when the process has no file descriptor left.
    init() throws(PostgresError) {
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.withMemoryRebound(to: Int32.self) { pipe($0.baseAddress) }
        }
        guard status == 0 else { throw PostgresError(.connectionFailed, "no file descriptor is left") }
        for end in [ends.0, ends.1] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends.0
        writing = ends.1
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// Lets the connection look up from its wait.
    func wake() {
        var byte: UInt8 = 1
        // A full pipe is readable already.
        _ = write(writing, &byte, 1)
    }

    /// Makes it unreadable until the next ``wake()``.
    func clear() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(descriptor, &bytes, 16) == 16 {}
    }

    /// Whether the connection must not be used again.
    var isBroken: Bool { broken.load(ordering: .acquiring) }

    func markBroken() { broken.store(true, ordering: .releasing) }
}
#endif
