import HTTPTypes
public import PostriderJobs
import PostriderSimulation
import QStash
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension TestBroker {
    /// The broker's time for a `JobServer`: what it waits for comes when the test lets time go on.
    ///
    /// A handler that waits by `context.clock` waits in the broker's time: ``advance(by:)`` may return in the middle of it.
    public var jobClock: any JobClock { BrokerJobClock(engine: engine) }

    /// Chance for a `JobServer`, decided by the broker's seed: so many bytes, for ids and tokens.
    public var jobRandomBytes: @Sendable (Int) -> [UInt8] {
        { [jobRandom] count in
            var bytes: [UInt8] = []
            while bytes.count < count { withUnsafeBytes(of: jobRandom.next().littleEndian) { bytes += $0 } }
            return Array(bytes.prefix(count))
        }
    }

    /// The settings of a `JobServer` that this broker delivers to: its signing keys, and a publisher with ``client``.
    ///
    /// - Parameter origin: Where the server is mounted, such as `https://app.test`.
    public func jobConfiguration(at origin: String) throws -> JobServer.Configuration {
        var configuration = JobServer.Configuration(
            publicBaseURL: origin,
            signingKeys: SigningKeySource { [client] in
                let keys = try await client.signingKeys.get()
                return (keys.current, keys.next)
            }
        )
        configuration.publisher = try JobPublisher(client: client, origin: origin)
        return configuration
    }

    /// Has a `JobServer` answer what is delivered to an origin, in this process.
    ///
    /// ```swift
    /// let server = try JobServer(
    ///     routes, configuration: broker.jobConfiguration(at: "https://app.test"), storage: .inMemory(),
    ///     identity: NoIdentity(), clock: broker.jobClock, randomBytes: broker.jobRandomBytes, logger: logger)
    /// broker.mount(server, at: "https://app.test")
    /// ```
    ///
    /// A path that the server does not know is answered 404. What users ask is asked of the server itself, by `respond(to:)`. As with any
    /// handler, nothing else falls due until the server has answered, but for what it waits for by ``jobClock``.
    ///
    /// - Parameter origin: As in ``answer(_:with:_:)``.
    public func mount(_ server: JobServer, at origin: String) {
        answer(origin) { delivery in
            guard let request = JobRequest(delivery), let response = await server.respond(to: request) else {
                return .status(404)
            }
            return TestAnswer(response)
        }
    }
}

extension JobRequest {
    /// A delivery as the request that it is; nil for a URL that cannot be one.
    fileprivate init?(_ delivery: TestDelivery) {
        guard let url = try? DestinationURL(parsing: delivery.url) else { return nil }
        var fields = delivery.headers
        fields[.contentLength] = String(delivery.body.count)
        self.init(
            head: HTTPRequest(
                method: delivery.method,
                scheme: url.scheme.rawValue,
                authority: url.hostHeader,
                path: url.requestTarget,
                headerFields: fields
            ),
            body: RequestBody(delivery.body),
            remoteAddress: "127.0.0.1"
        )
    }
}

extension TestAnswer {
    /// What a server answered; a stream of events has no end that a delivery could wait for, and counts as empty.
    fileprivate init(_ response: JobResponse) {
        let body: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
        self = .status(response.head.status, headers: response.head.headerFields, body: body)
    }
}

/// The clock of a broker, as jobs see it.
private struct BrokerJobClock: JobClock {
    let engine: TestBrokerEngine

    var now: Date { engine.now.date }

    func sleep(for duration: Duration) async throws {
        try await engine.sleep(until: engine.now.adding(duration), isBesideWork: JobClockUse.isBeside)
    }
}
