import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file that is closed once, at the latest when nobody holds it.
final class OpenFile: Sendable {
    private let descriptor: Mutex<CInt?>

    init(_ descriptor: CInt) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        close()
    }

    /// Closes the file; a second time does nothing.
    func close() {
        let open = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let open { _ = systemClose(open) }
    }
}

// The method above hides the system's function of the same name.
private func systemClose(_ descriptor: CInt) -> CInt { close(descriptor) }
