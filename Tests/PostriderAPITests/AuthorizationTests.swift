import HTTPTypes
import PostriderSimulation
import Testing

@testable import PostriderAPI

@Suite struct AuthorizationTests {
    @Test(arguments: ["Bearer full-secret", "bearer full-secret", "BEARER full-secret"])
    func theHeaderOpensWhateverTheCaseOfItsScheme(authorization: String) async {
        let answer = await TestService().send(.get, "/v2/events", token: nil, headers: ["Authorization": authorization])
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        "full-secret", "Bearer", "Bearer ", "Bearer  full-secret", "Bearer wrong", "Bearer Full-Secret",
        "Bearer full-secret,x", "Basic full-secret", "Bearerfull-secret", "Token full-secret",
    ])
    func anyOtherHeaderIsRefusedAlsoBesideAGoodQuery(authorization: String) async throws {
        let service = TestService()
        for target in ["/v2/events", "/v2/events?qstash_token=full-secret"] {
            let answer = await service.send(.get, target, token: nil, headers: ["Authorization": authorization])
            #expect(answer.status == 401)
            #expect(
                try answer.json == ["error": "unable to authenticate: invalid token", "code": "unauthorized"]
            )
        }
    }

    @Test(arguments: [
        "qstash_token=full-secret", "qstash_token=a+b/c=", "qstash_token=a%2Bb%2Fc%3D",
        "qstash_token=full-secret&qstash_token=wrong",
    ])
    func theQueryOpensWhenThereIsNoHeader(query: String) async throws {
        let service = TestService()
        #expect(await service.send(.get, "/v2/events?\(query)", token: nil).status == 200)
        let answer = await service.send(.post, "/v2/publish/https://a.test/x?\(query)", token: nil)
        #expect(answer.status == 200)
        #expect(try answer.json["url"] == "https://a.test/x")
    }

    @Test(arguments: ["QSTASH_TOKEN", "Qstash_Token", "%71stash_token"])
    func theNameInTheQueryIsReadInAnyCaseAndKeptFromTheDestination(name: String) async throws {
        let service = TestService()
        let target = "/v2/publish/https://a.test/x?y=1&\(name)=full-secret&z=2"
        let answer = await service.send(.post, target, token: nil)
        #expect(answer.status == 200)
        #expect(try answer.json["url"] == "https://a.test/x?y=1&z=2")
    }

    @Test(arguments: [
        "", "?", "?qstash_token", "?qstash_token=", "?qstash_token=wrong", "?qstash_token=%zz",
        "?qstash_token=wrong&qstash_token=full-secret", "?token=full-secret", "?qstash_token=a%20b/c=",
    ])
    func noOrAWrongTokenInTheQueryIsRefused(query: String) async {
        let answer = await TestService().send(.get, "/v2/events\(query)", token: nil)
        #expect(answer.status == 401)
        #expect(answer.code == "unauthorized")
    }

    @Test(arguments: [
        "/v2", "/v2/", "/v2/events", "/v2/nothing", "/v2/messages/", "/v2/queues", "/v2/publish/x", "/v2/dlq/retry/",
    ])
    func withoutTokenExistingAndUnknownPathsLookTheSame(path: String) async {
        let service = TestService()
        for method in [HTTPRequest.Method.get, .post, .delete, .patch] {
            for token in [nil, "wrong"] {
                let answer = await service.send(method, path, token: token)
                #expect(answer.status == 401)
                #expect(answer.fields[.allow] == nil)
            }
        }
    }

    @Test func outsideTheProtocolNoTokenIsNeeded() async throws {
        let service = TestService()
        #expect(await service.send(.get, "/nothing", token: nil).status == 404)
        let health = await service.send(.get, "/healthz", token: nil)
        #expect(health.status == 200)
        #expect(try health.json == ["status": "ok"])
        #expect(try await service.send(.get, "/readyz", token: nil).json == ["status": "ready"])
        let metrics = await service.send(.get, "/metrics", token: nil)
        #expect(metrics.body == Array("up 1\n".utf8))
        #expect(metrics.fields[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let notReady = await TestService(isReady: false).send(.get, "/readyz", token: nil)
        #expect(notReady.status == 503)
        #expect(notReady.code == "not_ready")
        #expect(notReady.fields[.retryAfter] == "1")
    }

    @Test func metricsAskForTheirOwnTokenWhenToldTo() async {
        var settings = APISettings()
        settings.isMetricsOpen = false
        let closed = await TestService(settings: settings).send(.get, "/metrics")
        #expect(closed.status == 403)
        #expect(closed.code == "metrics_token_missing")
        settings.metricsToken = "watcher"
        let service = TestService(settings: settings)
        #expect(await service.send(.get, "/metrics", token: nil).status == 401)
        #expect(await service.send(.get, "/metrics").status == 401)
        #expect(await service.send(.get, "/metrics", token: "watcher").status == 200)
        #expect(await service.send(.get, "/v2/events", token: "watcher").status == 401)
    }

    @Test func aReadOnlyTokenReadsAndChangesNothing() async throws {
        let service = TestService()
        let id = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let keys = try await service.send(.get, "/v2/keys").json
        let refused: [(HTTPRequest.Method, String)] = [
            (.post, "/v2/publish/https://a.test/x"), (.post, "/v2/batch"), (.delete, "/v2/messages/\(id)"),
            (.delete, "/v2/messages"), (.delete, "/v2/dlq/1-2"), (.delete, "/v2/dlq"), (.post, "/v2/dlq/retry/1-2"),
            (.post, "/v2/dlq/retry"), (.get, "/v2/keys"), (.post, "/v2/keys/rotate"),
        ]
        for (method, path) in refused {
            let answer = await service.send(method, path, token: TestService.readOnlyToken, body: "[]")
            #expect(answer.status == 403, "\(method) \(path)")
            #expect(answer.code == "read_only_token")
        }
        for path in ["/v2/messages/\(id)", "/v2/events", "/v2/logs", "/v2/dlq"] {
            #expect(await service.send(.get, path, token: TestService.readOnlyToken).status == 200)
        }
        #expect(await service.send(.get, "/v2/dlq/1-2", token: TestService.readOnlyToken).status == 404)
        #expect(try await service.store.pendingCount() == 1)
        #expect(try await service.send(.get, "/v2/keys").json == keys)
    }

    @Test func rotatingMakesTheNextKeyCurrent() async throws {
        let service = TestService()
        let before = try await service.send(.get, "/v2/keys").json
        let answer = await service.send(.post, "/v2/keys/rotate")
        #expect(answer.status == 200)
        #expect(try answer.json["current"] == before["next"])
        #expect(try answer.json["next"] != before["next"])
        #expect(try await service.send(.get, "/v2/keys").json == answer.json)
    }

    @Test func whatIsAnothersIsUnknown() async throws {
        let service = TestService(script: TestService.failing(times: 9))
        let dead = try await service.publish(headers: ["Upstash-Retries": "0"])
        try await service.deliver()
        let waiting = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let letters = try await service.send(.get, "/v2/dlq").json["messages"]?.elements
        let dlqID = try #require(letters?.first?["dlqId"]?.text)
        let hidden: [(HTTPRequest.Method, String)] = [
            (.get, "/v2/messages/\(dead)"), (.get, "/v2/messages/\(waiting)"), (.delete, "/v2/messages/\(waiting)"),
            (.get, "/v2/dlq/\(dlqID)"), (.delete, "/v2/dlq/\(dlqID)"), (.post, "/v2/dlq/retry/\(dlqID)"),
            (.post, "/v2/dlq/retry?dlqIds=\(dlqID)"),
        ]
        for (method, target) in hidden {
            let answer = await service.send(method, target, token: TestService.otherToken)
            #expect(answer.status == 404, "\(method) \(target)")
        }
        func ask(_ method: HTTPRequest.Method, _ target: String) async throws -> AnswerValue {
            try await service.send(method, target, token: TestService.otherToken).json
        }
        #expect(try await ask(.get, "/v2/events?messageId=\(dead)") == ["events": []])
        #expect(try await ask(.get, "/v2/dlq") == ["messages": []])
        #expect(try await ask(.delete, "/v2/messages") == ["cancelled": 0])
        #expect(try await ask(.delete, "/v2/messages?messageIds=\(waiting)") == ["cancelled": 0])
        #expect(try await ask(.delete, "/v2/dlq?dlqIds=\(dlqID)") == ["deleted": 0])
        #expect(await service.send(.get, "/v2/dlq/\(dlqID)").status == 200)
        #expect(try await service.store.pendingCount() == 1)
    }
}
