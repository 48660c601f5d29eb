#if Postgres
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Waiting for a socket and for a signal at once.
enum SocketWait {
    enum Outcome {
        /// The socket can be read, written, or has failed.
        case ready(isReadable: Bool)
        /// Somebody signalled.
        case woken
        case timedOut
    }

    /// Waits on the thread of the caller.
    static func wait(
        socket: Int32,
        forReading: Bool = true,
        forWriting: Bool = false,
        signal: ConnectionSignal,
        until deadline: ContinuousClock.Instant
    ) -> Outcome {
        let events = (forReading ? POLLIN : 0) | (forWriting ? POLLOUT : 0)
        while true {
            var descriptors = (
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: signal.descriptor, events: Int16(POLLIN), revents: 0)
            )
            let remaining = ContinuousClock.now.duration(to: deadline)
            let count = withUnsafeMutableBytes(of: &descriptors) { bytes in
                bytes.withMemoryRebound(to: pollfd.self) { poll($0.baseAddress, 2, milliseconds(remaining)) }
            }
            // What keeps poll itself from working shows when the socket is used.
            if count < 0 {
                if errno == EINTR { continue }
                return .ready(isReadable: true)
            }
            if descriptors.1.revents != 0 {
                signal.clear()
                return .woken
            }
            if descriptors.0.revents != 0 {
                return .ready(isReadable: Int32(descriptors.0.revents) & ~Int32(POLLOUT) != 0)
            }
            if remaining <= .zero { return .timedOut }
        }
    }

    /// Whether something has arrived, or the other side has closed.
    static func isReadable(_ socket: Int32) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) != 0
    }

    /// Whole milliseconds, rounded up, at most a minute: longer waits begin again.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        guard duration > .zero else { return 0 }
        guard duration < .seconds(60) else { return 60_000 }
        let parts = duration.components
        return Int32(parts.seconds) * 1_000 + Int32((parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
#endif
