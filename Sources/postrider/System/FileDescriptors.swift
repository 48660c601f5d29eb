import Glibc

/// The bound on open files: each connection is one.
enum FileDescriptors {
    private static let wanted: rlim_t = 65_536

    /// Raises the soft limit as far as the system lets a process raise its own.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let raised = min(limit.rlim_max, max(limit.rlim_cur, wanted))
        guard raised > limit.rlim_cur else { return }
        limit.rlim_cur = raised
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
