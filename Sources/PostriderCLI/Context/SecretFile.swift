/// A file or pipe that holds one secret: a token or a signing key.
///
/// Secrets come from files and from the environment, never from arguments, which others on the machine can read.
package enum SecretFile {
    private static let bytesMax = 65_536

    /// The first word of the file, without the blanks and line ends around it.
    ///
    /// - Throws: ``CommandFailure`` when there is none; it names the file, never what is in it.
    package static func read(_ path: String, holding noun: String) throws(CommandFailure) -> String {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, bytesMax: bytesMax)
        } catch {
            switch error {
            case .unreadable(let reason):
                throw failure(
                    "the file \(path) of the \(noun) cannot be read: \(reason)",
                    "check that it exists and may be read"
                )
            case .tooLarge:
                throw failure("the file \(path) is too large for a \(noun)", "give a file with the \(noun) alone")
            }
        }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first else {
            throw failure(
                words.isEmpty ? "the file \(path) is empty" : "the file \(path) has more than a \(noun) in it",
                "give a file with the \(noun) alone"
            )
        }
        return String(word)
    }

    private static func failure(_ message: String, _ advice: String) -> CommandFailure {
        CommandFailure(.configuration, code: "file_unusable", message, advice: advice)
    }
}
