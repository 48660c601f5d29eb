#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A URL group as the server keeps it (wire reference, section 17): a message to it goes to each of its endpoints.
public struct URLGroup: Sendable, Hashable {
    /// The group's name.
    public let name: URLGroupName

    /// When it was made.
    public let createdAt: Date

    /// When it was last changed.
    public let updatedAt: Date

    /// Where messages to the group go.
    public let endpoints: [Endpoint]

    /// A destination of a group.
    public struct Endpoint: Sendable, Hashable, ExpressibleByStringLiteral {
        /// Where messages go.
        public var url: String

        /// The name by which the endpoint can be changed and removed; nil for none.
        public var name: String?

        /// An endpoint.
        public init(url: String, name: String? = nil) {
            self.url = url
            self.name = name
        }

        /// An endpoint without a name, with the URL of a literal.
        public init(stringLiteral url: String) {
            self.init(url: url)
        }
    }

    /// Which endpoint of a group is meant.
    public enum EndpointReference: Sendable, Hashable {
        /// The one of that name.
        case named(String)
        /// The one with that URL.
        case url(String)
    }
}

extension URLGroup: Decodable {
    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        name = try fields.requiredIdentifier("name")
        createdAt = try fields.requiredTime("createdAt")
        updatedAt = try fields.requiredTime("updatedAt")
        endpoints = try fields.container.decodeIfPresent([Endpoint].self, forKey: "endpoints") ?? []
    }
}

extension URLGroup.Endpoint: Decodable {
    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        url = try fields.requiredText("url")
        name = try fields.text("name")
    }
}
