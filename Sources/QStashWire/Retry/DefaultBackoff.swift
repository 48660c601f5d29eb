/// The delay between attempts when nothing else decides it: `min(86400, e^(2.5·n))` seconds before retry number n.
package enum DefaultBackoff {
    /// Milliseconds to wait before a retry; n is 1 for the first retry, and anything below counts as 1.
    ///
    /// The fifth retry and all later ones wait a day.
    package static func delayMilliseconds(retry n: Int) -> Int64 {
        // Only four values lie below the cap. As a table they are the same on every platform, whatever its exp().
        switch n {
        case ...1: 12_182
        case 2: 148_413
        case 3: 1_808_042
        case 4: 22_026_465
        default: 86_400_000
        }
    }
}
