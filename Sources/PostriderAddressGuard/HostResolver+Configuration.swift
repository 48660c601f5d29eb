extension HostResolver {
    /// The bounds of a resolver.
    package struct Configuration: Hashable, Sendable {
        /// Lookups that run at the same time, those included that are overdue.
        package var lookupsMax = 8
        /// Lookups of one host that run at the same time; a second one starts only when the first is overdue.
        package var lookupsPerHostMax = 2
        /// How long callers wait for one lookup, in milliseconds.
        package var lookupMilliseconds: Int64 = 2_000
        /// How long addresses are remembered, in milliseconds.
        package var addressesKeptMilliseconds: Int64 = 30_000
        /// How long any other result is remembered, in milliseconds.
        package var failuresKeptMilliseconds: Int64 = 5_000
        /// Hosts whose result is remembered.
        package var hostsKeptMax = 4_096
        /// Callers that wait, over all hosts; beyond that a lookup fails at once.
        package var callersMax = 8_192

        package init() {}
    }
}
