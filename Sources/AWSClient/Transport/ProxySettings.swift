/// The proxy that HTTPS_PROXY names, and the hosts that NO_PROXY keeps from it.
///
/// Lower-case names count before upper-case ones, as with curl and Python; an empty one turns the other off, as with Python
/// and so with AWS CLI. `NO_PROXY` is a list of hosts with commas between: names, which stand for their subdomains, too, or
/// addresses, each with a port where only that one is meant; `*` stands for every host.
package struct ProxySettings: Sendable {
    package let host: String
    package let port: Int
    let authorization: (user: String, password: Secret)?
    private let exceptions: [Exception]

    fileprivate struct Exception {
        /// Without brackets.
        var host: String
        /// Nil for all.
        var port: Int?
    }

    /// Nil where there is no proxy.
    ///
    /// - Throws: ``CredentialError/invalid(origin:reason:)`` for what isn't `http://[USER:PASSWORD@]HOST[:PORT]`.
    package init?(_ configuration: SharedConfiguration) throws(CredentialError) {
        func variable(_ name: String) -> String {
            configuration.environment[name] ?? configuration.environment[name.uppercased()] ?? ""
        }
        let text = variable("https_proxy")
        guard !text.isEmpty else { return nil }
        let rest = text.lowercased().hasPrefix("http://") ? text.dropFirst("http://".count) : text[...]
        let at = rest.lastIndex(of: "@")
        let place = at.map { rest[rest.index(after: $0)...] } ?? rest
        // What stands before the host may be a password, so the text isn't quoted.
        guard !rest.contains("://"), let url = EndpointURL("http://\(place)"), url.path == "/" else {
            throw .invalid(origin: "HTTPS_PROXY", reason: "a proxy is http://[USER:PASSWORD@]HOST[:PORT]")
        }
        host = url.host.withoutBrackets
        port = url.port ?? 80
        authorization = at.map { at in
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            func plain(_ part: Substring?) -> String { PercentEncoding.decode(part.map(String.init) ?? "") }
            return (plain(parts.first), Secret(plain(parts.dropFirst().first)))
        }
        exceptions = variable("no_proxy").split { $0 == "," || $0 == " " }.map { Exception($0.lowercased()) }
    }

    /// Whether a host is asked by way of the proxy.
    package func serves(_ host: String, port: Int = 443) -> Bool {
        let host = host.withoutBrackets
        return !exceptions.contains { exception in
            guard exception.port == nil || exception.port == port else { return false }
            return exception.host == "*" || host == exception.host || host.hasSuffix(".\(exception.host)")
        }
    }
}

extension ProxySettings.Exception {
    fileprivate init(_ text: String) {
        var host = text[...]
        var port: Int?
        // An IPv6 address without brackets has colons of its own.
        let isBareAddress =
            !text.hasPrefix("[") && text.split(separator: ":", omittingEmptySubsequences: false).count > 2
        if !isBareAddress, let colon = text.lastIndex(of: ":"), let number = UInt16(text[text.index(after: colon)...]) {
            host = text[..<colon]
            port = Int(number)
        }
        self.init(host: String(host.drop { $0 == "." }).withoutBrackets, port: port)
    }
}

extension ProxySettings: CustomStringConvertible {
    /// Host and port; the password goes to nobody but the proxy.
    package var description: String {
        (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }
}

extension String {
    /// An IPv6 address as it is outside of a URL.
    var withoutBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}
