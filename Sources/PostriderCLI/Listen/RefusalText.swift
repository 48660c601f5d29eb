/// The checks of a signature in words.
enum RefusalText {
    /// The check's name, and what it means.
    static func of(_ check: String) -> String {
        let meaning: String? =
            switch check {
            case "token_missing": "there is no Upstash-Signature; the sender is no QStash server"
            case "keys_missing": "there are no keys for the region that Upstash-Region names"
            case "token_malformed": "Upstash-Signature is no token"
            case "algorithm_unsupported": "the signature is not HS256"
            case "signature_mismatch":
                "signed with other keys than these; compare with postrider keys --export --reveal"
            case "claim_invalid", "issuer_invalid": "the signature does not say what a QStash server says"
            case "expired": "the signature is older than 5 minutes; compare the clocks"
            case "not_yet_valid": "the signature is from the future; compare the clocks"
            case "url_mismatch": "signed for another URL than --public-url and the path make"
            case "body_mismatch": "the body is not the one that was signed; something on the way changes it"
            case "body_too_large": "the body is larger than a message may be"
            default: nil
            }
        return meaning.map { "\(check): \($0)" } ?? check
    }
}
