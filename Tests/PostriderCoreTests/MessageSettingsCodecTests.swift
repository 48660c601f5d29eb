import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@Suite struct MessageSettingsCodecTests {
    private static let full = MessageSettings(
        method: "PATCH",
        headers: [
            HeaderField(name: "Content-Type", value: "application/json"),
            HeaderField(name: "X-Empty", value: ""),
            HeaderField(name: "X-Wide", value: "grüße \u{1F680}\0"),
        ],
        retriesMax: 5,
        timeoutSeconds: 900,
        retryDelay: "retried * 1000",
        callback: CallbackSettings(url: "https://example.com/callback", method: "PUT", retriesMax: 0),
        failureCallback: CallbackSettings(
            url: "https://example.com/failure",
            headers: [HeaderField(name: "A", value: "b")],
            timeoutSeconds: 1,
            retryDelay: "1",
            delaySeconds: 2
        ),
        flowControl: FlowControl(key: "key", parallelism: 3, rate: nil, periodSeconds: 60),
        labels: ["one", ""],
        redact: RedactFields(body: true, allHeaders: true, headerNames: ["Authorization"]),
        callerIP: "192.0.2.1"
    )

    private static let samples: [MessageSettings] = [
        MessageSettings(),
        full,
        MessageSettings(retriesMax: .max, timeoutSeconds: .min, retryDelay: ""),
        MessageSettings(headers: [HeaderField(name: String(repeating: "n", count: 300), value: "v")], retriesMax: 0),
        MessageSettings(flowControl: FlowControl(key: "", parallelism: nil, rate: 1, periodSeconds: .max)),
        MessageSettings(redact: RedactFields(body: false, allHeaders: false, headerNames: [])),
    ]

    @Test(arguments: samples)
    func settingsComeBackAsTheyWere(settings: MessageSettings) throws {
        #expect(try MessageSettingsCodec.decode(MessageSettingsCodec.encode(settings)) == settings)
    }

    @Test func plainSettingsTakeFewBytes() {
        #expect(MessageSettingsCodec.encode(MessageSettings()).count <= 8)
    }

    @Test func everyCutOffRecordIsUnreadable() {
        let bytes = MessageSettingsCodec.encode(Self.full)
        for count in 0..<bytes.count {
            #expect(throws: StoreError.self) { try MessageSettingsCodec.decode(Array(bytes.prefix(count))) }
        }
    }

    @Test func damagedBytesNeverDoWorseThanThrow() {
        let random = SeededRandom(seed: 0x5e77_1465)
        let bytes = MessageSettingsCodec.encode(Self.full)
        for _ in 0..<5_000 {
            var damaged = bytes
            for _ in 0...(random.next() % 4) {
                damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                _ = try MessageSettingsCodec.decode(damaged)
            } catch {
                #expect(error.code == .unreadable)
            }
        }
    }

    @Test func unknownFieldsAreSkipped() throws {
        var bytes = MessageSettingsCodec.encode(Self.full)
        // Before the end: tag 200 with two bytes, as a newer program might write it.
        bytes.insert(contentsOf: [0xc8, 0x01, 2, 0xff, 0xff], at: bytes.count - 1)
        #expect(try MessageSettingsCodec.decode(bytes) == Self.full)
    }

    @Test(
        arguments: [
            [], [1], [2, 0], [1, 0], [1, 3, 1, 6, 0, 9], [1, 3, 0, 0],
            [1, 3, 11, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0],
            [1, 3, 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0],
            [1, 3, 1, 6, 1, 2, 0xc0, 0x80, 0],
            [1, 3, 1, 6, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0],
        ] as [[UInt8]]
    )
    func hostileBytesAreUnreadable(bytes: [UInt8]) {
        let error = #expect(throws: StoreError.self) { try MessageSettingsCodec.decode(bytes) }
        #expect(error?.code == .unreadable)
    }

    @Test(arguments: [[], [("A", "b")], [("A", "b"), ("A", ""), ("", "c")]] as [[(String, String)]])
    func headerListsComeBackInOrder(fields: [(String, String)]) throws {
        let headers = fields.map { HeaderField(name: $0.0, value: $0.1) }
        #expect(try HeaderListCodec.decode(HeaderListCodec.encode(headers)) == headers)
    }
}
