import Testing

@testable import PostriderJobs

@Suite struct RedactorTests {
    @Test(arguments: [
        "email", "EMAIL", "password", "token", "api_key", "apiKey", "secret", "ssn", "social_security_number", "name",
        "firstName", "last_name", "dob", "dateOfBirth", "birth_date", "creditCard", "credit_card_number", "phone",
        "phoneNumber", "address", "accessToken", "refresh_token", "clientSecret", "x-api-key", "userPassword",
        "API_KEY_2",
    ])
    func sensitiveKeysAreReplaced(key: String) {
        #expect(Redactor.redact(.object([key: "x"])) == .object([key: "[REDACTED]"]))
    }

    @Test(arguments: ["id", "fileName", "attachmentId", "count", "username", "mail", "phase"])
    func otherKeysStay(key: String) {
        #expect(Redactor.redact(.object([key: "x"])) == .object([key: "x"]))
    }

    @Test func redactionGoesAllTheWayDown() {
        let value: JSONValue = ["a": [["email": "x", "b": ["secret": [1, 2]]]], "address": ["street": "s"]]
        #expect(
            Redactor.redact(value)
                == ["a": [["email": "[REDACTED]", "b": ["secret": "[REDACTED]"]]], "address": "[REDACTED]"]
        )
    }

    @Test(arguments: ["not json", "\"text\"", "", "{"])
    func textThatIsNoJSONIsReplacedAsAWhole(text: String) {
        #expect(Redactor.text(of: Array(text.utf8)) == #""[REDACTED_STRING_PAYLOAD]""#)
    }

    @Test func payloadsAreBounded() throws {
        let long = String(repeating: "a", count: 20_000)
        let text = Redactor.text(of: Array(#"{"id":7,"text":"\#(long)"}"#.utf8))
        #expect(JSONValue.parse(text) == ["id": 7, "text": "[TRUNCATED]"])
        let list = "[" + Array(repeating: "1234567890", count: 3_000).joined(separator: ",") + "]"
        #expect(Redactor.text(of: Array(list.utf8)) == #""[TRUNCATED]""#)
        let many = "{" + (0..<5_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(Redactor.text(of: Array(many.utf8)).utf8.count <= Redactor.bytesMax)
    }
}
