import Testing

@testable import PostriderBroker

@Suite struct ResponseExtentTests {
    /// Feeds the text cut into pieces of one size.
    private func extent(of text: String, piece: Int) -> ResponseExtent {
        let bytes = Array(text.utf8)
        var extent = ResponseExtent()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { extent.receive($0) }
        }
        return extent
    }

    @Test(arguments: [1, 2, 3, 4, 7, 64, 10_000])
    func aWholeAnswerIsExactHoweverItIsCut(piece: Int) {
        let plain = extent(of: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", piece: piece)
        #expect(plain.headEnd == 38)
        #expect(plain.isExact(bodyBytes: 3, isChunked: false))
        let after100 = extent(
            of: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nxy",
            piece: piece
        )
        #expect(after100.isExact(bodyBytes: 2, isChunked: false))
        let chunked = extent(
            of: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            piece: piece
        )
        #expect(chunked.isExact(bodyBytes: 1, isChunked: true))
    }

    @Test(arguments: [1, 3, 10_000])
    func anythingMoreIsNoticed(piece: Int) {
        for excess in ["x", "\r\n", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\n\r\n"] {
            let plain = extent(of: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc" + excess, piece: piece)
            #expect(!plain.isExact(bodyBytes: 3, isChunked: false), "\(excess)")
        }
        for excess in ["x", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\n"] {
            let chunked = extent(
                of: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + excess,
                piece: piece
            )
            #expect(!chunked.isExact(bodyBytes: 0, isChunked: true), "\(excess)")
        }
    }

    @Test func leadingEmptyLinesAreNeverExact() {
        let text = "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        #expect(!extent(of: text, piece: 100).isExact(bodyBytes: 0, isChunked: false))
    }

    @Test func anUnfinishedHeadCountsWhole() {
        let unfinished = extent(of: "HTTP/1.1 200 OK\r\nA: b\r\n", piece: 5)
        #expect(unfinished.headEnd == nil)
        #expect(unfinished.headBytesSoFar == 23)
    }
}
