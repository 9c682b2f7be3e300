import PlainText

extension MockIAM {
    /// Where a recorder passes requests on to.
    package enum Upstream: Sendable, Equatable, CustomStringConvertible {
        /// The public endpoints of AWS.
        case aws
        /// One endpoint for all services, such as another emulator: scheme, host and port, without a path.
        case endpoint(String)

        /// Reads `aws` or a URL. Requests are signed but not encrypted over plain HTTP, and the answers can be read by
        /// anybody on the way, so it is for this machine only.
        ///
        /// - Throws: ``RecordingFailure`` with what would be right.
        package init(_ text: String) throws(RecordingFailure) {
            if text == "aws" {
                self = .aws
                return
            }
            guard let separator = text.firstRange(of: "://") else {
                throw RecordingFailure(
                    "an upstream is 'aws' or a URL such as http://127.0.0.1:8080, not '\(text.printable())'")
            }
            let scheme = text[..<separator.lowerBound].lowercased()
            var authority = text[separator.upperBound...]
            if authority.hasSuffix("/") { authority.removeLast() }
            let allowed =
                authority.utf8.allSatisfy { $0.isASCIIAlphanumeric || ".:-[]_".utf8.contains($0) }
                && authority.hasPrefix("[") == authority.contains("]")
            guard scheme == "http" || scheme == "https", !authority.isEmpty, allowed else {
                throw RecordingFailure(
                    "an upstream's URL is http(s)://HOST[:PORT], without user, path or query; not '\(text.printable())'"
                )
            }
            guard scheme == "https" || String(authority).isLoopbackAuthority else {
                throw RecordingFailure(
                    "an upstream over plain HTTP must be on this machine (127.0.0.1, [::1] or localhost); "
                        + "use https:// for '\(text.printable())'")
            }
            self = .endpoint("\(scheme)://\(authority.lowercased())")
        }

        package var description: String {
            switch self {
            case .aws: "aws"
            case .endpoint(let url): url
            }
        }
    }
}

extension MockIAM.Upstream {
    /// Where a request goes, and for which region it is signed.
    struct Destination: Equatable {
        /// Scheme, host and port, without a slash at the end.
        var url: String
        var signingRegion: String

        /// What the `Host` header says.
        var authority: String {
            url.firstRange(of: "://").map { String(url[$0.upperBound...]) } ?? url
        }
    }

    /// - Parameters:
    ///   - service: its signing name: `iam`, `sts` or `organizations`.
    ///   - region: that the caller signed for.
    func destination(service: String, region: String) -> Destination {
        switch self {
        case .endpoint(let url): return Destination(url: url, signingRegion: region)
        case .aws:
            let partition = AWSPartition.ofRegion(region)
            switch service {
            case "sts":
                return Destination(url: "https://sts.\(region).\(partition.suffix)", signingRegion: region)
            case "organizations":
                let home = partition.organizationsRegion
                return Destination(url: "https://organizations.\(home).\(partition.suffix)", signingRegion: home)
            default:
                return Destination(url: "https://\(partition.iamHost)", signingRegion: partition.iamRegion)
            }
        }
    }
}

extension String {
    /// A host on this machine, with a port or without.
    var isLoopbackAuthority: Bool {
        let host: Substring
        if hasPrefix("[") {
            guard contains("]") else { return false }
            host = prefix { $0 != "]" }.dropFirst()
        } else {
            host = prefix { $0 != ":" }
        }
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
