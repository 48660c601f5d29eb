import HTTPTypes
import Testing

@testable import QStash

/// What is printed, interpolated or dumped shows no token, header value, URL or body.
@Suite struct DescriptionTests {
    private static let headers: HTTPFields = [.authorization: "Bearer s3cret"]
    private static let options = PublishOptions(
        headers: headers,
        callback: Callback(url: "https://a.test/?key=s3cret", headers: headers)
    )
    private static let body = MessageBody.text("s3cret")

    private static let values: [any Sendable] = [
        options, body, Callback(url: "https://a.test/?key=s3cret", headers: headers),
        BatchItem(body, to: "https://a.test/?key=s3cret", options: options),
        ScheduleRequest(cron: "0 4 * * *", to: "https://a.test/?key=s3cret", body: body, options: options),
        QStashClient.Configuration(headers: headers),
        QStashRequest(
            head: HTTPRequest(
                method: .post,
                scheme: "https",
                authority: "a.test",
                path: "/s3cret",
                headerFields: headers
            ),
            body: body.bytes
        ),
        QStashResponse(head: HTTPResponse(status: .ok, headerFields: headers), body: body.bytes),
    ]

    @Test(arguments: values.indices)
    func nothingOfValueIsShown(index: Int) {
        let value = Self.values[index]
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(describing: value), String(reflecting: value), dumped] {
            #expect(!text.contains("s3cret"))
            // The bytes of the body, in a dump of an array.
            #expect(!text.contains("115"))
            #expect(!text.isEmpty)
        }
    }
}
