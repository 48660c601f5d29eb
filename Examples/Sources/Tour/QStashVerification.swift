package import Hummingbird
import Logging
import NIOCore
package import QStash

/// Lets nothing through but what QStash or Postrider has signed for the URL that was called.
package struct QStashVerification<Context: RequestContext>: RouterMiddleware {
    let receiver: QStashReceiver
    let publicURL: String

    /// A check of signatures.
    ///
    /// - Parameter publicURL: What publishers write in front of the path, such as `https://api.example.com`.
    package init(receiver: QStashReceiver, publicURL: String) {
        self.receiver = receiver
        self.publicURL = publicURL
    }

    /// Reads the body, verifies it as it was received, and hands it on.
    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: context.maxUploadSize)
        do {
            try receiver.verify(
                body.readableBytesView,
                headers: request.headers,
                url: publicURL + request.uri.string
            )
        } catch {
            // The reason is for the log: whoever forges signatures learns nothing.
            context.logger.debug("delivery refused", metadata: ["code": "\(error.code)"])
            throw HTTPError(.unauthorized)
        }
        return try await next(request, context)
    }
}
