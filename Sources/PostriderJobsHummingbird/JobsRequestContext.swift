public import Hummingbird
public import NIOCore

/// A request context that knows its connection, so that handlers are cancelled when the other end hangs up.
public protocol JobsChannelContext: RequestContext {
    /// The connection that the request came by.
    var channel: any Channel { get }
}

/// A request context that knows the connection and the address of the caller, for applications that need no context of their own.
///
/// ```swift
/// let router = Router(context: JobsRequestContext.self)
/// ```
///
/// `LocalIdentity` and the rate limit of webhooks go by that address.
public struct JobsRequestContext: JobsChannelContext, RemoteAddressRequestContext {
    /// What Hummingbird keeps with every request.
    public var coreContext: CoreRequestContextStorage

    /// The connection that the request came by.
    public let channel: any Channel

    /// The other end of the connection; nil when it has no address.
    public let remoteAddress: SocketAddress?

    /// The context of a request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        remoteAddress = source.channel.remoteAddress
    }
}
