import AsyncHTTPClient
package import HTTPTypes
import NIOCore
import NIOHTTP1
import QStash

/// Streams over async-http-client, one pool of connections for the process.
package struct HTTPAnswerStream: AnswerStreaming {
    /// The stream of every command.
    package static let shared = HTTPAnswerStream()

    /// Longer than the pings of an event stream are apart: who says nothing for so long is gone.
    private static let silenceMax = TimeAmount.seconds(45)

    private let client: HTTPClient

    private init() {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = Self.silenceMax
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request, and hands over its answer as it comes.
    package func stream(
        _ request: HTTPRequest,
        connectTimeout: Duration,
        onHead: @Sendable (HTTPResponse) async throws -> Bool,
        onBytes: @Sendable ([UInt8]) async throws -> Bool
    ) async throws {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            throw QStashTransportError(reach: .unsent, detail: "the request has no scheme, authority or path")
        }
        var outgoing = HTTPClientRequest(url: "\(scheme)://\(authority)\(path)")
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(outgoing, timeout: TimeAmount(connectTimeout))
        } catch {
            throw Self.failure(error, reach: .unsent)
        }
        var head = HTTPResponse(status: .init(code: Int(response.status.code)))
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name) else { continue }
            head.headerFields.append(HTTPField(name: name, value: value))
        }
        guard try await onHead(head) else { return }
        do {
            for try await chunk in response.body {
                let isWanted: Bool
                do { isWanted = try await onBytes(Array(chunk.readableBytesView)) } catch {
                    throw Refused(error: error)
                }
                guard isWanted else { return }
            }
        } catch let refused as Refused {
            throw refused.error
        } catch {
            throw Self.failure(error, reach: .unknown)
        }
    }

    /// What the reader threw, apart from what the connection did.
    private struct Refused: Error {
        let error: any Error
    }

    private static func failure(_ error: any Error, reach: QStashTransportError.Reach) -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        let isTimeout = (error as? HTTPClientError).map {
            [.readTimeout, .connectTimeout, .deadlineExceeded].contains($0)
        }
        return QStashTransportError(
            reach: reach,
            isTimeout: isTimeout == true,
            detail: isTimeout == true ? "the server took too long" : "the connection failed",
            underlying: error
        )
    }
}
