/// Builds JSON text by appending to an array of bytes, for answers that are sent often.
///
/// The writer places commas; that every `begin` has its `end` and every value in an object its key is up to the caller.
package struct JSONWriter: Sendable {
    /// The text so far, in UTF-8.
    package private(set) var bytes: [UInt8] = []

    private var needsComma = false

    /// A writer with room for a number of bytes before it has to grow.
    package init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// The text so far.
    package var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// Begins an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the innermost object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Begins an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the innermost array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// The key of the next value.
    package mutating func key(_ key: String) {
        beginValue()
        appendQuoted(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A string.
    package mutating func value(_ text: String) {
        beginValue()
        appendQuoted(text)
    }

    /// A whole number.
    package mutating func value(_ number: Int64) {
        beginValue()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A whole number.
    package mutating func value(_ number: Int) { value(Int64(number)) }

    /// A truth value.
    package mutating func value(_ flag: Bool) {
        beginValue()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// The value `null`.
    package mutating func null() {
        beginValue()
        bytes.append(contentsOf: "null".utf8)
    }

    /// A value that is JSON text already.
    package mutating func raw(_ json: [UInt8]) {
        beginValue()
        bytes.append(contentsOf: json)
    }

    /// A string with the bytes in base64 (padded, standard alphabet).
    package mutating func base64(_ data: [UInt8]) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        data.withUnsafeBytes { Base64.append($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A key with a string.
    package mutating func field(_ key: String, _ text: String) {
        self.key(key)
        value(text)
    }

    /// A key with a whole number.
    package mutating func field(_ key: String, _ number: Int64) {
        self.key(key)
        value(number)
    }

    /// A key with a whole number.
    package mutating func field(_ key: String, _ number: Int) {
        self.key(key)
        value(number)
    }

    /// A key with a truth value.
    package mutating func field(_ key: String, _ flag: Bool) {
        self.key(key)
        value(flag)
    }

    /// A key with a string of base64.
    package mutating func field(_ key: String, base64 data: [UInt8]) {
        self.key(key)
        base64(data)
    }

    /// Bytes as a string if they are valid UTF-8, under one key, or else in base64 under another.
    ///
    /// Resources show bodies this way; empty bytes write nothing.
    package mutating func field(_ key: String, orBase64 otherKey: String, body: [UInt8]) {
        guard !body.isEmpty else { return }
        if (try? UTF8Span(validating: body.span)) != nil {
            self.key(key)
            beginValue()
            body.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &bytes) }
        } else {
            field(otherKey, base64: body)
        }
    }

    private mutating func begin(_ bracket: UInt8) {
        beginValue()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func beginValue() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { JSONText.appendQuoted($0, to: &bytes) }
    }
}
