#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads a body from a file or from standard input.
enum BodySource {
    /// No server takes more than this in one request.
    static let bytesMax = 256 * 1_048_576

    private static let chunkBytes = 65_536

    /// The bytes of a file; `-` means standard input.
    ///
    /// - Throws: ``CommandFailure`` that names the file.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard path != "-" else { return try read(descriptor: STDIN_FILENO, name: "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable("the file \(path)", code: errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: "the file \(path)")
    }

    /// Everything up to the end, which stays the caller's to close.
    static func read(
        descriptor: Int32,
        name: String,
        bytesMax: Int = bytesMax
    ) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, &chunk, chunkBytes)
            #else
            let count = Darwin.read(descriptor, &chunk, chunkBytes)
            #endif
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw unreadable(name, code: errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= bytesMax else {
                throw CommandFailure(
                    .dataRefused,
                    code: "body_too_large",
                    "--body-file: \(name) has more than \(bytesMax / 1_048_576) MiB",
                    advice: "nothing was sent; send less, or pass a reference to where the data is"
                )
            }
        }
    }

    private static func unreadable(_ name: String, code: Int32) -> CommandFailure {
        CommandFailure(
            .configuration,
            code: "file_unusable",
            "--body-file: \(name) cannot be read: \(String(cString: strerror(code)))",
            advice: "nothing was sent; check that it exists and may be read"
        )
    }
}
