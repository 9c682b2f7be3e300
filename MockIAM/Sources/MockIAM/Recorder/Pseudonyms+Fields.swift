import FoundationEssentials
import PlainText
import Recording

extension Pseudonyms {
    /// The anonymised value of a field.
    mutating func value(_ text: String, _ treatment: Treatment) -> String {
        guard !text.isEmpty, text != Scrubber.redacted else { return text }
        switch treatment {
        case .constant: return text.isConstant ? text : Scrubber.redacted
        case .number: return text.isPlainNumber ? text : Scrubber.redacted
        case .date: return text.isDate ? text : Scrubber.redacted
        case .account: return account(text)
        case .arn: return arn(text)
        case .resource: return text == "*" ? text : arn(text)
        case .name(.user): return userName(text)
        case .name(let kind): return pseudonym(of: text, as: kind)
        case .path: return path(text)
        case .principalID: return principalID(text)
        case .serialNumber:
            return text.hasPrefix("arn:") ? arn(text) : pseudonym(of: text, as: .uniqueID)
        case .tagKey: return tagKey(text)
        case .serviceUserName: return serviceUserName(text)
        case .organizationPath:
            return text.split(separator: "/", omittingEmptySubsequences: false)
                .map { organizationID(String($0)) }.joined(separator: "/")
        case .organizationID: return organizationID(text)
        case .text: return message(text)
        case .credentialReport: return credentialReport(text) ?? Scrubber.redacted
        case .policyDocument: return Self.emptyPolicy
        case .takenOut: return Scrubber.redacted
        }
    }

    /// `{"Version":"2012-10-17","Statement":[]}`, percent-encoded as IAM does it.
    private static let emptyPolicy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D"

    mutating func account(_ text: String) -> String {
        text.isAccountID ? pseudonym(of: text, as: .account) : Scrubber.redacted
    }

    /// `<root_account>` is no name, and where the root user's own id stands for one it is the account's.
    mutating func userName(_ text: String) -> String {
        if text == "<root_account>" { return text }
        return text.isAccountID ? account(text) : pseudonym(of: text, as: .user)
    }

    /// Segment by segment, so that what was within one path still is, and Path agrees with the ARN.
    mutating func path(_ text: String) -> String {
        text.split(separator: "/", omittingEmptySubsequences: false)
            .map { pseudonym(of: String($0), as: .path) }.joined(separator: "/")
    }

    /// `AIDA…`, with a role `AROA…:session`, with a federated user `111122223333:name`.
    mutating func principalID(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let id = parts[0].isAccountID ? account(parts[0]) : pseudonym(of: parts[0], as: .uniqueID)
        return parts.count > 1 ? "\(id):\(pseudonym(of: parts[1], as: .session))" : id
    }

    /// The console keeps the description of an access key as a tag whose key is the access key's id. Keys that
    /// everybody uses say nothing, and a test may want them.
    private mutating func tagKey(_ text: String) -> String {
        let everybodys: Set = [
            "Name", "Owner", "owner", "Environment", "environment", "Env", "env", "Team", "team", "Project", "project",
            "Purpose", "purpose", "Service", "service", "CostCenter", "Department", "ManagedBy", "CreatedBy",
        ]
        if everybodys.contains(text) { return text }
        return pseudonym(of: text, as: UniqueID.looksLike(text) ? .uniqueID : .tagKey)
    }

    /// Made of the user's name and the account: `alice-at-111122223333`, a second one `alice+1-at-111122223333`.
    private mutating func serviceUserName(_ text: String) -> String {
        let separator = "-at-"
        let account = String(text.suffix(12))
        let owner = text.dropLast(12)
        guard account.isAccountID, owner.hasSuffix(separator) else { return pseudonym(of: text, as: .credential) }
        var name = owner.dropLast(separator.utf8.count)
        var number: Substring = ""
        if let plus = name.lastIndex(of: "+"), pseudonym(ofMentioned: String(name)) == nil,
            UInt(name[name.index(after: plus)...]) != nil
        {
            number = name[plus...]
            name = name[..<plus]
        }
        return userName(String(name)) + number + separator + self.account(account)
    }

    mutating func organizationID(_ text: String) -> String {
        text.isAccountID ? account(text) : pseudonym(of: text, as: .organization)
    }
}

extension StringProtocol {
    /// A word of AWS's own, as far as its looks tell.
    fileprivate var isConstant: Bool {
        utf8.count <= 128 && utf8.allSatisfy { $0.isASCIIAlphanumeric || "._:/#-".utf8.contains($0) }
            && !isAccountID && !UniqueID.looksLike(self) && !hasPrefix("arn:")
    }

    /// A number in which no account's twelve digits are, however it is written. The many digits of `1.481156728458E9` are
    /// those of a time.
    var isPlainNumber: Bool {
        guard utf8.count <= 24, utf8.allSatisfy({ 0x30...0x39 ~= $0 || "+-.eE".utf8.contains($0) }),
            let value = Double(String(self)), abs(value) < 1e11
        else { return false }
        let isTime = 1e8..<1e10 ~= value && utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
        return isTime || !utf8.hasRunOfDigits(12)
    }

    /// ISO 8601, with any offset: a day, or an instant.
    var isDate: Bool {
        let text = String(self)
        return utf8.count <= 40 && !utf8.hasRunOfDigits(12)
            && (Date(har: text) != nil || Date(har: text + "T00:00") != nil)
    }
}

extension Sequence<UInt8> {
    /// Whether so many decimal digits stand side by side.
    func hasRunOfDigits(_ count: Int) -> Bool {
        var run = 0
        for byte in self {
            run = 0x30...0x39 ~= byte ? run + 1 : 0
            if run == count { return true }
        }
        return false
    }
}
