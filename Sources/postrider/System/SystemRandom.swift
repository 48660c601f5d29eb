import PostriderCore

/// The system's cryptographic source of chance.
struct SystemRandom: RandomSource {
    func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
