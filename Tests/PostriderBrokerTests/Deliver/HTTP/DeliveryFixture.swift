import NIOCore
import NIOPosix
import NIOSSL
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import QStashWire

/// A resolver's answers from a table; a host that is not in it does not exist.
struct TableLookup: HostLookup {
    var table: [String: [String]] = [:]

    func resolution(of host: String) -> HostResolution {
        guard let texts = table[host] else { return .noSuchHost }
        return .addresses(texts.compactMap { IPAddress($0) })
    }
}

extension HTTPDeliveryClient {
    /// A client for tests, on one event loop unless the test says otherwise; loopback is allowed.
    static func forTest(
        hosts: [String: [String]] = [:],
        tls: TLSConfiguration = .makeClientConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton.next(),
        policy: @escaping @Sendable (DestinationURL) -> AddressPolicy = { _ in
            AddressPolicy(privateDestinations: .allow)
        },
        configure: (inout Configuration) -> Void = { _ in }
    ) -> HTTPDeliveryClient {
        // Tests tell themselves when a connection has been idle for long enough.
        var configuration = Configuration()
        configuration.idleMilliseconds = 60_000
        configure(&configuration)
        let resolver = HostResolver(
            lookup: TableLookup(table: hosts),
            threads: DetachedLookupThreads(),
            timer: DispatchDeadlineTimer(),
            nanoseconds: { 0 }
        )
        return HTTPDeliveryClient(
            eventLoopGroup: group,
            resolver: resolver,
            tls: tls,
            configuration: configuration,
            policy: policy
        )
    }

    /// Sends a request to a URL.
    func send(
        _ url: String,
        method: String = "POST",
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        timeoutMilliseconds: Int64 = 30_000,
        responseBodyBytesMax: Int = 1_000
    ) async throws -> AttemptOutcome {
        await send(
            DeliveryRequest(
                url: try DestinationURL(parsing: url),
                method: method,
                headers: headers,
                body: body,
                timeoutMilliseconds: timeoutMilliseconds,
                responseBodyBytesMax: responseBodyBytesMax
            )
        )
    }
}

extension AttemptOutcome {
    /// The answer; nil when there was none.
    var answer: DeliveryAnswer? {
        if case .answered(let answer) = self { answer } else { nil }
    }

    /// The failure; nil when there was an answer.
    var failure: AttemptFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

/// An answer with a body of two bytes after which the connection may be used again.
let okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
