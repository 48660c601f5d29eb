// swift-tools-version: 6.2

import PackageDescription

/// Applied to every target, so that the same code means the same thing everywhere.
let strict: [SwiftSetting] = [
    // SE-0335: `any` is written where a value is boxed.
    .enableUpcomingFeature("ExistentialAny"),
    // SE-0444: a file imports the modules whose members it uses.
    .enableUpcomingFeature("MemberImportVisibility"),
    // SE-0409: an import is internal unless it says otherwise, so import lists tell the truth.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // SE-0461: a nonisolated async function runs where its caller runs.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

// A package that wants `QStash` alone asks for no traits, one that wants `PostriderJobs` for `Jobs`, and fetches nothing else.

/// What the handler framework is made of.
let jobs: TargetDependencyCondition? = .when(traits: ["Jobs"])
/// What keeps application data in SQLite.
let sql: TargetDependencyCondition? = .when(traits: ["SQL"])
/// What speaks to PostgreSQL, through the system's libpq.
let postgres: TargetDependencyCondition? = .when(traits: ["Postgres"])
/// What the server, its command line and the test kit are made of.
let broker: TargetDependencyCondition? = .when(traits: ["Broker"])

extension Target.Dependency {
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let inMemoryLogging = product(name: "InMemoryLogging", package: "swift-log")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")

    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser", condition: broker)
    static let deque = product(name: "DequeModule", package: "swift-collections", condition: broker)
    static let grdb = product(name: "GRDB", package: "GRDB.swift", condition: sql)
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift", condition: sql)
    static let heap = product(name: "HeapModule", package: "swift-collections", condition: broker)
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird", condition: jobs)
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird", condition: jobs)
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird", condition: jobs)
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird", condition: broker)
    static let metrics = product(name: "Metrics", package: "swift-metrics", condition: broker)
    static let metricsCore = product(name: "CoreMetrics", package: "swift-metrics", condition: broker)
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: broker)
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl", condition: broker)
    static let serviceLifecycle = product(
        name: "ServiceLifecycle",
        package: "swift-service-lifecycle",
        condition: jobs
    )
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess", condition: broker)
    static let inMemoryTracing = product(name: "InMemoryTracing", package: "swift-distributed-tracing", condition: jobs)
    static let tracing = product(name: "Tracing", package: "swift-distributed-tracing", condition: jobs)
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle", condition: broker)
}

let package = Package(
    name: "postrider",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "postrider", targets: ["postrider"]),
        .library(name: "QStash", targets: ["QStash"]),
        .library(name: "PostriderJobs", targets: ["PostriderJobs"]),
        .library(name: "PostriderJobsConformance", targets: ["PostriderJobsConformance"]),
        .library(name: "PostriderJobsHummingbird", targets: ["PostriderJobsHummingbird"]),
        .library(name: "PostriderJobsSQL", targets: ["PostriderJobsSQL", "PostriderSQL"]),
        .library(name: "PostriderTestKit", targets: ["PostriderTestKit"]),
    ],
    traits: [
        .trait(name: "Jobs", description: "The handler framework, `PostriderJobs`."),
        .trait(
            name: "SQL",
            description: "Application data in SQLite, `PostriderJobsSQL`.",
            enabledTraits: ["Jobs"]
        ),
        .trait(
            name: "Postgres",
            description: "Application data in PostgreSQL too; needs the system's libpq.",
            enabledTraits: ["SQL"]
        ),
        .trait(
            name: "Broker",
            description: "The broker, its command line and the test kit; `QStash` alone does without.",
            enabledTraits: ["SQL"]
        ),
        .default(enabledTraits: ["Broker", "Postgres"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        library("QStashWire", [.crypto]),
        library(
            "QStash",
            ["QStashWire", .asyncHTTPClient, .httpTypes, .logging, .nioCore, .nioHTTP1, .nioPosix]
        ),
        library("PostriderAddressGuard"),
        library("PostriderTelemetry", [.logging, .metricsCore]),
        library("PostriderCore", ["QStashWire", .deque, .heap]),
        library("PostriderStoreSQLite", ["PostriderCore", "QStashWire", .grdb, .grdbSQLite]),
        library(
            "PostriderBroker",
            [
                "PostriderCore", "PostriderAddressGuard", "QStashWire",
                .deque, .logging, .metrics, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .nioTLS, .serviceLifecycle,
            ]
        ),
        library(
            "PostriderAPI",
            [
                "PostriderBroker", "PostriderCore", "PostriderAddressGuard", "QStashWire",
                .crypto, .httpTypes, .hummingbirdCore, .hummingbirdTLS, .logging, .metrics,
                .nioCore, .nioHTTP1, .nioHTTPTypes, .nioPosix, .nioSSL, .serviceLifecycle,
            ]
        ),
        library("PostriderSimulation", ["PostriderCore", "QStashWire", .heap]),
        library("PostriderStoreConformance", ["PostriderCore", "PostriderSimulation", "QStashWire"]),
        library(
            "PostriderJobs",
            ["QStash", "QStashWire", .crypto, .httpTypes, .logging, .serviceLifecycle, .tracing]
        ),
        library(
            "PostriderJobsHummingbird",
            ["PostriderJobs", .httpTypes, .hummingbird, .hummingbirdCore, .nioCore, .serviceLifecycle]
        ),
        library("PostriderJobsConformance", ["PostriderJobs", .httpTypes, .logging]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        library(
            "PostriderPostgres",
            [.target(name: "CLibPQ", condition: postgres), .logging, .serviceLifecycle]
        ),
        library(
            "PostriderSQL",
            [
                .target(name: "PostriderPostgres", condition: postgres),
                .grdb, .grdbSQLite, .logging, .serviceLifecycle,
            ]
        ),
        library(
            "PostriderJobsSQL",
            ["PostriderJobs", "PostriderSQL", .logging, .serviceLifecycle]
        ),
        library("PostriderDemo", ["PostriderJobs", "QStash", .httpTypes]),
        library(
            "PostriderTestKit",
            [
                "PostriderAPI", "PostriderBroker", "PostriderCore", "PostriderSimulation", "PostriderAddressGuard",
                "PostriderJobs", "QStash", "QStashWire", .httpTypes, .logging, .metrics,
            ]
        ),
        library(
            "PostriderCLI",
            [
                "QStash", "QStashWire", "PostriderAddressGuard", "PostriderJobs",
                .argumentParser, .asyncHTTPClient, .httpTypes, .hummingbirdCore, .logging, .nioCore, .nioHTTP1,
                .nioHTTPTypes, .nioPosix, .serviceLifecycle, .unixSignals,
            ]
        ),
        .executableTarget(
            name: "postrider",
            dependencies: [
                "PostriderCLI", "QStash", "PostriderAPI", "PostriderBroker", "PostriderCore", "PostriderStoreSQLite",
                "PostriderTelemetry", "PostriderDemo", "PostriderJobs", "PostriderJobsHummingbird", "PostriderJobsSQL",
                "PostriderSQL", "PostriderAddressGuard", "QStashWire",
                .argumentParser, .httpTypes, .hummingbirdCore, .logging, .metrics, .nioCore, .nioPosix, .nioSSL,
                .serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        tests("QStashWireTests", ["QStashWire", .crypto]),
        tests(
            "QStashTests",
            [
                "QStash", "QStashWire",
                .asyncHTTPClient, .crypto, .httpTypes, .inMemoryLogging, .logging, .nioCore, .nioHTTP1, .nioPosix,
            ],
            // Read where they lie, by their path.
            exclude: ["Exchanges"]
        ),
        tests(
            "PostriderJobsTests",
            [
                "PostriderJobs", "PostriderJobsConformance", "QStash", "QStashWire",
                .crypto, .httpTypes, .inMemoryLogging, .inMemoryTracing, .logging, .serviceLifecycle, .tracing,
            ],
            // Read where it lies, by its path.
            exclude: ["Webhooks/standard-webhooks.json"]
        ),
        tests(
            "PostriderJobsHummingbirdTests",
            [
                "PostriderJobsHummingbird", "PostriderJobs",
                .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTesting, .logging, .nioCore, .nioPosix,
            ]
        ),
        tests("PostriderPostgresTests", ["PostriderPostgres", .logging, .serviceLifecycle]),
        tests(
            "PostriderSQLTests",
            ["PostriderSQL", "PostriderPostgres", .grdb, .logging, .serviceLifecycle, .subprocess]
        ),
        tests(
            "PostriderJobsSQLTests",
            [
                "PostriderJobsSQL", "PostriderSQL", "PostriderPostgres", "PostriderJobs", "PostriderJobsConformance",
                "QStash", "QStashWire", .crypto, .httpTypes, .logging, .serviceLifecycle, .tracing,
            ]
        ),
        tests("PostriderAddressGuardTests", ["PostriderAddressGuard"]),
        tests("PostriderTelemetryTests", ["PostriderTelemetry", .logging, .metricsCore]),
        tests(
            "PostriderCoreTests",
            ["PostriderCore", "PostriderSimulation", "PostriderStoreConformance", "QStashWire"]
        ),
        tests(
            "PostriderBrokerTests",
            [
                "PostriderBroker", "PostriderCore", "PostriderSimulation", "PostriderAddressGuard", "QStashWire",
                .logging, .metrics, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .nioEmbedded,
            ]
        ),
        tests(
            "PostriderAPITests",
            [
                "PostriderAPI", "PostriderBroker", "PostriderCore", "PostriderSimulation", "PostriderTestKit",
                "PostriderAddressGuard", "QStashWire", .httpTypes, .hummingbirdCore, .logging, .metrics,
                .nioCore, .nioHTTPTypes, .nioPosix, .serviceLifecycle,
            ]
        ),
        tests(
            "PostriderStoreSQLiteTests",
            [
                "PostriderStoreSQLite", "PostriderCore", "PostriderSimulation", "PostriderStoreConformance",
                "QStashWire", .grdb,
            ]
        ),
        tests(
            "PostriderTestKitTests",
            [
                "PostriderTestKit", "PostriderAPI", "PostriderCore", "PostriderJobs", "PostriderSimulation", "QStash",
                .httpTypes, .logging,
            ]
        ),
        tests(
            "PostriderCLITests",
            [
                "PostriderCLI", "PostriderAddressGuard", "PostriderJobs", "QStash", "QStashWire",
                .argumentParser, .asyncHTTPClient, .httpTypes, .logging, .nioCore, .nioEmbedded, .nioHTTP1,
                .nioHTTPTypes, .nioPosix, .serviceLifecycle,
            ]
        ),
        tests("PostriderTests", ["postrider", "PostriderAPI", "PostriderAddressGuard", "PostriderCore"]),
        tests("ArchitectureTests", []),
    ],
    swiftLanguageModes: [.v6]
)
