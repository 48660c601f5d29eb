import HTTPTypes
import PostriderCore
import QStashWire

/// Health, readiness and metrics: outside `/v2`, for those who run the server.
struct OperationRoutes: Sendable {
    let settings: APISettings
    let metricsText: @Sendable () -> String
    let isReady: @Sendable () async -> Bool

    func respond(_ route: Route, _ request: APIRequest) async throws -> APIResponse {
        switch route {
        case .ready:
            guard await isReady() else {
                throw APIError(
                    .serviceUnavailable,
                    code: "not_ready",
                    message: "not ready",
                    headers: [.retryAfter: "1"]
                )
            }
            return status("ready")
        case .metrics:
            try authorize(request)
            return APIResponse(
                status: .ok,
                fields: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: Array(metricsText().utf8)
            )
        default:
            _ = try await request.body.bytes(upTo: settings.parametersBytesMax)
            return status("ok")
        }
    }

    private func authorize(_ request: APIRequest) throws(APIError) {
        guard let token = settings.metricsToken else {
            if settings.isMetricsOpen { return }
            throw APIError(
                .forbidden,
                code: "metrics_token_missing",
                message: "beyond loopback /metrics needs a token: set metrics-token"
            )
        }
        let expected = TokenTable([.init(account: .standard, secret: token, access: .readOnly)])
        _ = try expected.caller(of: request)
    }

    private func status(_ word: String) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("status", word)
            json.endObject()
        }
    }
}
