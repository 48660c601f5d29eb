extension JSONWriter {
    /// A key with a header map: canonical names, each with the array of its values, in the order of first appearance.
    package mutating func field(_ key: String, headers: [HeaderField]) {
        self.key(key)
        beginObject()
        var written: [String] = []
        for (index, header) in headers.enumerated() {
            let name = HeaderField.canonicalName(header.name)
            guard !written.contains(name) else { continue }
            written.append(name)
            self.key(name)
            beginArray()
            for other in headers[index...] where other.isNamed(name) { value(other.value) }
            endArray()
        }
        endObject()
    }
}
