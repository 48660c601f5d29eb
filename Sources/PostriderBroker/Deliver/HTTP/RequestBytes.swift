import NIOCore
import QStashWire

/// A request as it goes over the wire.
///
/// Written straight from the header fields into one buffer: turning them into SwiftNIO's header type and having its
/// encoder write that costs several allocations more for each request, and neither checks for forbidden bytes.
struct RequestBytes: Sendable {
    /// Why a request cannot be sent; never says the value at fault.
    struct Rejection: Error {
        let detail: String
    }

    /// A body up to this size shares the buffer of the head, and so its packet; a larger one is written beside it.
    static let sharedBodyBytesMax = 65_536

    /// The head, and the body when it is small.
    let head: ByteBuffer
    /// The body when it is large.
    let body: ByteBuffer?
    /// Whether the answer has no body, whatever its header says.
    let isHeadRequest: Bool

    var byteCount: Int { head.readableBytes + (body?.readableBytes ?? 0) }

    /// Writes a request with exactly the given fields, `Host`, and `Content-Length` where the method calls for it.
    ///
    /// - Throws: ``Rejection`` when a part would break the framing: control bytes, or a field that is ours to set.
    init(
        method: String,
        requestTarget: String,
        hostHeader: String,
        headers: [HeaderField],
        body: [UInt8]
    ) throws(Rejection) {
        let isLarge = body.count > Self.sharedBodyBytesMax
        var capacity = 64 + method.utf8.count + requestTarget.utf8.count
        capacity += hostHeader.utf8.count + (isLarge ? 0 : body.count)
        for field in headers {
            capacity += field.name.utf8.count + field.value.utf8.count + 4
        }
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)

        guard !method.isEmpty, buffer.append(method, where: isTokenByte), method != "CONNECT"
        else {
            throw Rejection(detail: "the method cannot be sent")
        }
        buffer.writeStaticString(" ")
        guard
            requestTarget.utf8.first == UInt8(ascii: "/"),
            buffer.append(requestTarget, where: isTargetByte)
        else { throw Rejection(detail: "the request target cannot be sent") }
        buffer.writeStaticString(" HTTP/1.1\r\nHost: ")
        guard buffer.append(hostHeader, where: isTargetByte) else {
            throw Rejection(detail: "the host cannot be sent")
        }
        for field in headers {
            buffer.writeStaticString("\r\n")
            guard !field.name.isEmpty, buffer.append(field.name, where: isTokenByte), !isReserved(field.name) else {
                throw Rejection(detail: "a header field has a name that cannot be sent")
            }
            buffer.writeStaticString(": ")
            guard buffer.append(field.value, where: isValueByte) else {
                throw Rejection(detail: "the header field \(field.name) has a value that cannot be sent")
            }
        }
        switch method {
        case _ where !body.isEmpty, "POST", "PUT", "PATCH":
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(body.count))
        default:
            break
        }
        buffer.writeStaticString("\r\n\r\n")
        if !isLarge {
            buffer.writeBytes(body)
        }
        self.head = buffer
        self.body = isLarge ? ByteBuffer(bytes: body) : nil
        self.isHeadRequest = method == "HEAD"
    }
}

/// Whether the field frames the message or steers the connection, and so is not the caller's to set.
private func isReserved(_ name: String) -> Bool {
    switch name.utf8.count {
    case 2, 4, 7, 10, 14, 17:
        return [
            "te", "host", "upgrade", "trailer", "connection", "keep-alive", "content-length", "transfer-encoding",
        ].contains(name.lowercased())
    default:
        return false
    }
}

/// A byte of a method or field name (RFC 9110, token).
@inline(__always)
private func isTokenByte(_ byte: UInt8) -> Bool {
    // One bit for each of the 128 ASCII bytes.
    let mask: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
    return byte < 128 && mask >> UInt64(byte & 63) & 1 == 1
}

/// A byte of a request target or host: anything but controls and space.
@inline(__always)
private func isTargetByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F
}

/// A byte of a field value: anything but controls, tab excepted.
@inline(__always)
private func isValueByte(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte != 0x7F) || byte == 0x09
}

extension ByteBuffer {
    /// Writes the text and says whether all its bytes were allowed; when not, the buffer is of no use any more.
    @inline(__always)
    fileprivate mutating func append(_ text: String, where isAllowed: (UInt8) -> Bool) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            // Counting without an early exit lets the compiler take many bytes at a time.
            var forbiddenCount = 0
            for byte in bytes {
                forbiddenCount += isAllowed(byte) ? 0 : 1
            }
            writeBytes(bytes)
            return forbiddenCount == 0
        }
    }
}
