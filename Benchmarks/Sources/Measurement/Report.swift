import Foundation

/// What a benchmark prints for its script to read.
package enum Report {
    /// Prints a name with the median of its values, and the extremes.
    package static func line(_ name: String, _ values: [Double]) {
        let sorted = values.sorted()
        print(
            String(
                format: "%@ %.2f (%.2f to %.2f)",
                name,
                sorted[sorted.count / 2],
                sorted[0],
                sorted[sorted.count - 1]
            )
        )
    }
}
