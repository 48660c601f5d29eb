import FoundationEssentials
import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Asks the system, and writes for real.
struct SystemDiskProbe: DiskProbe {
    private static let blockBytes = 4_096
    private static let blocksMax = 64
    /// A slow disk has told enough by then.
    private static let timeMax = Duration.seconds(3)

    func folder(at path: String) async -> FolderFacts? {
        await onThread { Self.facts(of: path) } ?? nil
    }

    func writeTimes(in path: String) async throws(DiskProbeError) -> WriteTimes {
        guard let result = await onThread({ Self.measure(in: path) }) else {
            throw DiskProbeError("no thread to work on")
        }
        return try result.get()
    }

    /// Disks block; the threads of the language's pool must not wait for them.
    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        try? await NIOThreadPool.singleton.runIfActive(work)
    }

    private static func facts(of path: String) -> FolderFacts? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        var space = statvfs()
        let isSpaceKnown = statvfs(path, &space) == 0
        return FolderFacts(
            isFolder: status.st_mode & S_IFMT == S_IFDIR,
            isWritable: access(path, W_OK | X_OK) == 0,
            mode: UInt32(status.st_mode & 0o7777),
            freeBytes: isSpaceKnown ? Int64(clamping: UInt64(space.f_bavail) * UInt64(space.f_frsize)) : 0,
            fileSystem: fileSystem(of: path)
        )
    }

    private static func fileSystem(of path: String) -> String? {
        guard let mounts = FileManager.default.contents(atPath: "/proc/self/mounts") else { return nil }
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return MountTable(String(decoding: mounts, as: UTF8.self)).fileSystem(of: String(cString: real))
    }

    private static func measure(in path: String) -> Result<WriteTimes, DiskProbeError> {
        var template = Array("\(path)/.postrider-doctor-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { return .failure(DiskProbeError(String(cString: strerror(errno)))) }
        defer { close(file) }
        // Gone from the folder at once, so that nothing is left whatever happens.
        unlink(template)
        do {
            return .success(
                WriteTimes(
                    synced: try times(file: file, isSynced: true),
                    unsynced: try times(file: file, isSynced: false)
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private static func times(file: Int32, isSynced: Bool) throws(DiskProbeError) -> [Duration] {
        let clock = ContinuousClock()
        let block = [UInt8](repeating: 0x5A, count: blockBytes)
        let began = clock.now
        var times: [Duration] = []
        while times.count < blocksMax, clock.now - began < timeMax {
            let start = clock.now
            guard write(file, block, block.count) == block.count, !isSynced || sync(file) == 0 else {
                throw DiskProbeError(String(cString: strerror(errno)))
            }
            times.append(clock.now - start)
        }
        return times
    }

    private static func sync(_ file: Int32) -> Int32 {
        #if canImport(Glibc)
        fdatasync(file)
        #else
        fsync(file)
        #endif
    }
}
