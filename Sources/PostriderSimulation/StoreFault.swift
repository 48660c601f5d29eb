package import PostriderCore

/// What goes wrong with one call of a store.
package struct StoreFault: Hashable, Sendable {
    /// When it goes wrong.
    package enum Moment: Hashable, Sendable {
        /// The store never hears of the call.
        case before
        /// The store does its work, and the caller gets an error all the same.
        case after
    }

    /// What the caller meets.
    package enum Effect: Hashable, Sendable {
        /// The call throws this.
        case error(StoreError.Code)
        /// The process dies: the ``CrashSwitch`` is thrown.
        case crash
    }

    package var moment: Moment
    package var effect: Effect

    package init(_ moment: Moment, _ effect: Effect) {
        self.moment = moment
        self.effect = effect
    }
}
