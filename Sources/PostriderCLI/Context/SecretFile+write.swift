#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension SecretFile {
    /// Writes a secret into a file that the owner alone may read; one that is there is replaced in one step.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written; a file that was there is as it was.
    static func write(_ secret: String, to path: String, holding noun: String) throws(CommandFailure) {
        let beside = path + ".new"
        unlink(beside)
        // The mode is set before anything is in the file.
        let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable(path, noun) }
        let bytes = Array((secret + "\n").utf8)
        let count = bytes.withUnsafeBytes { buffer in
            #if canImport(Glibc)
            Glibc.write(file, buffer.baseAddress, buffer.count)
            #else
            Darwin.write(file, buffer.baseAddress, buffer.count)
            #endif
        }
        let isWritten = count == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(beside, path) == 0 else {
            let failure = unwritable(path, noun)
            unlink(beside)
            throw failure
        }
    }

    private static func unwritable(_ path: String, _ noun: String) -> CommandFailure {
        CommandFailure(
            .outputFailed,
            code: "file_unwritable",
            "the \(noun) cannot be written to \(path): \(String(cString: strerror(errno)))"
        )
    }
}
