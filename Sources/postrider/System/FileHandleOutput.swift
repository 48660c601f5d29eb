import Glibc

/// Writes whole texts to the process's own files.
enum FileHandleOutput {
    static func standardError(_ text: String) { write(text, to: STDERR_FILENO) }

    static func standardOutput(_ text: String) { write(text, to: STDOUT_FILENO) }

    private static func write(_ text: String, to file: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            // A reader that is gone is no reason to stop.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
