import QStashWire
import Testing

@Suite struct JSONWriterTests {
    @Test func nestedValuesAreSeparatedByCommas() {
        var json = JSONWriter()
        json.beginArray()
        json.beginObject()
        json.field("messageId", "msg_1")
        json.field("n", -5)
        json.field("big", Int64.max)
        json.field("deduplicated", true)
        json.key("list")
        json.beginArray()
        json.value(1)
        json.null()
        json.value(false)
        json.endArray()
        json.key("empty")
        json.beginObject()
        json.endObject()
        json.key("raw")
        json.raw(Array("[1,2]".utf8))
        json.field("bytes", base64: [0xFB, 0xFF])
        json.endObject()
        json.value("two")
        json.endArray()
        #expect(
            json.text
                == #"[{"messageId":"msg_1","n":-5,"big":9223372036854775807,"deduplicated":true,"list":[1,null,false],"#
                + #""empty":{},"raw":[1,2],"bytes":"+/8="},"two"]"#
        )
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
        ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("grün 😀\u{2028}", "\"grün 😀\u{2028}\""), ("\\", #""\\""#),
    ])
    func stringsAreEscaped(text: String, json: String) {
        var writer = JSONWriter()
        writer.value(text)
        #expect(writer.text == json)
        var key = JSONWriter()
        key.beginObject()
        key.field(text, 1)
        key.endObject()
        #expect(key.text == "{\(json):1}")
    }

    @Test(
        arguments: [
            (Array("{\"n\":1}".utf8), #"{"body":"{\"n\":1}"}"#), ([0xFF, 0x00], #"{"bodyBase64":"/wA="}"#), ([], "{}"),
            ([0xC0, 0x80], #"{"bodyBase64":"wIA="}"#), ([0xED, 0xA0, 0x80], #"{"bodyBase64":"7aCA"}"#),
            ([0x61, 0xC3], #"{"bodyBase64":"YcM="}"#),
        ] as [([UInt8], String)]
    )
    func bodiesAreTextOrBase64(body: [UInt8], json: String) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("body", orBase64: "bodyBase64", body: body)
        writer.endObject()
        #expect(writer.text == json)
    }
}

@Suite struct ContentDeduplicationTests {
    private let url = "https://a.test/x"
    private let headers = fields([("Content-Type", "a/b"), ("X-A", "1"), ("X-B", "2")])

    private func id(_ destination: String? = nil, _ headers: [HeaderField]? = nil, _ body: [UInt8] = [1, 2]) -> String {
        ContentDeduplication.id(destination: destination ?? url, headers: headers ?? self.headers, body: body)
    }

    @Test func theSameContentHasTheSameID() {
        #expect(id() == id())
        #expect(id(nil, [headers[2], headers[0], headers[1]]) == id())
        #expect(id().hasPrefix("content:"))
        #expect(id().utf8.count == 51)
    }

    @Test func everyPartCounts() {
        let variants = [
            id(), id("https://a.test/y"), id(nil, []), id(nil, nil, []), id(nil, nil, [1, 2, 0]),
            id(nil, fields([("Content-Type", "a/b"), ("X-A", "12"), ("X-B", "")])),
            id(nil, fields([("Content-Type", "a/b"), ("X-A", "1"), ("X-B", "2"), ("X-B", "2")])),
            id(nil, fields([("Content-Type", "a/b"), ("X-A1", ""), ("X-B", "2")])),
        ]
        #expect(Set(variants).count == variants.count)
    }

    @Test func partsDoNotRunIntoEachOther() {
        #expect(id("ab", [], Array("c".utf8)) != id("a", [], Array("bc".utf8)))
        let one = fields([("X", "ab"), ("X", "c")])
        let other = fields([("X", "a"), ("X", "bc")])
        #expect(id(nil, one) != id(nil, other))
        #expect(id(nil, Array(one.reversed())) != id(nil, one))
    }
}
