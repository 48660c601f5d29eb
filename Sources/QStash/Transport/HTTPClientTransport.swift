public import AsyncHTTPClient
import HTTPTypes
import NIOCore
import NIOHTTP1

/// The way to the server over async-http-client.
///
/// ``shared`` serves every client that is not told otherwise: it lives as long as the process and needs no shutdown. A program with an
/// `HTTPClient` of its own passes that; it must not follow redirects, because the token would travel along.
public struct HTTPClientTransport: QStashTransport {
    /// One pool of connections for the process, on the shared event loops; redirects are not followed.
    public static let shared = HTTPClientTransport(
        HTTPClient(eventLoopGroupProvider: .singleton, configuration: sharedConfiguration)
    )

    private static var sharedConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        // Else a server that is down would cost the whole time-out, and end as one that may have obeyed: repeating is the retry policy's.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private let client: HTTPClient

    /// A transport over a client, which stays its owner's to shut down.
    public init(_ client: HTTPClient) {
        self.client = client
    }

    /// Sends the request and returns the answer with its whole body; see ``QStashTransport/send(_:timeout:answerBytesMax:)``.
    public func send(
        _ request: QStashRequest,
        timeout: Duration,
        answerBytesMax: Int
    ) async throws -> QStashResponse {
        let outgoing = try Self.outgoing(request)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        do {
            let response = try await client.execute(outgoing, deadline: deadline)
            let body = try await Self.body(of: response, upTo: answerBytesMax, deadline: deadline)
            return QStashResponse(head: try Self.head(of: response), body: body)
        } catch let error as QStashTransportError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPClientError where error == .cancelled && Task.isCancelled {
            throw CancellationError()
        } catch {
            throw QStashTransportError(executing: error)
        }
    }

    private static func outgoing(_ request: QStashRequest) throws(QStashTransportError) -> HTTPClientRequest {
        let head = request.head
        guard let scheme = head.scheme, let authority = head.authority, let path = head.path else {
            throw QStashTransportError(reach: .unsent, detail: "the request has no scheme, authority or path")
        }
        var outgoing = HTTPClientRequest(url: "\(scheme)://\(authority)\(path)")
        outgoing.method = HTTPMethod(rawValue: head.method.rawValue)
        outgoing.headers.reserveCapacity(head.headerFields.count + 1)
        for field in head.headerFields { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        return outgoing
    }

    /// The body, within the time that is left: the client's own deadline ends at the head of the answer.
    private static func body(
        of response: HTTPClientResponse,
        upTo bytesMax: Int,
        deadline: NIODeadline
    ) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var buffer = try await response.body.collect(upTo: bytesMax)
                return buffer.readBytes(length: buffer.readableBytes) ?? []
            }
            group.addTask {
                try await ContinuousClock().sleep(for: .nanoseconds((deadline - .now()).nanoseconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let body = first else {
                throw QStashTransportError(reach: .unknown, isTimeout: true, detail: "the answer took too long")
            }
            return body
        }
    }

    /// - Throws: ``QStashTransportError`` for a status that is none: over HTTP/2 any number may come.
    private static func head(of response: HTTPClientResponse) throws(QStashTransportError) -> HTTPResponse {
        let status = Int(response.status.code)
        guard (100...999).contains(status) else {
            throw QStashTransportError(reach: .unknown, detail: "the answer has no valid status")
        }
        var fields = HTTPFields()
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
    }
}
