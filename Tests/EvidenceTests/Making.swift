import CanonicalJSON
import Crypto
import Evidence
import FoundationEssentials

extension Date {
    /// 2026-11-22T20:45:00Z
    static let asOf = Date(timeIntervalSince1970: 1_795_380_300)

    /// So many days and seconds before ``asOf``.
    static func before(days: Int, seconds: Int = 0) -> Date {
        Date(timeIntervalSince1970: asOf.timeIntervalSince1970 - Double(days * 86_400 + seconds))
    }
}

extension ReadFailure {
    static let denied = ReadFailure(
        fact: .lastUse, operation: "GetAccessKeyLastUsed", subject: .accessKey("AKIA1"), code: "AccessDenied",
        message: "not authorized",
        exchange: 7)
}

extension Provenance {
    static func made(_ operation: Operation, _ exchange: Int, further: [Int] = []) -> Provenance {
        Provenance(operation, asOf: .asOf, exchange: exchange, furtherExchanges: further)
    }
}

extension Fact<LastUse> {
    static var never: Self { .read(.never, .made(.getAccessKeyLastUsed, 4)) }

    static func used(daysAgo days: Int, seconds: Int = 0) -> Self { .used(at: .before(days: days, seconds: seconds)) }

    static func used(at date: Date) -> Self {
        .read(.used(at: date, service: "s3", region: "N/A"), .made(.getAccessKeyLastUsed, 4))
    }
}

extension Fact<Bool> {
    static var yes: Self { .read(true, .made(.getLoginProfile, 5)) }
    static var no: Self { .read(false, .made(.getLoginProfile, 5)) }
}

extension Fact<[AccessKey]> {
    static func listed(_ keys: [AccessKey]) -> Self { .read(keys, .made(.listAccessKeys, 3)) }
}

extension AccessKey {
    static func made(
        _ id: String = "AKIA1", status: KeyStatus = .active, age: Int = 10, seconds: Int = 0,
        lastUse: Fact<LastUse> = .used(daysAgo: 0)
    ) -> AccessKey {
        AccessKey(
            id: id, status: status, created: .before(days: age, seconds: seconds), lastUse: lastUse,
            listed: .made(.listAccessKeys, 3))
    }
}

extension IAMUser {
    static func made(
        _ name: String = "ci-deploy", path: String = "/", console: Fact<Bool> = .no,
        keys: Fact<[AccessKey]> = .listed([.made()]), tags: [String: String]? = nil
    ) -> IAMUser {
        var user = IAMUser(
            name: name, id: "AIDA\(name)", arn: "arn:aws:iam::111122223333:user\(path)\(name)",
            created: .before(days: 2000),
            consoleAccess: console, keys: keys,
            listed: .made(.listUsers, 2))
        user.optional.tags = tags.map { tags in
            .read(tags.map { OptionalFacts.Tag(key: $0, value: $1) }, .made(.listUserTags, 6))
        }
        return user
    }
}

extension AccountSnapshot {
    static func made(
        users: [IAMUser] = [.made()], listing: Listing = .complete(pages: 1), failures: [ReadFailure] = [],
        root: RootUser = RootUser(accessKeysPresent: false, hasMFA: true, summary: .made(.getAccountSummary, 1)),
        notes: [PopulationNote] = [], source: CollectionSource = .live
    ) -> AccountSnapshot {
        AccountSnapshot(
            account: AccountIdentity(
                id: "111122223333", partition: "aws", callerARN: "arn:aws:sts::111122223333:assumed-role/Evidence/x"),
            region: "us-east-1", profile: nil,
            window: CollectionWindow(started: .asOf, ended: .before(days: 0, seconds: -5)), users: users,
            userListing: listing, failures: failures, traffic: Traffic(requests: ["ListUsers": 1]),
            source: source, root: root,
            accountSummary: root.summary.map { .read(SummaryFacts(users: nil), $0) } ?? .notAsked, notes: notes)
    }
}

extension Assessment {
    static func made(
        _ snapshot: AccountSnapshot = .made(), policy: Policy = Policy(), exceptions: [ControlException] = [],
        frameworks: Set<String> = Crosswalk.standardFrameworks
    ) throws -> Assessment {
        let criteria = Criteria(
            policy: policy, exceptions: ExceptionList(exceptions), crosswalk: try Crosswalk.builtIn(),
            frameworks: frameworks)
        return Assessment(of: snapshot, by: criteria, at: .asOf)
    }

    /// Of one user each, so that no user has several.
    static func made(keys: [AccessKey], policy: Policy = Policy(), exceptions: [ControlException] = []) throws
        -> Assessment
    {
        let users = keys.enumerated().map { IAMUser.made("user-\($0)", keys: .listed([$1])) }
        return try made(.made(users: users), policy: policy, exceptions: exceptions)
    }
}

extension Policy {
    /// The default policy with other limits, as the options put them there.
    init(keyAgeThreshold: Int? = nil, lastUsedThreshold: Int? = nil) {
        self.init()
        do { try adjust(keyAge: keyAgeThreshold, lastUsed: lastUsedThreshold) } catch {
            preconditionFailure("the default policy has no overrides: \(error)")
        }
    }
}

extension BundleFile {
    static let recording = BundleFile(.recording, size: 1, sha256: String(repeating: "0", count: 64))
}

extension BundleDocuments {
    /// Every document's bytes.
    static func inMemory(
        _ assessment: Assessment, asOfSource: AsOfSource = .clock, recording: BundleFile = .recording
    ) -> [BundleMember: [UInt8]] {
        var documents: [BundleMember: [UInt8]] = [:]
        let store = { (document: BundleDocument) -> BundleFile in
            var output = OutputBuffer()
            document.write(&output)
            documents[document.member] = output.bytes
            let digest = SHA256.hash(data: output.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return BundleFile(document.member, size: output.bytes.count, sha256: digest)
        }
        let packaging = Packaging(asOfSource: asOfSource)
        let files = write(assessment, packaging, recording: recording, store: store)
        _ = seal(assessment, packaging, ChainLink(sequence: 1, previous: nil), files: files, store: store)
        return documents
    }
}

extension ReadFailure.Code: ExpressibleByStringLiteral {
    /// As reports have it.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
