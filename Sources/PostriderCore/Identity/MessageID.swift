import QStashWire

/// The number that tells one store from every other, so that a wiped or restored store never repeats an id (decision 1).
package struct StoreID: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// A message's public name: `msg_` and 22 letters and digits that encode the key and the store.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    package static let prefix = "msg_"

    package let key: MessageKey
    package let store: StoreID

    package init(key: MessageKey, store: StoreID) {
        self.key = key
        self.store = store
    }

    /// The id a text stands for; nil when it is not one of ours.
    ///
    /// Whether it is of this store is for the caller to compare.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let words = Base62.numbers(in: String(text.dropFirst(Self.prefix.count))), words.count == 2,
            words[0] > 0, words[0] <= UInt64(Int64.max)
        else { return nil }
        self.init(key: MessageKey(rawValue: Int64(words[0])), store: StoreID(rawValue: words[1]))
    }

    package var description: String {
        var bytes = Array(Self.prefix.utf8)
        bytes.reserveCapacity(bytes.count + 2 * Base62.width)
        Base62.append(UInt64(bitPattern: key.rawValue), to: &bytes)
        Base62.append(store.rawValue, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
