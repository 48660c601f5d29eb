package import PostriderJobs

/// What a job accepts, and what it says of the rest.
package enum ParameterTour {
    /// Parameters with rules of their own.
    struct PlaceOrder: JobParameters {
        static let jobName = "place-order"
        static let unknownKeys = UnknownKeys.rejected
        static let retryProfile = RetryProfile.notify
        static let label: String? = "shop:place-order"

        var customer: Customer
        var items: [Item]
        var note: String?

        func validate(_ check: inout Validation) {
            check.that((1...100).contains(items.count), "items", "must be 1 to 100", code: "count")
            check.at("customer") { customer.validate(&$0) }
            for (index, item) in items.enumerated() {
                check.that(item.count > 0, at: ["items", .index(index), "count"], "must be above 0")
            }
        }
    }

    /// A part that is used by several jobs.
    struct Customer: Codable, Sendable {
        var email: String

        func validate(_ check: inout Validation) {
            check.that(email.contains("@"), "email", "must be an address", code: "email")
        }
    }

    /// Another.
    struct Item: Codable, Sendable {
        var product: String
        var count: Int
    }

    /// The job.
    package static func routes() -> JobRoutes {
        var routes = JobRoutes()
        routes.job(PlaceOrder.self) { order, context in
            .done(["items": .integer(Int64(order.items.count))])
        }
        return routes
    }

    /// The rules alone, as a test calls them.
    package static func issues() -> [ValidationIssue] {
        let order = PlaceOrder(customer: Customer(email: "nobody"), items: [Item(product: "cup", count: 0)])
        var check = Validation()
        order.validate(&check)
        return check.issues
    }

    /// JSON without a type.
    package static func json() -> [String] {
        let value: JSONValue = ["order": 7, "tags": ["new", "gift"], "note": nil]
        let parsed = JSONValue.parse(#"{"note":null,"order":7,"tags":["new","gift"]}"#)
        return [value.text, "\(parsed == value)", "\(value["order"]?.integer ?? 0)"]
    }
}
