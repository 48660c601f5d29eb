/// A moment of wall-clock time: whole milliseconds since 1970, UTC.
///
/// The unit of every time in the contract (docs/WIRE.md, "Times") and of every time that is stored.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Whole seconds since 1970, rounded down: the unit of JWT claims.
    package var seconds: Int64 { milliseconds / 1_000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment this many milliseconds later, or earlier when negative; stays at the end of the range instead of overflowing.
    package func adding(milliseconds offset: Int64) -> Timestamp {
        let (sum, isOverflow) = milliseconds.addingReportingOverflow(offset)
        return Timestamp(milliseconds: isOverflow ? (offset < 0 ? .min : .max) : sum)
    }
}
