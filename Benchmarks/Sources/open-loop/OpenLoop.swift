import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Publishes at a fixed rate, whatever the server does, and measures until each message arrives.
///
/// A closed loop waits for the server before it sends again and so never sees the queue it would have caused. Here every
/// message has a moment at which it should have been sent, and all times count from that moment.
@main
struct OpenLoop {
    static func main() async throws {
        let options: Options
        do {
            options = try Options(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("\(error.text)\n\n\(Options.usage)")
            exit(2)
        }
        // One thread for both ends, so that the server keeps the other cores; clocks on it need no comparing.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let ledger = Ledger(expected: options.count)
        let listener = try await Destination(ledger: ledger).listen(on: group, port: options.destinationPort)
        guard let port = listener.localAddress?.port else { throw OptionError(text: "The destination has no port.") }
        let loop = group.next()
        let finished = loop.makePromise(of: Void.self)
        try await loop.submit {
            Sender(options: options, destinationPort: port, ledger: ledger, loop: loop, finished: finished).start()
        }.get()
        try await finished.futureResult.get()
        await ledger.waitUntilComplete(on: loop, atMost: options.waitSeconds)
        print(ledger.report())
        try await listener.close()
        try await group.shutdownGracefully()
    }
}
