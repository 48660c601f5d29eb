import PostriderCore
import QStashWire

/// Everything of a message as one comparable value.
struct MessageFacts: Equatable {
    let key: MessageKey
    let account: Account
    let url: String
    let createdAt: Timestamp
    let notBefore: Timestamp
    let settings: MessageSettings
    let body: MessageBody
}

extension Message {
    /// The message as a comparable value.
    var facts: MessageFacts {
        MessageFacts(
            key: key,
            account: account,
            url: destination.text,
            createdAt: createdAt,
            notBefore: notBefore,
            settings: settings,
            body: body
        )
    }
}
