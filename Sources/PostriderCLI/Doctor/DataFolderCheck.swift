/// Whether the server's data is in a place that keeps it.
struct DataFolderCheck: DoctorCheck {
    /// Below this a busy server is full within minutes.
    private static let freeBytesWarning: Int64 = 1_073_741_824
    /// Below this publishes are about to be refused.
    private static let freeBytesFailure: Int64 = 67_108_864

    private static let memory: Set<String> = ["tmpfs", "ramfs", "devtmpfs"]
    private static let layered: Set<String> = ["overlay", "aufs"]
    private static let network: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "glusterfs", "lustre", "ncpfs", "virtiofs",
    ]

    let path: String
    /// Whether somebody said that the data is there, rather than us guessing.
    let isSaid: Bool
    let probe: any DiskProbe

    let name = DoctorCheckName.dataFolder
    let premises: [DoctorCheckName] = []

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard isSaid || facts.access?.isLocal == true else {
            return .skipped("the server is elsewhere", advice: "run this on its machine, with --data")
        }
        guard let folder = await probe.folder(at: path) else {
            guard isSaid else {
                return .skipped("no folder \(path) here", advice: "say where the server's data is with --data")
            }
            return .failed("there is no folder \(path)", advice: "give the server's data folder with --data")
        }
        guard folder.isFolder else {
            return .failed("\(path) is no folder", advice: "give the folder, not a file in it")
        }
        guard folder.isWritable else {
            return .failed(
                "\(path) is not writable for this user",
                advice: "run this as the server's user; if that was so, mount and permissions are to be changed"
            )
        }
        let free = Self.size(folder.freeBytes)
        if let problem = Self.problem(ofFileSystem: folder.fileSystem, path: path) { return problem }
        if folder.freeBytes < Self.freeBytesFailure {
            return .failed("\(free) are free at \(path)", advice: "make room: a full disk answers publishes with 507")
        }
        if folder.freeBytes < Self.freeBytesWarning {
            return .warning("\(free) are free at \(path)", advice: "make room: a full disk answers publishes with 507")
        }
        if folder.mode & 0o077 != 0 {
            return .warning(
                "\(path) is open to other users of this machine",
                advice: "chmod 700: it holds the token, the signing keys and all bodies in clear"
            )
        }
        return .passed("\(path) is writable, \(free) free, on \(folder.fileSystem ?? "an unnamed file system")")
    }

    private static func problem(ofFileSystem type: String?, path: String) -> DoctorFinding? {
        guard let type else { return nil }
        if memory.contains(type) {
            return .failed(
                "\(path) is in memory (\(type)): a restart of the machine loses every message",
                advice: "put the data on a disk"
            )
        }
        if layered.contains(type) {
            return .warning(
                "\(path) is in a container's own layer (\(type)), which goes with the container",
                advice: "mount a volume there"
            )
        }
        if network.contains(type) || type.hasPrefix("fuse") {
            return .warning(
                "\(path) is on \(type): locks and syncs of such file systems cannot be relied on",
                advice: "put the data on a local disk"
            )
        }
        return nil
    }

    private static func size(_ bytes: Int64) -> String {
        let gibibytes = Double(bytes) / 1_073_741_824
        return gibibytes >= 10 ? "\(Int64(gibibytes)) GiB" : "\(bytes / 1_048_576) MiB"
    }
}
