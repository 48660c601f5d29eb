import PostriderCore

/// A row of the log that may be shown: found by its key, before anything large is read.
struct LogCandidate {
    let key: MessageKey
    let message: MessageKey
    let stream: LogQuery.Stream
}
