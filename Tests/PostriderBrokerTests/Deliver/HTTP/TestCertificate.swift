import NIOSSL

/// A certificate for `destination.test` and `127.0.0.1` and the authority that signed it, valid until 2125.
enum TestCertificate {
    /// TLS as the server for whom the certificate was made.
    static func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map(NIOSSLCertificateSource.certificate)
        let key = try NIOSSLPrivateKey(bytes: Array(privateKey.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    /// TLS as a client that trusts the authority and nobody else.
    static func clientConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        return configuration
    }

    private static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUmgAwIBAgIUJOG72x5BKRmzCWgyo9F83UcKJCkwCgYIKoZIzj0EAwIw
        HjEcMBoGA1UEAwwTUG9zdHJpZGVyIHRlc3Qgcm9vdDAgFw0yNjExMjExMDI0MTJa
        GA8yMTI2MTAyODEwMjQxMlowHjEcMBoGA1UEAwwTUG9zdHJpZGVyIHRlc3Qgcm9v
        dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFmRSh5e839VwDptJ4AJv4FH9aJI
        Q0LCv4za2wG2CcuRWTTYcw5xTr7+aLa45BvyYC9jPfQr2j/Pu34IZpMYAeWjYzBh
        MB0GA1UdDgQWBBQmNhwD4gf41ipoeJ70QlebYl4miTAfBgNVHSMEGDAWgBQmNhwD
        4gf41ipoeJ70QlebYl4miTAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIC
        BDAKBggqhkjOPQQDAgNIADBFAiEAwiymJ6XaY/6w6gnFao5Rg7bK6MXXKjUqiiKl
        /c47hEICIHVtKtcVMzvbGyK2pIeiJ5I5rd+ARM3mS7NMeQsXx5uD
        -----END CERTIFICATE-----
        """

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBxDCCAWqgAwIBAgIUEC3iAfd8A+PbmCrQyayiNVAa+zswCgYIKoZIzj0EAwIw
        HjEcMBoGA1UEAwwTUG9zdHJpZGVyIHRlc3Qgcm9vdDAgFw0yNjExMjExMDI0MTJa
        GA8yMTI1MDYxNTEwMjQxMlowGzEZMBcGA1UEAwwQZGVzdGluYXRpb24udGVzdDBZ
        MBMGByqGSM49AgEGCCqGSM49AwEHA0IABDiMjyw32dI8xlQGJK9GMD/px0bRsfsX
        5wKF0L9uYhnAcNTDF8X7sbkEtvA2mOCqGY0f1QiIo8oadp0JlwVPT9GjgYYwgYMw
        IQYDVR0RBBowGIIQZGVzdGluYXRpb24udGVzdIcEfwAAATAJBgNVHRMEAjAAMBMG
        A1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQWBBQ7ja0TeumUHoOJ/Sc5/gEKbuH0
        uDAfBgNVHSMEGDAWgBQmNhwD4gf41ipoeJ70QlebYl4miTAKBggqhkjOPQQDAgNI
        ADBFAiEAtmk5TiewX7NjmcMhmVhiLTFiCD9shNBFNUaymTW0tf0CIEti7nqmquGu
        Y1GGw/C6t1EVmWef6PTP1pGn/YdoYUBa
        -----END CERTIFICATE-----
        """

    private static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOkvGD018QVDku3r5
        yitzXiN377gm3opfb+M1nnjcQGuhRANCAAQ4jI8sN9nSPMZUBiSvRjA/6cdG0bH7
        F+cChdC/bmIZwHDUwxfF+7G5BLbwNpjgqhmNH9UIiKPKGnadCZcFT0/R
        -----END PRIVATE KEY-----
        """
}
