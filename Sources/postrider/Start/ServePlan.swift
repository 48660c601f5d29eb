import Logging
import PostriderAPI
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import PostriderStoreSQLite
import QStashWire

/// What `serve` is going to do: the settings, checked together and turned into the parts' own.
struct ServePlan: Sendable {
    var host: String
    var port: Int
    var dataPath: String
    var isDev: Bool
    var logLevel: Logger.Level
    var isLogJSON: Bool
    var tls: (certificate: String, key: String)?
    var application: ApplicationPlan
    var broker: Broker.Settings
    var api: APISettings
    var transport: HTTPDeliveryClient.Configuration
    var resolver: HostResolver.Configuration
    var addresses: AddressPolicy
    /// True when private destinations are allowed only because the server listens on loopback alone.
    var isPrivateByDefault: Bool
    var resolvesAtPublish: Bool
    var store: SQLiteSettings
    var credentials: Credentials.Given

    /// - Throws: ``SettingError`` when settings contradict each other.
    init(_ values: SettingValues) throws {
        isDev = values.isTrue("dev")
        host = values.text("host") ?? "127.0.0.1"
        port = values.number("port")
        dataPath = isDev && !values.isSaid("data") ? "./postrider-dev-data" : values.text("data") ?? "./postrider-data"
        logLevel = Logger.Level(rawValue: values.text("log-level") ?? "info") ?? .info
        isLogJSON = values.text("log-format") == "json"
        guard IPAddress(host) != nil || Self.isName(host) else {
            throw SettingError("the setting host is \"\(host.prefix(64))\", which is neither an address nor a name")
        }
        let isLoopback = Self.isLoopback(host)
        tls = try Self.tls(values)
        try Self.checkExposure(values, host: host, isLoopback: isLoopback, isSecure: tls != nil, isDev: isDev)
        // Of the setting alone: what other programs' variables say moves no border of the broker's.
        let publicURL = try values.text("public-base-url").map { try PublicURL($0, key: "public-base-url") }
        let isLocal = isLoopback && publicURL?.isLoopback != false
        (addresses, isPrivateByDefault) = try Self.addresses(values, isOnlyLocal: isLocal)
        application = try ApplicationPlan(values, host: host, port: port, isLocal: isLocal, isSecure: tls != nil)
        broker = Self.broker(values)
        api = try Self.api(values)
        api.isMetricsOpen = isLoopback
        transport = Self.transport(values)
        var resolver = HostResolver.Configuration()
        resolver.lookupsMax = values.number("resolver-threads")
        self.resolver = resolver
        resolvesAtPublish = values.text("resolve-at-publish") == "auto" ? !isDev : values.isTrue("resolve-at-publish")
        store = SQLiteSettings(groupCommitWaitMicroseconds: values.number("group-commit-wait"))
        // Credentials of a broker elsewhere are not this server's.
        credentials = try Credentials.Given(values, isDev: isDev, areOwn: application.broker == nil)
    }

    /// Whether a host to listen on is this machine's alone.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = IPAddress(host) else { return false }
        return AddressKind(of: address) == .loopback
    }

    private static func isName(_ host: String) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
    }

    private static func tls(_ values: SettingValues) throws -> (certificate: String, key: String)? {
        switch (values.text("tls-cert"), values.text("tls-key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return (certificate, key)
        default: throw SettingError("tls-cert and tls-key are given together")
        }
    }

    private static func checkExposure(
        _ values: SettingValues,
        host: String,
        isLoopback: Bool,
        isSecure: Bool,
        isDev: Bool
    ) throws {
        guard !isLoopback else { return }
        if isDev { throw SettingError("--dev uses public credentials and listens on loopback only; leave --host out") }
        guard isSecure || values.isTrue("behind-proxy") else {
            throw SettingError(
                "listening on \(host) without TLS would show tokens to the network: give --tls-cert and --tls-key, or "
                    + "--behind-proxy if a proxy in front speaks TLS"
            )
        }
    }

    private static func addresses(
        _ values: SettingValues,
        isOnlyLocal: Bool
    ) throws -> (AddressPolicy, isPrivateByDefault: Bool) {
        let ranges = try ranges(values, "allowed-ranges")
        switch values.text("private-destinations") {
        case "allow":
            return (AddressPolicy(privateDestinations: .allow, allowedRanges: ranges), false)
        case "refuse":
            return (AddressPolicy(privateDestinations: .refuse, allowedRanges: ranges), false)
        default:
            return (
                AddressPolicy(privateDestinations: isOnlyLocal ? .allow : .refuse, allowedRanges: ranges), isOnlyLocal
            )
        }
    }

    private static func ranges(_ values: SettingValues, _ key: String) throws -> [AddressRange] {
        try values.list(key).map { text in
            guard let range = AddressRange(text) else {
                throw SettingError(
                    "the setting \(key) has \"\(text.prefix(64))\", which is no address range such as 10.0.0.0/8"
                )
            }
            return range
        }
    }

    private static func broker(_ values: SettingValues) -> Broker.Settings {
        var settings = Broker.Settings()
        settings.accept.retriesDefault = values.number("retries-default")
        settings.accept.deduplicationWindowSeconds = values.seconds("deduplication-window")
        settings.accept.wire.retriesMax = values.number("retries-max")
        settings.accept.wire.delaySecondsMax = values.seconds("delay-max")
        settings.accept.wire.timeoutSecondsMax = values.seconds("timeout-max")
        settings.accept.wire.headerBytesMax = values.number("header-bytes-max")
        settings.admission.requestsMax = values.number("requests-max")
        settings.admission.requestBytesMax = values.number("request-bytes-max")
        settings.admission.startableMax = values.number("startable-max")
        settings.scheduler.openMax = values.number("deliveries-max")
        settings.scheduler.openPerLaneMax = values.number("deliveries-per-origin-max")
        settings.scheduler.horizonMax = values.number("horizon-max")
        settings.scheduler.windowBytesMax = values.number("window-bytes-max")
        settings.delivery.region = values.text("region") ?? ""
        settings.delivery.timeoutDefaultSeconds = values.seconds("timeout-default")
        settings.delivery.timeoutMaxSeconds = values.seconds("timeout-max")
        settings.delivery.responseBodyBytesMax = values.number("response-bytes-max")
        settings.deliveryBytesMax = values.number("delivery-bytes-max")
        settings.drainSeconds = values.seconds("drain")
        return settings
    }

    private static func api(_ values: SettingValues) throws -> APISettings {
        var settings = APISettings()
        settings.bodyBytesMax = values.number("body-bytes-max")
        settings.batchBytesMax = values.number("batch-bytes-max")
        settings.batchItemsMax = values.number("batch-items-max")
        settings.headerBytesMax = values.number("header-bytes-max")
        settings.trustedProxies = try ranges(values, "trusted-proxies")
        settings.metricsToken = values.text("metrics-token")
        settings.idleSeconds = values.seconds("idle-timeout")
        settings.bodySeconds = values.seconds("body-timeout")
        settings.stallSeconds = values.seconds("stall-timeout")
        settings.drainSeconds = values.seconds("drain")
        return settings
    }

    private static func transport(_ values: SettingValues) -> HTTPDeliveryClient.Configuration {
        var configuration = HTTPDeliveryClient.Configuration()
        configuration.connectMilliseconds = Int64(values.number("connect-timeout"))
        configuration.idleMilliseconds = Int64(values.number("connection-idle"))
        configuration.connectionMilliseconds = values.seconds("connection-lifetime") * 1_000
        return configuration
    }
}
