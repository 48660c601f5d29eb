public import Hummingbird
public import NIOCore

/// A request context that knows the address of the caller, for applications that need no context of their own.
///
/// ```swift
/// let router = Router(context: JobsRequestContext.self)
/// ```
///
/// `LocalIdentity` and the rate limit of webhooks go by that address.
public struct JobsRequestContext: RequestContext, RemoteAddressRequestContext {
    /// What Hummingbird keeps with every request.
    public var coreContext: CoreRequestContextStorage

    /// The other end of the connection; nil when it has no address.
    public let remoteAddress: SocketAddress?

    /// The context of a request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
