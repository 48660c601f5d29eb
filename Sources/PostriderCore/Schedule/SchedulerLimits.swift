/// The bounds of the scheduler (docs/OPERATIONS.md: what can be set, and what is fixed).
package struct SchedulerLimits: Hashable, Sendable {
    /// Attempts open at once, over all lanes.
    package var openMax = 2_000
    /// Attempts open at once in one lane, which is one origin.
    package var openPerLaneMax = 256
    /// Waiting entries held in memory whose time has not come; the rest stay in the store.
    package var horizonMax = 100_000
    /// Entries that could start now, held for one lane; the rest stay in the store.
    package var readyPerLaneMax = 1_024
    /// Entries that could start now, held over all lanes.
    package var readyMax = 65_536
    /// Bytes of message bodies kept in memory between accepting and delivering; beyond, messages are read again.
    package var windowBytesMax = 64 * 1_048_576
    /// Rows one read from the store brings into memory.
    package var loadMax = 5_000
    /// Attempts that may be open in the first second after an unclean stop; doubles each second (decision 20).
    package var openAfterUncleanStop = 32

    package init() {}
}
