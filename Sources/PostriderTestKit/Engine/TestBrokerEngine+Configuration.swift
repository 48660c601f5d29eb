package import PostriderAPI
package import PostriderAddressGuard
package import PostriderBroker
package import PostriderCore

extension TestBrokerEngine {
    /// What may differ from one engine to another.
    package struct Configuration: Sendable {
        /// Decides keys and tokens that the broker makes up.
        package var seed: UInt64
        /// The number that all message ids carry.
        package var storeID: StoreID
        /// Who may call.
        package var tokens: [TokenTable.Token]
        /// The standard account's pair of signing keys; nil for one that the broker makes up.
        package var signingKeys: SigningKeyRecord.Pair?
        package var broker = Broker.Settings()
        package var api = APISettings()
        package var privateDestinations = AddressPolicy.PrivateDestinations.allow
        /// Whether private destinations are allowed only for want of a setting.
        package var isPrivateByDefault = false
        /// What `/readyz` tells.
        package var isReady = true
        /// Deliveries at one moment of the clock above which the broker is taken for one that never rests.
        package var deliveriesMax = 10_000

        package init(
            seed: UInt64,
            storeID: StoreID,
            tokens: [TokenTable.Token],
            signingKeys: SigningKeyRecord.Pair? = nil
        ) {
            self.seed = seed
            self.storeID = storeID
            self.tokens = tokens
            self.signingKeys = signingKeys
        }
    }
}
