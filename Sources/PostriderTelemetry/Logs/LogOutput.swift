import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where log lines go.
///
/// Every line arrives whole, final line feed included, so that lines of concurrent tasks never run into one another.
package struct LogOutput: Sendable {
    private let sink: @Sendable ([UInt8]) -> Void

    /// Sends each line to a closure, which must cope with calls from several threads at once.
    ///
    /// The bytes are UTF-8 and end with a line feed.
    package init(_ sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.sink = sink
    }

    /// The process's standard error, one lock for the whole process.
    package static let standardError = LogOutput { line in
        standardErrorLock.withLock { _ in writeWhole(line, to: STDERR_FILENO) }
    }

    func send(_ line: [UInt8]) {
        sink(line)
    }

    private static let standardErrorLock = Mutex(())

    /// Writes until nothing is left, because a pipe or a terminal may take a line in pieces.
    private static func writeWhole(_ line: [UInt8], to descriptor: Int32) {
        var start = 0
        while start < line.count {
            let written = line[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                start += written
            } else if errno == EAGAIN {
                // Another process may have made the shared description non-blocking: wait until it drains.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&waiting, 1, 1_000) > 0 else { return }
            } else if errno != EINTR {
                // Nobody can be told that the log cannot be written.
                return
            }
        }
    }
}
