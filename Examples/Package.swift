// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let inMemoryLogging = product(name: "InMemoryLogging", package: "swift-log")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let jobs = product(name: "PostriderJobs", package: "postrider")
    static let jobsConformance = product(name: "PostriderJobsConformance", package: "postrider")
    static let jobsHummingbird = product(name: "PostriderJobsHummingbird", package: "postrider")
    static let jobsSQL = product(name: "PostriderJobsSQL", package: "postrider")
    static let qstash = product(name: "QStash", package: "postrider")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let testKit = product(name: "PostriderTestKit", package: "postrider")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let package = Package(
    name: "postrider-examples",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "postrider", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The README's program: publishes a message to itself, verifies it and ends.
        .executableTarget(
            name: "first-message",
            dependencies: [.qstash, .hummingbird, .logging, .nioCore, .serviceLifecycle, .unixSignals],
            swiftSettings: strict
        ),
        // The program of the tutorial: a job that is started, watched and cancelled by its user.
        .executableTarget(
            name: "first-job",
            dependencies: [.jobs, .jobsHummingbird, .qstash, .httpTypes, .hummingbird],
            swiftSettings: strict
        ),
        // A worker with a database: a webhook publishes the job, whose writes and end are one transaction.
        .executableTarget(
            name: "order-worker",
            dependencies: [.jobs, .jobsHummingbird, .jobsSQL, .qstash, .httpTypes, .hummingbird],
            swiftSettings: strict
        ),
        // The code of the documentation, a file a capability.
        .target(
            name: "Tour",
            dependencies: [
                .qstash, .jobs, .jobsHummingbird, .jobsSQL,
                .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .logging, .nioCore, .serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TourTests",
            dependencies: [
                "Tour", .qstash, .testKit, .jobs, .jobsConformance, .jobsSQL,
                .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .hummingbirdTesting, .inMemoryLogging, .logging,
                .nioCore,
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
