import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension MemoryJobStorage: DeliveryLedger {
    /// Takes a lock.
    public func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition {
        state.withLock { state in
            if let (delivery, expiresAt) = state.deliveries.value(lock.key, now: now) {
                switch delivery {
                case .done: return .done
                case .held(let owner) where owner == lock.owner: break
                case .held: return .held(remaining: now.duration(until: expiresAt))
                }
            }
            state.hold(lock, now: now)
            return .acquired
        }
    }

    /// Lets a lock live for its whole time again.
    public func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        state.withLock { state in
            guard state.isHeld(lock, now: now) else { return false }
            state.hold(lock, now: now)
            if let reservation, state.isReserved(reservation, now: now) {
                state.claim(reservation, isDone: false, now: now)
            }
            return true
        }
    }

    /// Writes a completion.
    public func commit(_ completion: DeliveryCompletion) async throws -> Bool {
        let now = completion.now
        let (isCommitted, changed) = state.withLock { state -> (Bool, Told?) in
            guard state.isHeld(completion.lock, now: now) else { return (false, nil) }
            let key = completion.lock.key
            state.deliveries.set(key, to: .done, until: now.adding(completion.doneTTL), now: now)
            if let reservation = completion.reservation { state.complete(reservation, now: now) }
            guard let requestID = completion.requestID, let change = completion.recordChange,
                case .changed = state.apply(change, to: requestID, now: now)
            else { return (true, nil) }
            return (true, Told(requestID: requestID, watchers: Array(state.watchers.values)))
        }
        changed?.tell()
        return isCommitted
    }

    /// Writes a release.
    public func release(_ release: DeliveryRelease) async throws -> Bool {
        let lock = release.lock
        let (isReleased, changed) = state.withLock { state -> (Bool, Told?) in
            guard state.deliveries.value(lock.key) == .held(by: lock.owner) else { return (false, nil) }
            state.deliveries.remove(lock.key)
            if let reservation = release.reservation { state.release(reservation) }
            guard let requestID = release.requestID, let change = release.recordChange,
                case .changed = state.apply(change, to: requestID, now: release.now)
            else { return (true, nil) }
            return (true, Told(requestID: requestID, watchers: Array(state.watchers.values)))
        }
        changed?.tell()
        return isReleased
    }

    /// Frees the locks of earlier lives.
    public func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int {
        state.withLock { state in
            state.deliveries.removeAll { delivery in
                guard case .held(let owner) = delivery else { return false }
                return owner.instance == instance && owner.life != currentLife
            }
        }
    }

    /// Claims a business event.
    public func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult {
        state.withLock { state in
            if let (claim, _) = state.claims.value(reservation.key, now: now) {
                guard !claim.isDone, claim.owner == reservation.owner else { return .duplicate }
            }
            state.claim(reservation, isDone: false, now: now)
            return .reserved
        }
    }

    /// Remembers a business event as done.
    public func complete(_ reservation: Reservation, now: Date) async throws {
        state.withLock { $0.complete(reservation, now: now) }
    }

    /// Gives a claim back.
    public func release(_ reservation: Reservation) async throws {
        state.withLock { $0.release(reservation) }
    }

    /// Forgets what has run out.
    public func removeExpired(now: Date, limit: Int) async throws -> Int {
        state.withLock { state in
            let count = state.deliveries.removeExpired(now: now, limit: limit)
            return count + state.claims.removeExpired(now: now, limit: limit - count)
        }
    }
}

extension MemoryJobStorage.State {
    /// Whether a lock is its owner's now; one that has run out is nobody's, even if nobody took it.
    fileprivate func isHeld(_ lock: DeliveryLock, now: Date) -> Bool {
        deliveries.value(lock.key, now: now)?.value == .held(by: lock.owner)
    }

    fileprivate mutating func hold(_ lock: DeliveryLock, now: Date) {
        deliveries.set(lock.key, to: .held(by: lock.owner), until: now.adding(lock.ttl), now: now)
    }

    fileprivate func isReserved(_ reservation: Reservation, now: Date) -> Bool {
        claims.value(reservation.key, now: now)?.value == .init(owner: reservation.owner, isDone: false)
    }

    fileprivate mutating func claim(_ reservation: Reservation, isDone: Bool, now: Date) {
        let ttl = isDone ? reservation.doneTTL : reservation.ttl
        let claim = MemoryJobStorage.Claim(owner: reservation.owner, isDone: isDone)
        claims.set(reservation.key, to: claim, until: now.adding(ttl), now: now)
    }

    fileprivate mutating func complete(_ reservation: Reservation, now: Date) {
        let claim = claims.value(reservation.key, now: now)?.value
        guard claim == nil || claim?.owner == reservation.owner else { return }
        self.claim(reservation, isDone: true, now: now)
    }

    fileprivate mutating func release(_ reservation: Reservation) {
        guard claims.value(reservation.key) == .init(owner: reservation.owner, isDone: false) else { return }
        claims.remove(reservation.key)
    }
}
