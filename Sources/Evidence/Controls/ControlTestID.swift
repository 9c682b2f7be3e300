/// The control tests by the names that policies, crosswalk and reports have for them, in the order of reports.
package enum ControlTestID: String, Sendable, CaseIterable {
    case unusedKey = "unused-key"
    case keyRotation = "key-rotation"
    case inactiveKeyRemoved = "inactive-key-removed"
    case singleActiveKey = "single-active-key"
    case rootKey = "root-key"
    case identifierUnique = "identifier-unique"
    case identifierAssigned = "identifier-assigned"

    /// What the test looks at, one after the other.
    package var scope: SubjectScope {
        switch self {
        case .unusedKey, .keyRotation, .inactiveKeyRemoved: .accessKey
        case .singleActiveKey, .identifierAssigned: .user
        case .rootKey: .rootUser
        case .identifierUnique: .account
        }
    }

    /// Whether it counts days, up to a limit.
    var hasLimit: Bool {
        switch self {
        case .unusedKey, .keyRotation, .inactiveKeyRemoved, .singleActiveKey: true
        case .rootKey, .identifierUnique, .identifierAssigned: false
        }
    }

    /// Its place in the order.
    var place: Int {
        switch self {
        case .unusedKey: 0
        case .keyRotation: 1
        case .inactiveKeyRemoved: 2
        case .singleActiveKey: 3
        case .rootKey: 4
        case .identifierUnique: 5
        case .identifierAssigned: 6
        }
    }

    /// The test, as a policy has it.
    func test(by rules: Rules, ownerTags: [String]) -> any ControlTest {
        switch self {
        case .unusedKey: UnusedKey(limit: rules.limits.lastUsed)
        case .keyRotation: KeyRotation(limit: rules.limits.keyAge)
        case .inactiveKeyRemoved: InactiveKeyRemoved(grace: rules.limits.inactiveGrace)
        case .singleActiveKey: SingleActiveKey(overlap: rules.limits.rotationOverlap)
        case .rootKey: RootKey()
        case .identifierUnique: IdentifierUnique()
        case .identifierAssigned: IdentifierAssigned(ownerTags: ownerTags)
        }
    }
}

/// The kind of thing that a control test looks at.
package enum SubjectScope: String, Sendable, CaseIterable {
    case accessKey = "access-key"
    case user = "iam-user"
    case rootUser = "root-user"
    case account

    /// In a few letters, to be counted: `3 keys`.
    package var noun: String {
        switch self {
        case .accessKey: "key"
        case .user: "user"
        case .rootUser: "root user"
        case .account: "account"
        }
    }
}
