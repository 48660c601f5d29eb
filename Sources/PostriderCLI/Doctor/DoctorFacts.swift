import FoundationEssentials
import HTTPTypes
import QStash

/// What one check leaves for the next.
package struct DoctorFacts: Sendable {
    /// The server's answer to `GET /v2/keys`, and when it came.
    struct Exchange: Sendable {
        var head: HTTPResponse
        var body: [UInt8]
        /// The wall clock before the request was sent and after the answer had come.
        var sentAt: Date
        var receivedAt: Date
    }

    /// Where the server is and who we are to it; nil while that is not known.
    var access: ServerAccess?

    /// The server's answer; nil when none came.
    var exchange: Exchange?

    /// Why the server gave no keys; nil when it did.
    var refusal: QStashError?

    /// The server's signing keys; nil when it gave none.
    var keys: SigningKeyPair?

    /// Nothing known yet.
    package init() {}
}
