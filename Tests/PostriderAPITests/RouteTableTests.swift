import HTTPTypes
import Testing

@testable import PostriderAPI

@Suite struct RouteTableTests {
    private static let known: [(HTTPRequest.Method, String, Route)] = [
        (.post, "/v2/batch", .batch),
        (.get, "/v2/messages/msg_1", .message("msg_1")),
        (.delete, "/v2/messages/msg_1", .cancel("msg_1")),
        (.get, "/v2/events", .events(key: "events")),
        (.get, "/v2/logs", .events(key: "logs")),
        (.get, "/v2/dlq", .deadLetters),
        (.get, "/v2/dlq/1-2", .deadLetter("1-2")),
        (.delete, "/v2/dlq/1-2", .deleteDeadLetter("1-2")),
        (.post, "/v2/dlq/retry/1-2", .retryDeadLetter("1-2")),
        (.get, "/v2/keys", .keys),
        (.post, "/v2/keys/rotate", .rotateKeys),
    ]

    @Test(arguments: known)
    func everyResourceAnswersWithAndWithoutATrailingSlash(
        method: HTTPRequest.Method,
        path: String,
        route: Route
    ) throws {
        #expect(try Route(method: method, path: path[...]) == route)
        #expect(try Route(method: method, path: "\(path)/") == route)
    }

    private static let exact: [(HTTPRequest.Method, String, Route)] = [
        (.delete, "/v2/messages", .bulkCancel),
        (.delete, "/v2/dlq", .deleteDeadLetters),
        (.post, "/v2/dlq/retry", .retryDeadLetters),
        (.get, "/healthz", .health),
        (.head, "/healthz", .health),
        (.post, "/healthz", .health),
        (.get, "/readyz", .ready),
        (.head, "/readyz", .ready),
        (.get, "/metrics", .metrics),
    ]

    @Test(arguments: exact)
    func callsThatMeanMoreThanOneAndOperationsHaveNoTrailingSlash(
        method: HTTPRequest.Method,
        path: String,
        route: Route
    ) throws {
        #expect(try Route(method: method, path: path[...]) == route)
        #expect(throws: APIError.self) { try Route(method: method, path: "\(path)/") }
    }

    @Test(arguments: [
        "https://a.test/x", "https://a.test//x//", "https:/a.test/x", "https://a.test/x/", "https%3A%2F%2Fa.test%2Fx",
        "https://a.test/a%2Fb", "/x", "group", "",
    ])
    func thePathBehindPublishIsTakenVerbatim(remainder: String) throws {
        #expect(try Route(method: .post, path: "/v2/publish/\(remainder)") == .publish(remainder[...]))
    }

    @Test func idsAreNotDecoded() throws {
        #expect(try Route(method: .get, path: "/v2/messages/a%2Fb") == .message("a%2Fb"))
        #expect(try Route(method: .delete, path: "/v2/dlq/%2e%2e") == .deleteDeadLetter("%2e%2e"))
    }

    private static let emptyIDs: [(HTTPRequest.Method, String)] = [
        (.delete, "/v2/messages/"), (.get, "/v2/messages/"), (.delete, "/v2/dlq/"), (.post, "/v2/dlq/retry/"),
    ]

    @Test(arguments: emptyIDs)
    func anIDThatWasForgottenIsRefused(method: HTTPRequest.Method, path: String) {
        let error = #expect(throws: APIError.self) { try Route(method: method, path: path[...]) }
        #expect(error?.status == .badRequest)
        #expect(error?.code == "id_missing")
    }

    @Test func aPublishWithoutDestinationIsRefused() {
        let error = #expect(throws: APIError.self) { try Route(method: .post, path: "/v2/publish") }
        #expect(error?.status == .badRequest)
        #expect(error?.code == "destination_missing")
    }

    private static let wrongMethods: [(HTTPRequest.Method, String, String)] = [
        (.get, "/v2/publish/https://a.test", "POST"),
        (.get, "/v2/batch", "POST"),
        (.get, "/v2/messages", "DELETE"),
        (.post, "/v2/messages/msg_1", "DELETE, GET"),
        (.post, "/v2/events", "GET"),
        (.delete, "/v2/logs/", "GET"),
        (.put, "/v2/dlq", "DELETE, GET"),
        (.post, "/v2/dlq/1-2", "DELETE, GET"),
        (.delete, "/v2/dlq/retry", "POST"),
        (.get, "/v2/dlq/retry/1-2", "POST"),
        (.delete, "/v2/keys", "GET"),
        (.get, "/v2/keys/rotate", "POST"),
        (.delete, "/healthz", "GET, HEAD, POST"),
        (.post, "/readyz", "GET, HEAD"),
        (.head, "/metrics", "GET"),
    ]

    @Test(arguments: wrongMethods)
    func aWrongMethodLearnsTheRightOnes(method: HTTPRequest.Method, path: String, allow: String) async {
        let answer = await TestService().send(method, path)
        #expect(answer.status == 405)
        #expect(answer.code == "method_not_allowed")
        #expect(answer.fields[.allow] == allow)
    }

    @Test(arguments: [
        "enqueue/q/https://a.test", "queues", "queues/", "queues/q/pause", "schedules", "schedules/s", "topics/",
        "flowControl/k", "globalParallelism", "bulkActions/1",
    ])
    func whatComesLaterSaysSo(path: String) async {
        for method in [HTTPRequest.Method.get, .post, .put, .delete] {
            let answer = await TestService().send(method, "/v2/\(path)")
            #expect(answer.status == 400)
            #expect(answer.code == "not_supported_yet")
        }
    }

    @Test(arguments: [
        "", "/", "*", "/v2", "/v2/", "/v1/publish/https://a.test", "/v3/events", "/v2/trigger/x", "/v2/notify/x",
        "/v2/wait/x", "/v2/workflows/x", "/v2/messages/a/b", "/v2/keys/x", "/v2/keys/rotate/x", "/v2/dlq/retry/1-2/x",
        "/V2/events", "/v2/Events", "/v2/%65vents", "/v2/events/../keys", "/healthz/", "//healthz", "//v2/events",
        "/v2//events", "/v2/events//", "/v2/messages//", "/v2/dlq//", "/v2/dlq//1-2", "/v2/dlq/retry//",
    ])
    func anythingElseIsUnknownAndNoSlashWidensACall(path: String) {
        for method in [HTTPRequest.Method.get, .post, .delete] {
            let error = #expect(throws: APIError.self) { try Route(method: method, path: path[...]) }
            #expect(error?.status == .notFound)
            #expect(error?.code == "not_found")
        }
    }

    @Test func whatChangesSomethingOrCanForgeNeedsFullAccess() {
        let changing: [Route] = [
            .publish("https://a.test"), .batch, .cancel("x"), .bulkCancel, .deleteDeadLetter("x"), .deleteDeadLetters,
            .retryDeadLetter("x"), .retryDeadLetters, .keys, .rotateKeys,
        ]
        let reading: [Route] = [
            .message("x"), .events(key: "logs"), .deadLetters, .deadLetter("x"), .health, .ready, .metrics,
        ]
        #expect(changing.filter(\.needsFullAccess) == changing)
        #expect(reading.filter(\.needsFullAccess) == [])
        #expect(changing.filter(\.isOperational) == [])
        #expect(reading.filter(\.isOperational) == [.health, .ready, .metrics])
    }
}
