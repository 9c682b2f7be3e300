extension String {
    /// The URL of a public endpoint of AWS's or of this machine as it is; of another one, such as a VPC endpoint or a
    /// company's proxy, a made-up one. Without a path, since the Query protocol has none.
    var anonymousURL: String {
        guard let separator = firstRange(of: "://") else { return "https://endpoint.example/" }
        let scheme = self[..<separator.lowerBound].lowercased()
        let authority = self[separator.upperBound...].prefix { $0 != "/" }
        return "\(scheme == "http" ? "http" : "https")://\(String(authority).anonymousAuthority)/"
    }

    /// The same of a host and its port.
    var anonymousAuthority: String {
        let host = prefix { $0 != ":" }
        let port = dropFirst(host.count)
        let isPort = port.isEmpty || UInt16(port.dropFirst()) != nil
        if isPort, host == "localhost" || host == "127.0.0.1" { return self }
        let suffixes = AWSPartition.all.map { ".\($0.suffix)" }
        let services = ["iam", "iam-fips", "sts", "sts-fips", "organizations", "organizations-fips"]
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        // `iam.amazonaws.com`, `sts.eu-west-1.amazonaws.com`: nothing of one's own between service and suffix.
        let isPublic =
            services.contains(String(labels.first ?? ""))
            && suffixes.contains { suffix in
                host.hasSuffix(suffix) && labels.count - suffix.split(separator: ".").count <= 2
                    && labels.dropFirst().allSatisfy { $0.utf8.count <= 24 && !$0.isAccountID }
            }
        return isPublic && isPort ? self : "endpoint.example"
    }
}
