extension HTTPDeliveryClient {
    /// The bounds of the delivery client.
    package struct Configuration: Hashable, Sendable {
        /// How long reaching the destination may take, over TCP and TLS and all addresses tried, in milliseconds.
        package var connectMilliseconds: Int64 = 10_000
        /// How many addresses of a name are tried before giving up; they share ``connectMilliseconds``.
        package var addressesTriedMax = 4
        /// How long an unused connection is kept, in milliseconds.
        ///
        /// Many servers close after 5 s; a request that crosses such a close on its way is lost. A destination that
        /// announces a time of its own (`Keep-Alive: timeout=30`) gets that, less one second.
        package var idleMilliseconds: Int64 = 4_000
        /// How old a connection may get, in milliseconds: afterwards the name is resolved and the address judged anew.
        package var connectionMilliseconds: Int64 = 300_000
        /// Unused connections kept for one origin, shared out over the event loops.
        package var connectionsIdlePerOriginMax = 256
        /// Unused connections kept in all, shared out over the event loops.
        package var connectionsIdleMax = 2_048
        /// How large the head of an answer may be in bytes, informational heads before it included.
        package var responseHeaderBytesMax = 65_536
        /// How much more than is kept of a body is read, in bytes, so that the connection stays usable.
        package var responseDrainBytesMax = 65_536

        package init() {}
    }
}
