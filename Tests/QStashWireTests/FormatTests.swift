import QStashWire
import Testing

@Suite struct WireDurationTests {
    @Test(
        arguments: [
            ("50s", 50), ("1d10h30m", 124_200), ("1h30m3s", 5_403), ("1h30m", 5_400), ("10d", 864_000), ("0s", 0),
            ("0", 0), ("90", 90), ("1m1m", 120), ("007s", 7), ("9223372036854775806s", Int64.max - 1),
        ] as [(String, Int64)]
    )
    func wholeNumbersWithUnitsAreRead(text: String, seconds: Int64) throws {
        #expect(try WireDuration.seconds(parsing: text, header: "Upstash-Delay") == seconds)
    }

    @Test(arguments: [
        "", " ", "s", "-1s", "+1s", "1.5s", "1h30", "1w", "1S", "1 s", "1ms", "s1", "1s ", "١s",
        "9223372036854775807", "99999999999999999999999s", "9223372036854775806d", "1d9223372036854775806s",
        String(repeating: "1s", count: 33), String(repeating: "9", count: 1_000_000),
    ])
    func everythingElseIsRefused(text: String) {
        let error = #expect(throws: WireError.self) {
            try WireDuration.seconds(parsing: text, header: "Upstash-Delay")
        }
        #expect(error?.code == .durationInvalid)
        #expect(error?.status == 400)
        #expect(error?.message.hasPrefix("Upstash-Delay is not a duration") == true)
    }

    @Test(arguments: [0, 1, 5_403, 31_536_000] as [Int64])
    func theTextOfADurationReadsBack(seconds: Int64) throws {
        let text = WireDuration.text(seconds: seconds)
        #expect(try WireDuration.seconds(parsing: text, header: "x") == seconds)
    }
}

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
    ])
    func datesAreWritten(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds: seconds) == text)
    }

    @Test func everyDayOfFourCenturiesIsReadAsItWasWritten() {
        for day in Int64(-146_097)..<146_097 {
            let seconds = day * 86_400 + (day % 86_400 + 86_400) % 86_400
            #expect(HTTPDate.seconds(parsing: HTTPDate.text(seconds: seconds)) == seconds)
        }
    }

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400), ("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_799),
            ("Sat, 01 Mar 2025 00:00:00 GMT", 1_740_787_200),
        ] as [(String, Int64)]
    )
    func datesOfRFC1123AreRead(text: String, seconds: Int64) {
        #expect(HTTPDate.seconds(parsing: text) == seconds)
    }

    @Test(arguments: [
        "", "soon", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Thu, 29 Feb 2023 00:00:00 GMT", "Mon, 29 Feb 1900 00:00:00 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Foo, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999999999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT",
    ])
    func otherTextsAreNoDates(text: String) {
        #expect(HTTPDate.seconds(parsing: text) == nil)
    }
}

@Suite struct EncodingTests {
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64FollowsTheVectorsOfRFC4648(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64URL.encode(Array(text.utf8)) == unpadded)
        #expect(Base64URL.encode(Array(text.utf8), isPadded: true) == encoded)
        #expect(Base64URL.decode(unpadded) == Array(text.utf8))
    }

    @Test func alphabetsDifferInTwoCharacters() {
        #expect(Base64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
        #expect(Base64URL.encode([0xFB, 0xFF, 0xFE]) == "-__-")
        #expect(Base64.decode("-__-") == nil)
        #expect(Base64URL.decode("+//+") == nil)
    }

    @Test(arguments: ["A", "AAAAA", "Zh", "Zm9=", "Zg=", "Zg===", "=", "Z g=", "Zg==\n", "Zm9v=", "ä"])
    func textsThatAreNotCanonicalAreRefused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func everyLengthSurvivesTheRoundTrip() {
        var bytes: [UInt8] = []
        for length in 0..<300 {
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            bytes.append(UInt8(truncatingIfNeeded: length &* 167 &+ 13))
        }
    }

    @Test(
        arguments: [
            (0, "00000000000"), (61, "0000000000z"), (62, "00000000010"), (UInt64.max, "LygHa16AHYF"),
        ] as [(UInt64, String)]
    )
    func base62HasAFixedWidth(number: UInt64, text: String) {
        #expect(Base62.text(of: number) == text)
        #expect(Base62.numbers(in: text) == [number])
    }

    @Test func base62TextsSortAsTheirNumbers() {
        let numbers: [UInt64] = [0, 1, 9, 10, 35, 36, 61, 62, 3_843, 3_844, 1 << 40, 1 << 63, .max]
        let texts = numbers.map { Base62.text(of: $0) }
        #expect(texts == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(Base62.numbers(in: Base62.text(of: 7, .max)) == [7, .max])
    }

    @Test(arguments: ["0", "0000000000", "0000000000-", "LygHa16AHYG", "zzzzzzzzzzz", "ä0000000000", "000000000000"])
    func otherTextsAreNotBase62(text: String) {
        #expect(Base62.numbers(in: text) == nil)
    }
}
