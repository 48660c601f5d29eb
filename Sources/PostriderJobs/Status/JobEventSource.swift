#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a stream of events tells, and when.
struct JobEventSource: Sendable {
    /// How long a stream goes without looking at the record.
    static let lookEvery: Duration = .seconds(2)
    /// How long a stream says nothing at all.
    static let silenceMax: Duration = .seconds(15)

    /// What was read and is not told yet.
    private var untold: JobRecord?
    /// The version that was told last; nil when nothing was.
    private var toldVersion: Int64?
    private var isDone = false
    /// When the last chunk went out.
    private var spokeAt: Date
    private let watcher: JobRecordWatcher
    private let records: any JobRecordStore
    private let clock: any JobClock

    /// - Parameters:
    ///   - record: As it is now.
    ///   - lastSeen: The version that the client has seen already; nil for none.
    init(
        record: JobRecord,
        lastSeen: Int64?,
        watcher: JobRecordWatcher,
        records: any JobRecordStore,
        clock: any JobClock
    ) {
        // A version that is yet to come was never told: the client then gets all there is.
        self.toldVersion = lastSeen.flatMap { $0 <= record.version ? $0 : nil }
        self.untold = record
        self.spokeAt = clock.now
        self.watcher = watcher
        self.records = records
        self.clock = clock
    }

    /// The next chunk; nil at the end.
    mutating func next() async -> [UInt8]? {
        while !isDone, !Task.isCancelled {
            if let record = untold {
                untold = nil
                if let event = event(for: record) { return event }
            }
            let silence = max(Duration.zero, clock.now.duration(until: spokeAt.adding(Self.silenceMax)))
            if silence == .zero {
                spokeAt = clock.now
                return Array(": ping\n\n".utf8)
            }
            await watcher.change(within: min(silence, Self.lookEvery), clock: clock)
            guard !Task.isCancelled else { break }
            await look()
        }
        return nil
    }

    private mutating func look() async {
        do {
            untold = try await records.record(watcher.requestID)
            // A record that is gone has nothing more to tell.
            isDone = untold == nil
        } catch {
            // The next look may be luckier, and the client sees by the comments that somebody is there.
        }
    }

    /// The event for a record; nil when its version was told before.
    ///
    /// The end is told to everybody who asks.
    private mutating func event(for record: JobRecord) -> [UInt8]? {
        guard record.status.isTerminal || toldVersion.map({ record.version > $0 }) ?? true else { return nil }
        isDone = record.status.isTerminal
        toldVersion = record.version
        spokeAt = clock.now
        // JSON text has no line breaks of its own, so one line of data holds it.
        var chunk = Array("event: \(isDone ? "done" : "progress")\nid: \(record.version)\ndata: ".utf8)
        chunk += record.statusFields.bytes
        chunk += [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
        return chunk
    }
}
