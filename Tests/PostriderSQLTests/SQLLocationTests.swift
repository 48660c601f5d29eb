import PostriderSQL
import Testing

@Suite struct SQLLocationTests {
    @Test(arguments: [
        ([:], "SQLite file /data/application.sqlite"),
        (["DATABASE_URL": ""], "SQLite file /data/application.sqlite"),
        (["DATABASE_URL": "sqlite:/tmp/a.sqlite"], "SQLite file /tmp/a.sqlite"),
        (["DATABASE_URL": "sqlite:///tmp/a.sqlite"], "SQLite file /tmp/a.sqlite"),
        (["DATABASE_URL": "some/a.sqlite"], "SQLite file some/a.sqlite"),
        (["DATABASE_URL": "postgres://u:secret@h/d"], "PostgreSQL"),
        (["DATABASE_URL": "postgresql://u:secret@h/d", "DATABASE_POOLED": "true"], "PostgreSQL behind a pooler"),
        (
            ["DATABASE_URL": "postgres://u:secret@h/d", "DATABASE_DIRECT_URL": "postgres://u:secret@g/d"],
            "PostgreSQL behind a pooler"
        ),
        (
            [
                "DATABASE_URL": "postgres://u:secret@h/d", "DATABASE_DIRECT_URL": "postgres://u:secret@g/d",
                "DATABASE_POOLED": "no",
            ],
            "PostgreSQL"
        ),
        (["DATABASE_URL": "host=/run dbname=d password=secret"], "PostgreSQL"),
        (["DATABASE_URL": " password = 'secret' host = h ", "DATABASE_POOLED": "1"], "PostgreSQL behind a pooler"),
        (
            ["DATABASE_URL": "postgres://u:secret@h/d", "DATABASE_DIRECT_URL": "host=g password=secret"],
            "PostgreSQL behind a pooler"
        ),
        (["DATABASE_URL": "sqlite:/tmp/a=b@c.sqlite"], "SQLite file /tmp/a=b@c.sqlite"),
        (["DATABASE_URL": "./my data/a.sqlite"], "SQLite file ./my data/a.sqlite"),
    ])
    func theEnvironmentChooses(environment: [String: String], description: String) throws {
        let location = try SQLLocation(environment: environment, dataFolder: "/data")
        #expect("\(location)" == description)
        #expect(!String(reflecting: location).contains("secret"))
        #expect(location.dialect == (description.hasPrefix("SQLite") ? .sqlite : .postgres))
    }

    @Test(arguments: [
        ["DATABASE_URL": "mysql://u:secret@h/d"], ["DATABASE_URL": "sqlite:"],
        ["DATABASE_URL": "u:secret@h:5432/d"], ["DATABASE_URL": "Postgres:secret"],
        ["DATABASE_URL": "Server=h;Pwd=secret"],
        ["DATABASE_URL": "secret@h/d"], ["DATABASE_URL": "file:secret"], ["DATABASE_URL": "secret\n"],
        ["DATABASE_URL": "postgres://h/d", "DATABASE_DIRECT_URL": "file"],
        ["DATABASE_URL": "postgres://h/d", "DATABASE_POOLED": "perhaps"],
    ])
    func whatMakesNoSenseIsNamedAndNotRepeated(environment: [String: String]) throws {
        let error = #expect(throws: SQLError.self) {
            try SQLLocation(environment: environment, dataFolder: "/data")
        }
        #expect(error?.code == .invalid)
        #expect(error?.detail.contains("DATABASE_") == true)
        #expect(error?.detail.contains("secret") == false)
    }

    @Test func aFileThatCannotBeMadeIsUnavailable() async throws {
        let error = await #expect(throws: SQLError.self) {
            try await SQLDatabase.open(.file("/nowhere/at/all/a.sqlite"))
        }
        #expect(error?.code == .unavailable)
    }

    #if Postgres
    @Test func aServerThatIsNotThereIsUnavailableAndItsPasswordUntold() async throws {
        let database = try await SQLDatabase.open(
            .postgres(url: "postgres://u:secret@127.0.0.1:1/d"),
            settings: SQLSettings(connectTimeout: .milliseconds(300))
        )
        let error = await #expect(throws: SQLError.self) { try await database.read { try $0.rows("SELECT 1") } }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("secret") == false)
        try await database.close()
    }

    @Test func aServersAddressThatMakesNoSenseIsInvalid() async throws {
        let error = await #expect(throws: SQLError.self) {
            try await SQLDatabase.open(.postgres(url: "postgres://[secret"))
        }
        #expect(error?.code == .invalid)
        #expect(error?.detail.contains("secret") == false)
    }
    #endif
}
