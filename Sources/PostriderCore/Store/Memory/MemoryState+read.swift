extension MemoryState {
    func log(_ query: LogQuery) -> [LogRow] {
        guard query.limit > 0, let marks = logs[query.account] else { return [] }
        let wanted = query.messages.map(Set.init)
        var rows: [LogRow] = []
        let candidates =
            query.isLatestFirst
            ? AnySequence(marks.elements[..<end(of: marks, from: query.from)].reversed())
            : AnySequence(marks.elements[start(of: marks, from: query.from)...])
        for mark in candidates {
            guard wanted?.contains(mark.message) ?? true, let row = row(mark, query: query) else { continue }
            rows.append(row)
            if rows.count == query.limit { break }
        }
        return rows
    }

    private func start(of marks: SortedArray<LogMark>, from key: MessageKey?) -> Int {
        key.map { key in marks.partitionIndex { $0.key < key } } ?? 0
    }

    private func end(of marks: SortedArray<LogMark>, from key: MessageKey?) -> Int {
        key.map { key in marks.partitionIndex { $0.key <= key } } ?? marks.count
    }

    /// The row of a mark; nil when the query does not ask for it.
    private func row(_ mark: LogMark, query: LogQuery) -> LogRow? {
        guard let message = messages[mark.message]?.bounded(bodyBytesMax: query.bodyBytesMax) else { return nil }
        switch mark.kind {
        case .created:
            guard query.streams.contains(.created) else { return nil }
            return LogRow(key: mark.key, message: message, kind: .created)
        case .attempt:
            guard query.streams.contains(.attempt), var attempt = attempts[mark.key],
                query.verdicts?.contains(attempt.verdict) ?? true
            else { return nil }
            if attempt.responseBody.count > query.bodyBytesMax { attempt.responseBody = [] }
            return LogRow(key: mark.key, message: message, kind: .attempt(attempt))
        case .cancellation(let at, let isRemoved):
            guard query.streams.contains(.cancellation) else { return nil }
            return LogRow(key: mark.key, message: message, kind: .cancellation(at: at, isRemoved: isRemoved))
        }
    }

    func deadLetters(_ query: DeadLetterQuery) -> [DeadLetter] {
        guard query.limit > 0, let ids = deadLetters[query.account] else { return [] }
        let wanted = query.ids.map(Set.init)
        let ordered = query.isLatestFirst ? AnySequence(ids.elements.reversed()) : AnySequence(ids.elements)
        let matches = ordered.lazy.filter { id in
            if let after = query.after {
                guard query.isLatestFirst ? id < after : id > after else { return false }
            }
            return (wanted?.contains(id) ?? true) && (query.message.map { $0 == id.message } ?? true)
        }
        return matches.prefix(query.limit).compactMap { id in
            guard let message = messages[id.message], let attempt = lastAttempts[id].flatMap({ attempts[$0] }) else {
                return nil
            }
            return DeadLetter(id: id, message: message, attempt: attempt)
        }
    }
}

extension Message {
    /// The message itself, or the same without its body when that is above the bound.
    fileprivate func bounded(bodyBytesMax: Int) -> Message {
        guard case .bytes(let bytes) = body, bytes.count > bodyBytesMax else { return self }
        return Message(
            key: key,
            account: account,
            destination: destination,
            createdAt: createdAt,
            notBefore: notBefore,
            settings: settings,
            body: .omitted(byteCount: bytes.count)
        )
    }
}
