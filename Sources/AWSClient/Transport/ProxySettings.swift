/// The proxy that HTTPS_PROXY names, and the hosts that NO_PROXY keeps from it.
///
/// Lower-case names count before upper-case ones, as with curl and Python. `NO_PROXY` is a list of host names with commas
/// between; each stands for its subdomains, too, and `*` for every host.
package struct ProxySettings: Sendable {
    package let host: String
    package let port: Int
    let authorization: (user: String, password: Secret)?
    private let exceptions: [String]

    /// Nil where there is no proxy.
    ///
    /// - Throws: ``CredentialError/invalid(origin:reason:)`` for what isn't `http://[USER:PASSWORD@]HOST[:PORT]`.
    package init?(_ configuration: SharedConfiguration) throws(CredentialError) {
        guard let text = configuration.variable("https_proxy") ?? configuration.variable("HTTPS_PROXY") else {
            return nil
        }
        let rest = text.hasPrefix("http://") ? text.dropFirst("http://".count) : text[...]
        let at = rest.lastIndex(of: "@")
        let place = at.map { rest[rest.index(after: $0)...] } ?? rest
        // What stands before the host may be a password, so the text isn't quoted.
        guard !rest.contains("://"), let url = EndpointURL("http://\(place)"), url.path == "/" else {
            throw .invalid(origin: "HTTPS_PROXY", reason: "a proxy is http://[USER:PASSWORD@]HOST[:PORT]")
        }
        host = url.host.hasPrefix("[") ? String(url.host.dropFirst().dropLast()) : url.host
        port = url.port ?? 80
        authorization = at.map { at in
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            func plain(_ part: Substring?) -> String { PercentEncoding.decode(part.map(String.init) ?? "") }
            return (plain(parts.first), Secret(plain(parts.dropFirst().first)))
        }
        let exceptions = configuration.variable("no_proxy") ?? configuration.variable("NO_PROXY") ?? ""
        self.exceptions = exceptions.split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// Whether a host is asked by way of the proxy.
    package func serves(_ host: String) -> Bool {
        !exceptions.contains { exception in
            let name = exception.drop { $0 == "." }
            return exception == "*" || host == name || host.hasSuffix(".\(name)")
        }
    }
}
