import Foundation
import HTTPTypes
import QStash

/// Options by chance, the same for the same seed; all of them can work.
struct RandomOptions: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func options() -> PublishOptions {
        PublishOptions(
            method: maybe { $0.method() },
            headers: headers(),
            delay: maybe { .seconds($0.number(0...31_536_000)) },
            notBefore: maybe { Date(timeIntervalSince1970: Double($0.number(0...4_000_000_000))) },
            retries: maybe { $0.number(0...100) },
            retryDelay: maybe { $0.retryDelay() },
            timeout: maybe { .seconds($0.number(1...7_200)) },
            deduplication: maybe { $0.flag() ? .contentBased : .id($0.text()) },
            callback: maybe { $0.callback() },
            failureCallback: maybe { $0.callback() },
            flowControl: maybe { $0.flowControl() },
            labels: (0..<number(0...4)).map { _ in text() },
            redaction: maybe { $0.redaction() }
        )
    }

    mutating func body() -> MessageBody {
        .text(flag() ? text() : "", contentType: maybe { _ in "text/plain; charset=utf-8" })
    }

    private mutating func callback() -> Callback {
        Callback(
            url: "https://api.example.com/\(number(0...99))?x=\(number(0...9))",
            method: maybe { $0.method() },
            headers: headers(),
            retries: maybe { $0.number(0...100) },
            retryDelay: maybe { $0.retryDelay() },
            timeout: maybe { .seconds($0.number(1...7_200)) },
            delay: maybe { .seconds($0.number(0...31_536_000)) }
        )
    }

    private mutating func flowControl() -> FlowControl {
        let both = number(0...2)
        return FlowControl(
            key: FlowControlKey(text()),
            parallelism: both == 0 ? nil : number(1...1_000),
            rate: both == 1 ? nil : number(1...1_000),
            period: maybe { .seconds($0.number(1...604_800)) }
        )
    }

    private mutating func redaction() -> Redaction {
        switch number(0...2) {
        case 0: Redaction(body: true)
        case 1: Redaction(body: flag(), headers: .all)
        default: Redaction(body: flag(), headers: .named((0...number(0...2)).map { "X-Name-\($0)" }))
        }
    }

    private mutating func retryDelay() -> RetryDelay {
        switch number(0...2) {
        case 0: .constant(.milliseconds(number(0...100_000)))
        case 1: .doubling(from: .milliseconds(number(1...10_000)))
        default: "min(pow(3, retried) * 1000, 300000) / (1 + retried)"
        }
    }

    private mutating func headers() -> HTTPFields {
        var fields = HTTPFields()
        for _ in 0..<number(0...4) {
            let name = ["X-Tenant", "x-tenant", "Authorization", "upstash-workflow-id", "X-\(number(0...99))"][
                number(0...4)
            ]
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: text()))
        }
        return fields
    }

    private mutating func method() -> HTTPRequest.Method { [.get, .post, .put, .patch, .delete][number(0...4)] }

    /// Text without commas, colons, and blanks at its ends.
    private mutating func text() -> String {
        ["a", "order 7", "größe", "😀", "x=y;z", "\"quoted\"", "back\\slash", "%41", "tab\tinside", "[b]"][number(0...9)]
            + "\(number(0...99))"
    }

    private mutating func flag() -> Bool { number(0...1) == 1 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    private mutating func maybe<Value>(_ make: (inout RandomOptions) -> Value) -> Value? {
        number(0...2) == 0 ? nil : make(&self)
    }
}
