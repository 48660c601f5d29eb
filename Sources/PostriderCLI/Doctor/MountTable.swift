/// The mounted file systems, as `/proc/self/mounts` lists them.
struct MountTable: Sendable {
    private struct Mount {
        var point: String
        var fileSystem: String
    }

    private let mounts: [Mount]

    /// Reads the lines; those that cannot be read are passed over.
    init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 3 else { return nil }
            return Mount(point: Self.unescaped(fields[1]), fileSystem: String(fields[2]))
        }
    }

    /// The type of the file system that an absolute path without links is on; nil when no mount covers it.
    func fileSystem(of path: String) -> String? {
        var found: Mount?
        for mount in mounts {
            let isCovering =
                mount.point == "/" || path == mount.point || path.hasPrefix(mount.point + "/")
            // A later mount at the same point hides the earlier.
            guard isCovering, mount.point.utf8.count >= found?.point.utf8.count ?? 0 else { continue }
            found = mount
        }
        return found?.fileSystem
    }

    /// Blanks and the like are written as a backslash and three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3, let code = UInt8(String(rest.prefix(3)) ?? "", radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
