import NIOCore
import NIOSSL
import PostriderAddressGuard

/// TLS towards destinations: trusted roots, the name sent ahead, and the check of the certificate against the host.
struct DeliveryTLS: Sendable {
    private let context: Result<NIOSSLContext, any Error>
    private let verifiesHosts: Bool

    /// Why TLS cannot be used; nil when it can.
    let problem: String?

    init(_ configuration: TLSConfiguration) {
        var configuration = configuration
        // The farewell of TLS is a courtesy: no connection waits long for it.
        configuration.shutdownTimeout = .seconds(1)
        context = Result { try NIOSSLContext(configuration: configuration) }
        verifiesHosts = configuration.certificateVerification == .fullVerification
        switch context {
        case .success: problem = nil
        case .failure: problem = "TLS cannot be set up: are trusted roots installed (ca-certificates)?"
        }
    }

    /// The handler for one connection.
    ///
    /// A name goes out as SNI. An address must not; its certificate is checked against the address that is dialled.
    ///
    /// - Throws: When TLS cannot be set up, or the name cannot be sent.
    func handler(for host: String) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context.get(), serverHostname: Self.isAddress(host) ? nil : host)
    }

    /// Whether the certificate that a finished handshake brought is for the host.
    ///
    /// The library is content when a certificate names the address of the connection, also when a name was asked for. But
    /// an address proves nothing about a name: whoever answers DNS with an address of his own could show a certificate for
    /// that address. So for a name, a name in the certificate must match.
    func accepts(_ certificate: NIOSSLCertificate?, for host: String) -> Bool {
        guard verifiesHosts, !Self.isAddress(host) else { return true }
        guard let certificate else { return false }
        let names = certificate._subjectAlternativeNames()
        // Without alternative names the library has matched the subject's common name, and never against an address.
        guard !names.isEmpty else { return true }
        return names.contains { name in
            guard name.nameType == .dnsName else { return false }
            return name.contents.withUnsafeBufferPointer { Self.matches(pattern: $0, host: host) }
        }
    }

    /// Whether a name of a certificate covers a host: the same name, or `*` in place of the host's whole first label.
    static func matches(pattern: some BidirectionalCollection<UInt8>, host: String) -> Bool {
        let pattern = pattern.map(lowercased)
        let host = host.utf8.map(lowercased)
        if pattern.starts(with: "*.".utf8) {
            guard let dot = host.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return false }
            return host[dot...].elementsEqual(pattern.dropFirst())
        }
        return !pattern.isEmpty && pattern == host
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isAddress(_ host: String) -> Bool {
        IPAddress(host) ?? LegacyIPv4Form.address(host) != nil
    }
}
