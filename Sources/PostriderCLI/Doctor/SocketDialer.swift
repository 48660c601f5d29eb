import NIOCore
import NIOPosix
import PostriderAddressGuard

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Dials over TCP.
struct SocketDialer: Dialer {
    func dial(_ address: IPAddress, port: Int, timeout: Duration) async -> DialOutcome {
        guard (1...65_535).contains(port), let target = try? SocketAddress(ipAddress: address.text, port: port) else {
            return .failed("there is no port \(port)")
        }
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(timeout))
                .connect(to: target)
                .get()
            try? await channel.close()
            return .connected
        } catch let error as IOError where error.errnoCode == ECONNREFUSED {
            return .refused
        } catch let error as IOError {
            return .failed(String(cString: strerror(error.errnoCode)))
        } catch ChannelError.connectTimeout {
            return .timedOut
        } catch {
            return .failed("\(error)")
        }
    }
}
