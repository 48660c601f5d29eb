/// A failure after a part was done, which stays done.
struct PartialFailure: Error {
    /// What went wrong.
    let error: any Error
    /// How many things were done before.
    let done: Int
    /// How many there were to do.
    let total: Int
    /// What was done, such as `deleted`.
    let verb: String
}
