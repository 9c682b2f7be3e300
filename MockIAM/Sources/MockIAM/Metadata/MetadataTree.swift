import CanonicalJSON
import FoundationEssentials

/// The part of an instance's metadata that clients look at for credentials and the region, by path.
///
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
struct MetadataTree {
    let account: ServedAccount
    /// Nil for an instance without a role.
    let instance: Workload?

    private static let credentials = "meta-data/iam/security-credentials/"

    private enum Leaf {
        case text(String)
        case credentials
        case profile
    }

    private var leaves: [(path: String, leaf: Leaf)] {
        var leaves: [(path: String, leaf: Leaf)] = [
            ("dynamic/instance-identity/document", .text(document)),
            ("meta-data/instance-id", .text(Workload.instanceID(in: account))),
            ("meta-data/instance-type", .text("t3.micro")),
            ("meta-data/placement/availability-zone", .text("\(account.partition.iamRegion)a")),
            ("meta-data/placement/region", .text(account.partition.iamRegion)),
        ]
        if let instance {
            leaves.append(("meta-data/iam/info", .profile))
            leaves.append((Self.credentials + instance.role.name, .credentials))
        }
        return leaves
    }

    /// What is at a path below `/latest/`: a text, or the names of what is below it. Nil where there is nothing.
    func text(at path: String, _ call: inout ServiceCall) -> String? {
        // Clients put a slash behind the zone, too.
        switch leaves.first(where: { $0.path == path || $0.path + "/" == path })?.leaf {
        case .text(let text): return text
        case .credentials: return instance?.credentials(&call).text
        case .profile: return instance.map { $0.profile($0.credentials(&call).made) }
        case nil: return listing(path)
        }
    }

    private func listing(_ path: String) -> String? {
        let folder = path.isEmpty || path.hasSuffix("/") ? path : path + "/"
        let names = leaves.filter { $0.path.hasPrefix(folder) }.map { leaf in
            let rest = leaf.path.dropFirst(folder.count)
            return rest.firstIndex(of: "/").map { rest[...$0] } ?? rest
        }
        return names.isEmpty ? nil : Set(names).sorted().joined(separator: "\n")
    }

    private var document: String {
        """
        {
          "accountId" : "\(account.id)",
          "architecture" : "x86_64",
          "availabilityZone" : "\(account.partition.iamRegion)a",
          "billingProducts" : null,
          "devpayProductCodes" : null,
          "marketplaceProductCodes" : null,
          "imageId" : "ami-00000000000000000",
          "instanceId" : "\(Workload.instanceID(in: account))",
          "instanceType" : "t3.micro",
          "kernelId" : null,
          "pendingTime" : "\(account.account.created.instant)",
          "privateIp" : "10.0.0.10",
          "ramdiskId" : null,
          "region" : "\(account.partition.iamRegion)",
          "version" : "2017-09-30"
        }
        """
    }
}

extension Workload {
    fileprivate func profile(_ updated: Date) -> String {
        """
        {
          "Code" : "Success",
          "LastUpdated" : "\(updated.instant)",
          "InstanceProfileArn" : "\(account.arn("instance-profile/\(role.name)"))",
          "InstanceProfileId" : "\(Identifier.unique("AIPA", account.id, role.name))"
        }
        """
    }
}

extension MetadataSessions.Issued {
    /// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
    fileprivate var text: String {
        """
        {
          "Code" : "Success",
          "LastUpdated" : "\(made.instant)",
          "Type" : "AWS-HMAC",
          "AccessKeyId" : "\(credentials.accessKeyID)",
          "SecretAccessKey" : "\(credentials.secretAccessKey)",
          "Token" : "\(credentials.sessionToken)",
          "Expiration" : "\(credentials.expiration.instant)"
        }
        """
    }
}
