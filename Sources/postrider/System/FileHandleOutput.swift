import Glibc
import PostriderCLI

/// Writes whole texts to the process's own files.
enum FileHandleOutput {
    static func standardError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    static func standardOutput(_ text: String) { _ = write(text, to: STDOUT_FILENO) }

    /// Standard output of a command, which ends with its reader: nobody is left to show anything to.
    ///
    /// When it cannot be written for another reason, such as a full disk, the command ends with `ExitStatus.outputFailed`.
    static func standardOutputOfCommand(_ text: String) {
        guard !write(text, to: STDOUT_FILENO) else { return }
        Glibc.exit(errno == EPIPE ? 0 : ExitStatus.outputFailed.rawValue)
    }

    /// False when the reader is gone or the file is full.
    private static func write(_ text: String, to file: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
