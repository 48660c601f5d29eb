#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads what a path or descriptor gives up to its end, be it a file, a pipe or a terminal, and no more than a bound.
enum BoundedFile {
    /// Why nothing was read.
    enum Problem: Error, Sendable, Hashable {
        /// The system's words, such as `No such file or directory`.
        case unreadable(String)
        /// There is more than the bound.
        case tooLarge
    }

    private static let chunkBytes = 65_536

    /// The bytes of what the path names.
    static func read(_ path: String, bytesMax: Int) throws(Problem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, bytesMax: bytesMax)
    }

    /// The bytes up to the end; the descriptor stays the caller's to close.
    static func read(descriptor: Int32, bytesMax: Int) throws(Problem) -> [UInt8] {
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
                throw .unreadable(String(cString: strerror(errno)))
            }
            bytes += chunk[..<count]
            guard bytes.count <= bytesMax else { throw .tooLarge }
        }
    }
}
