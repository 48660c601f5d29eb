#if Postgres
import PostriderPostgres
import Testing

@Suite struct PostgresConfigurationTests {
    @Test(arguments: [
        "postgresql://user:s3cret@one:6432,two/data?sslmode=require",
        "host=one,two port=6432,5432 dbname=data user=user password=s3cret sslmode=require",
        "postgres://user:s3cret@one:6432,two:5432/data",
    ])
    func readsBothFormsAndSeveralHosts(text: String) throws {
        let configuration = try PostgresConfiguration(text)
        #expect(configuration.database == "data")
        #expect(configuration.user == "user")
        #expect(configuration.applicationName == "postrider")
        #expect(configuration.description.hasPrefix("one:6432,two"))
        #expect(!configuration.isPooled)
    }

    @Test func nothingThatPrintsItShowsThePassword() throws {
        let configuration = try PostgresConfiguration("postgresql://user:s3cret@host/data")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [
            "\(configuration)", String(reflecting: configuration), String(describing: Optional(configuration)), dumped,
        ] {
            #expect(!text.contains("s3cret"))
        }
        #expect("\(configuration)" == "host/data as user")
    }

    @Test(arguments: [
        "", "postgresql://user:s3cret%@host/data", "postgresql://user:s3cret@host/data?nonsense=s3cret", "s3cret",
        "host=a,b,c port=1,2 password=s3cret", "host=a hostaddr=1.1.1.1,2.2.2.2 password=s3cret", "host=a\0b",
    ])
    func whatCannotBeReadIsRefusedWithoutRepeatingIt(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test func boundsAreChecked() {
        var limits = PostgresLimits()
        limits.connectionCountMax = 0
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration("host=a", limits: limits) }
        #expect(error?.detail.contains("connectionCountMax") == true)
        limits = PostgresLimits()
        limits.lockTimeout = .zero
        #expect(throws: PostgresError.self) { try PostgresConfiguration("host=a", limits: limits) }
    }

    @Test func theStringsOwnTimeToConnectCounts() throws {
        #expect(try PostgresConfiguration("host=a connect_timeout=7").limits.connectTimeout == .seconds(7))
    }

    @Test(arguments: [
        ("plain", "'plain'"), ("it's", "'it''s'"), ("a\\b'", " E'a\\\\b'''"), ("'\u{301}x", "'''\u{301}x'"),
    ])
    func literalsCannotBeLeft(text: String, expected: String) {
        #expect(PostgresConfiguration.quoted(literal: text).utf8.elementsEqual(expected.utf8))
    }

    @Test func identifiersCannotBeLeft() {
        let quoted = PostgresConfiguration.quoted(identifier: "a\"\u{301}b")
        #expect(quoted.utf8.elementsEqual("\"a\"\"\u{301}b\"".utf8))
    }

    @Test(arguments: ["40001", "40P01", "57P01", "57P02", "57P03", "08006", "08P01"])
    func statesThatPassMayBeTriedAgain(state: String) {
        #expect(PostgresError(.serverError, "", sqlState: state).isRetryable)
        #expect(PostgresError(.connectionLost, "", sqlState: state).isRetryable)
        #expect(!PostgresError(.commitUncertain, "", sqlState: state).isRetryable)
    }

    @Test(arguments: ["23505", "42601", "28P01", "22021"])
    func statesThatStayMayNot(state: String) {
        #expect(!PostgresError(.serverError, "", sqlState: state).isRetryable)
        #expect(!PostgresError(.connectionFailed, "", sqlState: state).isRetryable)
    }
}
#endif
