/// What a signature is good for: one service in one region.
package struct SigningScope: Sendable, Hashable {
    /// The service's signing name, such as `iam`.
    package var service: String
    package var region: String

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }
}
