import QStash
import Testing

/// A call that cannot work: it is refused before anything is sent, and the refusal names the option.
struct WrongCall: Sendable, CustomTestStringConvertible {
    let option: String
    let code: QStashError.Code
    let call: @Sendable (QStashClient) async throws -> Void

    init(
        _ option: String,
        _ code: QStashError.Code,
        _ call: @escaping @Sendable (QStashClient) async throws -> Void
    ) {
        self.option = option
        self.code = code
        self.call = call
    }

    var testDescription: String { "\(option): \(code)" }
}
