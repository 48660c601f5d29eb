import HTTPTypes
import PostriderJobs
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HMACSignatureTests {
    private let signature = HMACSignature(secret: "0123456789abcdef0123456789abcdef")
    // printf '{"id":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    private let known = "0b0d17806e93b663787c6662ef83245eadf3a74f70ba4bd53ddce62ecdaa52af"

    private func verify(_ text: String?, body: String = #"{"id":1}"#) throws -> SignatureVerdict {
        var fields = HTTPFields()
        fields[try #require(HTTPField.Name("X-Signature-HMAC"))] = text
        return try signature.verify(
            SignedRequest(
                head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/", headerFields: fields),
                body: Array(body.utf8),
                url: "https://app.example.com/",
                now: Date(timeIntervalSince1970: 0)
            )
        )
    }

    @Test func theCodeIsThatOfOtherTools() throws {
        #expect(try signature.sign(Array(#"{"id":1}"#.utf8)) == known)
        #expect(try verify(known) == .valid(deliveryID: nil))
        #expect(try verify(known.uppercased()) == .valid(deliveryID: nil))
    }

    @Test func aMissingSignatureIsToldFromAWrongOne() throws {
        #expect(try verify(nil) == .refused(reason: "signature_missing"))
        #expect(try verify("") == .refused(reason: "signature_missing"))
        #expect(try verify(known, body: #"{"id":2}"#) == .refused(reason: "signature_mismatch"))
        #expect(try verify("sha256=\(known)") == .refused(reason: "signature_mismatch"))
    }

    @Test(arguments: [nil, "", "0123456789abcdef0123456789abcde"])
    func withoutAUsableSecretNothingCanBeChecked(secret: String?) {
        let error = #expect(throws: JobsError.self) { try HMACSignature(secret: secret).sign([]) }
        #expect(error?.code == .configurationInvalid)
    }

    @Test func theSecretIsInNoDump() {
        var text = ""
        dump(signature, to: &text)
        #expect(!text.contains("0123456789abcdef"))
    }
}
