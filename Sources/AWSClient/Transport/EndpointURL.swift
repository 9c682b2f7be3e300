/// Where a service listens: scheme, host, port and path, with nothing in it that a signed request must not have.
package struct EndpointURL: Sendable, Equatable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case http, https
    }

    package let scheme: Scheme
    /// A name or an address; IPv6 addresses keep their brackets.
    package let host: String
    /// Whether it is on this machine: `localhost`, 127.0.0.0/8 or ::1.
    package let isLoopback: Bool
    /// Nil for the scheme's own port.
    package let port: Int?
    /// Begins with a slash.
    package var path: String

    /// Reads `http(s)://host[:port][/path]`; nil for anything else, user information, queries and fragments among them.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { return nil }
        let rest = text[separator.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !rest.contains(where: { "?#@\\\"<>".contains($0) })
        else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...]
        var host = authority
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else { return nil }
            host = authority[..<colon]
            port = Int(number)
        }
        guard !host.isEmpty, host.hasPrefix("[") == host.hasSuffix("]") else { return nil }
        self.init(scheme, host.lowercased(), port, path.isEmpty ? "/" : String(path))
    }

    private init(_ scheme: Scheme, _ host: String, _ port: Int?, _ path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        isLoopback = Self.isLoopback(host)
    }

    /// A text that is no endpoint, in quotes and with a space before it, for a message; nothing where a user's password may
    /// stand in it before an `@`, or a key in a query.
    package static func quoted(_ text: String) -> String {
        text.utf8.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") } ? "" : " '\(text)'"
    }

    package init(https host: String) {
        self.init(.https, host, nil, "/")
    }

    /// The URL of something below it.
    ///
    /// - Parameter path: begins with a slash.
    func appending(_ path: String) -> EndpointURL {
        var url = self
        url.path = (self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path) + path
        return url
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether it is an endpoint of AWS's IAM, STS or Organizations, asked in a way that nobody on it can listen to.
    package var isOfAWS: Bool { scheme == .https && (port ?? 443) == 443 && Partition.hasEndpoint(host) }

    /// Whether it is the agent that gives a container its credentials: of ECS, or of EKS Pod Identity.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    var isContainerAgent: Bool { ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(host) }

    /// Whether it is an instance's metadata service.
    ///
    /// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
    var isInstanceMetadata: Bool { ["169.254.169.254", "[fd00:ec2::254]"].contains(host) }

    /// The value of the Host header.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Without the path.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }

    package var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}
