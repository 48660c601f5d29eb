/// How long the disk takes to keep something, and whether it does.
struct DiskCheck: DoctorCheck {
    /// No disk that keeps data through a loss of power answers faster.
    private static let syncMin = Duration.microseconds(10)
    /// Beyond this every publish is noticeably slow.
    private static let syncSlow = Duration.milliseconds(50)

    let path: String
    let probe: any DiskProbe

    let name = DoctorCheckName.disk
    let premises: [DoctorCheckName] = [.dataFolder]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        let times: WriteTimes
        do {
            times = try await probe.writeTimes(in: path)
        } catch {
            return .failed(
                "writing to \(path) fails: \(error.detail)",
                advice: "check permissions, room and mount: the server cannot keep anything there"
            )
        }
        guard let synced = Self.median(times.synced), let unsynced = Self.median(times.unsynced) else {
            return .skipped("nothing was measured")
        }
        let detail =
            "4 KiB are kept in \(TimeText.duration(synced)), and written without waiting in "
            + "\(TimeText.duration(unsynced)) (medians)"
        if synced < Self.syncMin || synced < unsynced * 2 {
            return .warning(
                "\(detail): a sync seems to do nothing",
                advice:
                    "find out whether this disk keeps its cache through a loss of power; if not, messages can be lost"
            )
        }
        if synced > Self.syncSlow {
            return .warning("\(detail): that is slow", advice: "use a faster disk: every publish waits for a sync")
        }
        return .passed(detail)
    }

    private static func median(_ times: [Duration]) -> Duration? {
        guard !times.isEmpty else { return nil }
        return times.sorted()[times.count / 2]
    }
}
