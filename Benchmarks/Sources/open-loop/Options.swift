/// A mistake on the command line, in words.
struct OptionError: Error {
    let text: String
}

/// What the command line says.
struct Options: Sendable {
    var host = "127.0.0.1"
    var port = 8080
    var token = ""
    /// Messages a second.
    var rate = 1_000
    var seconds = 20
    /// Seconds at the beginning whose messages are sent but not counted.
    var warmUpSeconds = 2
    /// Connections opened before the first message; more are opened when all are waiting, up to `connectionsMax`.
    var connections = 16
    var connectionsMax = 1_024
    var bodyBytes = 1_024
    /// The port to receive on; 0 takes a free one.
    var destinationPort = 0
    /// How long to wait for what is missing at the end.
    var waitSeconds = 30

    static let usage = """
        usage: open-loop --port 8080 --token TOKEN [--host 127.0.0.1] [--rate 1000] [--seconds 20] [--warm-up 2]
                         [--connections 16] [--connections-max 1024] [--body-bytes 1024] [--destination-port 0] [--wait 30]
        """

    /// All messages, those of the warm-up too.
    var count: Int { rate * (seconds + warmUpSeconds) }
    var uncounted: Int { rate * warmUpSeconds }

    init(_ arguments: [String]) throws(OptionError) {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst() else { throw OptionError(text: "\(flag) needs a value.") }
            switch flag {
            case "--host": host = value
            case "--token": token = value
            case "--port": port = try Self.number(flag, value, 1...65_535)
            case "--rate": rate = try Self.number(flag, value, 1...100_000)
            case "--seconds": seconds = try Self.number(flag, value, 1...3_600)
            case "--warm-up": warmUpSeconds = try Self.number(flag, value, 0...600)
            case "--connections": connections = try Self.number(flag, value, 1...10_000)
            case "--connections-max": connectionsMax = try Self.number(flag, value, 1...10_000)
            case "--body-bytes": bodyBytes = try Self.number(flag, value, Ledger.stampBytes...1_048_576)
            case "--destination-port": destinationPort = try Self.number(flag, value, 0...65_535)
            case "--wait": waitSeconds = try Self.number(flag, value, 0...3_600)
            default: throw OptionError(text: "\(flag) is unknown.")
            }
        }
    }

    private static func number(_ flag: String, _ text: String, _ range: ClosedRange<Int>) throws(OptionError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw OptionError(text: "\(flag) is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
