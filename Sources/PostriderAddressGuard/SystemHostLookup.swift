#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The system's own resolver: hosts file, DNS, whatever the machine is set up for.
package struct SystemHostLookup: HostLookup {
    /// How many addresses of a name are kept; a name with more is a misconfiguration or an attack.
    package static let addressesMax = 32

    package init() {}

    package func resolution(of host: String) -> HostResolution {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif

        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { return Self.failure(status, systemError: errno) }
        defer { freeaddrinfo(list) }

        var addresses: [IPAddress] = []
        var entry = list
        while let current = entry, addresses.count < Self.addressesMax {
            if let socketAddress = current.pointee.ai_addr,
                let address = IPAddress(socketAddress: socketAddress),
                !addresses.contains(address)
            {
                addresses.append(address)
            }
            entry = current.pointee.ai_next
        }
        return addresses.isEmpty ? .noSuchHost : .addresses(addresses)
    }

    // glibc's EAI_NODATA and EAI_ADDRFAMILY, which its headers hide: the name exists, but has no address.
    private static let noData: CInt = -5
    private static let noAddressOfFamily: CInt = -9

    private static func failure(_ status: CInt, systemError: CInt) -> HostResolution {
        switch status {
        case EAI_NONAME, noData, noAddressOfFamily:
            return .noSuchHost
        case EAI_SYSTEM:
            return .failed(detail: String(cString: strerror(systemError)))
        default:
            return .failed(detail: String(cString: gai_strerror(status)))
        }
    }
}
