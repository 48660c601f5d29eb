#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QStashReceiver {
    /// The time of this machine, by which signatures expire unless another clock is given.
    ///
    /// The one place where receiving reads a clock of its own accord; everything else is handed one.
    @Sendable
    public static func systemTime() -> Date {
        Date(timeIntervalSinceNow: 0)
    }
}
