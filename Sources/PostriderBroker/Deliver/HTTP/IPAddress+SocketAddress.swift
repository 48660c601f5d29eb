import NIOCore
import PostriderAddressGuard

extension IPAddress {
    /// The address of a connection's other end; nil for anything but IP.
    init?(_ socketAddress: SocketAddress) {
        guard let address = socketAddress.withSockAddr({ pointer, _ in IPAddress(socketAddress: pointer) }) else {
            return nil
        }
        self = address
    }

    /// The address and port as SwiftNIO dials them, which involves no resolver.
    func socketAddress(port: Int) throws -> SocketAddress {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: port)
    }
}
