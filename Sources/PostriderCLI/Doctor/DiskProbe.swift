/// Looks at folders and measures writes, as a seam for tests.
package protocol DiskProbe: Sendable {
    /// What is known about a folder; nil when there is nothing at that path.
    func folder(at path: String) async -> FolderFacts?

    /// Writes blocks of 4 KiB to a file of its own in the folder, with and without waiting for the disk.
    ///
    /// - Throws: ``DiskProbeError`` when it cannot write there.
    func writeTimes(in path: String) async throws(DiskProbeError) -> WriteTimes
}

/// What the system says about a folder.
package struct FolderFacts: Sendable, Hashable {
    /// Whether it is a folder at all.
    package var isFolder: Bool
    /// Whether this user may make files in it.
    package var isWritable: Bool
    /// The permission bits.
    package var mode: UInt32
    /// Bytes that this user may still write.
    package var freeBytes: Int64
    /// The type of the file system, such as `ext4`; nil when the system does not say.
    package var fileSystem: String?

    /// Facts with their parts.
    package init(isFolder: Bool, isWritable: Bool, mode: UInt32, freeBytes: Int64, fileSystem: String?) {
        self.isFolder = isFolder
        self.isWritable = isWritable
        self.mode = mode
        self.freeBytes = freeBytes
        self.fileSystem = fileSystem
    }
}

/// How long writes took.
package struct WriteTimes: Sendable, Hashable {
    /// Each write with its wait for the disk.
    package var synced: [Duration]
    /// Each write alone.
    package var unsynced: [Duration]

    /// Times, at least one of each.
    package init(synced: [Duration], unsynced: [Duration]) {
        self.synced = synced
        self.unsynced = unsynced
    }
}

/// A write that did not succeed.
package struct DiskProbeError: Error, Sendable, Hashable {
    /// What the system says.
    package let detail: String

    /// A failure with its text.
    package init(_ detail: String) {
        self.detail = detail
    }
}
