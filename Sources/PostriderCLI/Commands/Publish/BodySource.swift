#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads a body from a file or from standard input.
enum BodySource {
    /// No server takes more than this in one request.
    static let bytesMax = 256 * 1_048_576

    /// The bytes of a file; `-` means standard input.
    ///
    /// - Throws: ``CommandFailure`` that names the file.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard path != "-" else { return try read(descriptor: STDIN_FILENO, name: "standard input") }
        do {
            return try BoundedFile.read(path, bytesMax: bytesMax)
        } catch {
            throw failure(error, name: "the file \(path)", bytesMax: bytesMax)
        }
    }

    /// Everything up to the end, which stays the caller's to close.
    static func read(
        descriptor: Int32,
        name: String,
        bytesMax: Int = bytesMax
    ) throws(CommandFailure) -> [UInt8] {
        do {
            return try BoundedFile.read(descriptor: descriptor, bytesMax: bytesMax)
        } catch {
            throw failure(error, name: name, bytesMax: bytesMax)
        }
    }

    private static func failure(_ problem: BoundedFile.Problem, name: String, bytesMax: Int) -> CommandFailure {
        switch problem {
        case .unreadable(let reason):
            CommandFailure(
                .configuration,
                code: "file_unusable",
                "--body-file: \(name) cannot be read: \(reason)",
                advice: "nothing was sent; check that it exists and may be read"
            )
        case .tooLarge:
            CommandFailure(
                .dataRefused,
                code: "body_too_large",
                "--body-file: \(name) has more than \(bytesMax / 1_048_576) MiB",
                advice: "nothing was sent; send less, or pass a reference to where the data is"
            )
        }
    }
}
