import Foundation

/// The processor time of this process, all threads, user and system.
package enum ProcessorTime {
    /// Microseconds since the process began.
    package static var microseconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Self.microseconds(usage.ru_utime) + Self.microseconds(usage.ru_stime)
    }

    private static func microseconds(_ time: timeval) -> Double {
        Double(time.tv_sec) * 1_000_000 + Double(time.tv_usec)
    }
}
