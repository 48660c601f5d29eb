import Crypto
import PostriderCore
import QStashWire

/// What of a message may be shown: the rest appears as a hash (docs/WIRE.md, "Redaction").
struct Redaction {
    private let fields: RedactFields?

    init(_ settings: MessageSettings) {
        self.fields = settings.redact
    }

    /// The body as it may be shown.
    func body(_ bytes: [UInt8]) -> [UInt8] {
        guard let fields, fields.body, !bytes.isEmpty else { return bytes }
        return Array(Self.placeholder(bytes).utf8)
    }

    /// The headers as they may be shown.
    func headers(_ headers: [HeaderField]) -> [HeaderField] {
        guard let fields else { return headers }
        return headers.map { header in
            guard fields.redacts(headerNamed: header.name) else { return header }
            return HeaderField(name: header.name, value: Self.placeholder(Array(header.value.utf8)))
        }
    }

    /// `REDACTED:` and the SHA-256 in hexadecimal, so that equal values can be told to be equal.
    private static func placeholder(_ bytes: [UInt8]) -> String {
        "REDACTED:"
            + SHA256.hash(data: bytes).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}
