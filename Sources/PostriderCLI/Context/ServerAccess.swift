package import QStash

/// A client of the server that a command talks to, and where its credentials came from.
package struct ServerAccess: Sendable {
    /// Who said which token to use.
    package struct Origin: Sendable, Hashable, CustomStringConvertible {
        /// In words, such as `QSTASH_TOKEN` or `the file ./postrider-data/token`.
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// The client.
    package let client: QStashClient

    /// Where the token came from.
    package let origin: Origin

    /// Whether the server is on this machine, as far as its URL says.
    package var isLocal: Bool { ServerURL(client.baseURL).isLoopback }

    /// Whether the token travels in clear beyond this machine.
    package var isInClear: Bool { !isLocal && client.baseURL.hasPrefix("http://") }
}
