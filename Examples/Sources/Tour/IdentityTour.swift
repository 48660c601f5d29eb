import HTTPTypes
package import PostriderJobs

/// Who calls.
package enum IdentityTour {
    /// Users by signed bearer tokens.
    package static func tokens(_ secret: String, _ clock: any JobClock) throws -> SharedSecretIdentity {
        try SharedSecretIdentity(
            secrets: [secret],
            clock: clock,
            issuer: "https://login.example.com",
            operatorClaim: SharedSecretIdentity.OperatorClaim(name: "role", value: "operator")
        )
    }

    /// A token for a test.
    package static func token(_ identity: SharedSecretIdentity) throws -> String {
        try identity.token(for: Identity(userID: "user-7"), validFor: .seconds(600))
    }

    /// Users by the session cookie of an application.
    struct SessionIdentity: IdentityProvider {
        let user: @Sendable (String) async throws -> String?

        func identity(of request: JobRequest) async throws -> Identity? {
            guard let cookie = request.head.headerFields[.cookie], cookie.hasPrefix("session=") else { return nil }
            // Throws when the sessions cannot be looked up now: that is a 503, and not a 401.
            guard let userID = try await user(String(cookie.dropFirst(8))) else { return nil }
            return Identity(userID: userID)
        }
    }

    /// A provider of your own.
    package static func sessions(
        _ user: @escaping @Sendable (String) async throws -> String?
    ) -> any IdentityProvider {
        SessionIdentity(user: user)
    }

    /// One user on the machine itself, for development.
    package static func local(_ routes: JobRoutes) throws -> JobServer {
        try JobServer(
            routes,
            configuration: .init(publicBaseURL: "http://127.0.0.1:3000"),
            storage: .inMemory(),
            identity: LocalIdentity()
        )
    }
}
