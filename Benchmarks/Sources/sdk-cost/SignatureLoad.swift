import Crypto
import Foundation
import Measurement
import QStash

/// Verifying, hashing and signing a body of 1 KiB.
struct SignatureLoad {
    private let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1_024)
    private let key = SymmetricKey(data: Array("sig_benchmark".utf8))
    private let receiver: QStashReceiver
    private let token: String

    init() throws {
        receiver = try QStashReceiver(
            currentSigningKey: "sig_benchmark",
            nextSigningKey: "sig_next",
            now: { Date(timeIntervalSince1970: 1_700_000_100) }
        )
        token = Self.token(for: body, key: key)
    }

    /// Microseconds of one verification, hashing included.
    func verify(_ count: Int) throws -> Double {
        try measured(count) { try receiver.verify(body, signature: token, url: "https://example.test/hook?x=1") }
    }

    /// Microseconds of one SHA-256 over the body.
    func hash(_ count: Int) -> Double {
        measured(count) {
            var hasher = SHA256()
            hasher.update(data: body)
            withExtendedLifetime(hasher.finalize()) {}
        }
    }

    /// Microseconds of one signature made in the plain way, hashing included.
    func sign(_ count: Int) -> Double {
        measured(count) { precondition(!Self.token(for: body, key: key).isEmpty) }
    }

    private func measured(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let before = ProcessorTime.microseconds
        for _ in 0..<count { try work() }
        return (ProcessorTime.microseconds - before) / Double(count)
    }

    private static func token(for body: [UInt8], key: SymmetricKey) -> String {
        let hash = base64URL(Data(SHA256.hash(data: body)))
        let payload =
            #"{"iss":"Upstash","sub":"https://example.test/hook?x=1","exp":1700000300,"nbf":0,"iat":1700000000,"jti":"jwt_1","body":""#
            + hash + #""}"#
        let signed =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + base64URL(Data(payload.utf8)).filter { $0 != "=" }
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return signed + "." + base64URL(Data(code)).filter { $0 != "=" }
    }

    private static func base64URL(_ data: Data) -> String {
        String(data.base64EncodedString().map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
