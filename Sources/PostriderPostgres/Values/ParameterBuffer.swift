#if Postgres
/// A statement's parameters in the form that libpq takes.
struct ParameterBuffer {
    /// All values one after the other; a text ends with a zero.
    private var storage: [UInt8] = []
    /// Where each value begins; nil for NULL.
    private var offsets: [Int?] = []
    private(set) var types: [UInt32] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// - Throws: ``PostgresError`` with code `server_error` and the state the server would answer, when a text holds a NUL (`22021`),
    ///   there are too many parameters, or they are too big (`54000`).
    init(_ values: [PostgresValue], bytesMax: Int) throws(PostgresError) {
        guard values.count <= 65_535 else {
            throw PostgresError(.serverError, "a statement takes at most 65,535 parameters", sqlState: "54000")
        }
        let size = values.reduce(0) { $0 + Self.size(of: $1) }
        guard size <= bytesMax else {
            throw PostgresError(.serverError, "the parameters are larger than \(bytesMax) bytes", sqlState: "54000")
        }
        storage.reserveCapacity(size)
        offsets.reserveCapacity(values.count)
        for value in values { try append(value) }
    }

    var count: Int { offsets.count }

    /// Calls with pointers that hold during the call.
    func withPointers<Value>(
        _ body: (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ types: UnsafePointer<UInt32>?,
            _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        storage.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            // An empty value needs a pointer too: nil would be NULL.
            let empty = [CChar](repeating: 0, count: 1)
            return empty.withUnsafeBufferPointer { empty in
                let pointers = offsets.map { offset in
                    offset.flatMap { offset in base.map { $0 + offset } ?? empty.baseAddress }
                }
                return pointers.withUnsafeBufferPointer { pointers in
                    body(pointers.baseAddress, types, lengths, formats)
                }
            }
        }
    }

    private static func size(of value: PostgresValue) -> Int {
        switch value {
        case .null: 0
        case .bool, .int64, .double: 8
        case .text(let text): text.utf8.count + 1
        case .bytes(let bytes): bytes.count
        case .bools(let list): 20 + list.count * 5
        case .int64s(let list): 20 + list.count * 12
        case .doubles(let list): 20 + list.count * 12
        case .texts(let list): list.reduce(20) { $0 + 4 + ($1?.utf8.count ?? 0) }
        case .byteArrays(let list): list.reduce(20) { $0 + 4 + ($1?.count ?? 0) }
        }
    }

    private mutating func append(_ value: PostgresValue) throws(PostgresError) {
        let start = storage.count
        var type: UInt32 = 0
        var format: Int32 = 1
        switch value {
        case .null:
            offsets.append(nil)
            types.append(0)
            lengths.append(0)
            formats.append(0)
            return
        case .bool(let value):
            type = PostgresType.bool
            storage.append(value ? 1 : 0)
        case .int64(let value):
            type = PostgresType.int8
            append(bigEndian: value)
        case .double(let value):
            type = PostgresType.float8
            append(bigEndian: value.bitPattern)
        case .text(let text):
            format = 0
            try append(text: text)
            storage.append(0)
        case .bytes(let bytes):
            type = PostgresType.bytea
            storage += bytes
        case .bools(let list):
            type = PostgresType.boolArray
            append(array: list, of: PostgresType.bool) { buffer, element in buffer.storage.append(element ? 1 : 0) }
        case .int64s(let list):
            type = PostgresType.int8Array
            append(array: list, of: PostgresType.int8) { buffer, element in buffer.append(bigEndian: element) }
        case .doubles(let list):
            type = PostgresType.float8Array
            append(array: list, of: PostgresType.float8) { buffer, element in
                buffer.append(bigEndian: element.bitPattern)
            }
        case .texts(let list):
            type = PostgresType.textArray
            for case let text? in list where text.utf8.contains(0) { throw Self.holdsNUL }
            append(array: list, of: PostgresType.text) { buffer, element in buffer.storage += element.utf8 }
        case .byteArrays(let list):
            type = PostgresType.byteaArray
            append(array: list, of: PostgresType.bytea) { buffer, element in buffer.storage += element }
        }
        offsets.append(start)
        types.append(type)
        lengths.append(Int32(storage.count - start))
        formats.append(format)
    }

    private mutating func append(text: String) throws(PostgresError) {
        let start = storage.count
        storage += text.utf8
        // As text it would end there without a word.
        guard !storage[start...].contains(0) else { throw Self.holdsNUL }
    }

    private mutating func append(bigEndian value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { storage.append(contentsOf: $0) }
    }

    /// Dimensions, whether there are NULLs, element type; then for the one dimension its length and lower bound; then the elements.
    private mutating func append<Element>(
        array list: [Element?],
        of type: UInt32,
        element encode: (inout ParameterBuffer, Element) -> Void
    ) {
        append(bigEndian: Int32(list.isEmpty ? 0 : 1))
        append(bigEndian: Int32(list.contains { $0 == nil } ? 1 : 0))
        append(bigEndian: type)
        guard !list.isEmpty else { return }
        append(bigEndian: Int32(list.count))
        append(bigEndian: Int32(1))
        for element in list {
            guard let element else {
                append(bigEndian: Int32(-1))
                continue
            }
            let start = storage.count
            append(bigEndian: Int32(0))
            encode(&self, element)
            let length = Int32(storage.count - start - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes in
                for (index, byte) in bytes.enumerated() { storage[start + index] = byte }
            }
        }
    }

    private static var holdsNUL: PostgresError {
        PostgresError(.serverError, "a text holds a NUL, which PostgreSQL cannot store", sqlState: "22021")
    }
}
#endif
