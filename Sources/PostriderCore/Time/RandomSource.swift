import QStashWire

/// The one source of chance, so that a seed replays a run.
package protocol RandomSource: Sendable {
    /// 64 bits; from the system's cryptographic source in production, from a seed in tests.
    func next() -> UInt64
}

extension RandomSource {
    /// Random letters and digits, for token ids, keys and secrets; eleven characters carry 64 bits.
    package func text(count: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + Base62.width)
        while bytes.count < count { Base62.append(next(), to: &bytes) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
