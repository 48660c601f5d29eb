/// The bounds and sizes of the SQLite store.
package struct SQLiteSettings: Hashable, Sendable {
    /// Microseconds a small transaction waits for company, once the last one had any; 0 never waits.
    package var groupCommitWaitMicroseconds: Int
    /// Writes at which a transaction no longer waits for company.
    package var groupCommitCompanyMax: Int
    /// Writes in one transaction at most.
    package var writesPerCommitMax: Int
    /// Bytes of bodies in one transaction at most; a single larger write still goes, alone.
    package var bytesPerCommitMax: Int
    /// Connections that read.
    package var readerCount: Int
    /// Bytes of a database page; takes effect when the database is made.
    package var pageBytes: Int
    /// Pages in the write-ahead log at which they are moved into the database.
    package var checkpointPages: Int
    /// Bytes of pages the writing connection keeps in memory.
    package var writerCacheBytes: Int
    /// Bytes of pages each reading connection keeps in memory.
    package var readerCacheBytes: Int
    /// Accounts, destinations and lanes whose numbers a connection remembers, of each kind.
    package var internedCountMax: Int

    package init(
        groupCommitWaitMicroseconds: Int = 300,
        groupCommitCompanyMax: Int = 64,
        writesPerCommitMax: Int = 1_000,
        bytesPerCommitMax: Int = 8_388_608,
        readerCount: Int = 3,
        pageBytes: Int = 4_096,
        checkpointPages: Int = 4_000,
        writerCacheBytes: Int = 33_554_432,
        readerCacheBytes: Int = 8_388_608,
        internedCountMax: Int = 4_096
    ) {
        self.groupCommitWaitMicroseconds = groupCommitWaitMicroseconds
        self.groupCommitCompanyMax = groupCommitCompanyMax
        self.writesPerCommitMax = writesPerCommitMax
        self.bytesPerCommitMax = bytesPerCommitMax
        self.readerCount = readerCount
        self.pageBytes = pageBytes
        self.checkpointPages = checkpointPages
        self.writerCacheBytes = writerCacheBytes
        self.readerCacheBytes = readerCacheBytes
        self.internedCountMax = internedCountMax
    }
}
