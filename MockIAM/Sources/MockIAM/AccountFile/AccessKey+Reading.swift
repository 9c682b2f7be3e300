import FoundationEssentials
import StrictYAML

extension MockIAM.AccessKey {
    private enum Key: String, CaseIterable {
        case id, status, created, changed, deleted, secret, lastUsed = "last_used", earlierUse = "earlier_use"
    }

    /// The keys of a user. A key that isn't told otherwise is as old as its user.
    ///
    /// - Parameter userCreated: nil for the root user, whose key is as young as the clock unless told otherwise.
    static func list(
        _ value: YAMLValue, of user: String, since userCreated: Date?, in scope: inout AccountScope
    ) throws(YAMLError) -> [MockIAM.AccessKey] {
        var list: [MockIAM.AccessKey] = []
        for (slot, item) in try value.items().enumerated() {
            let keys = try item.mapping("an access key", keys: Key.self)
            var key = MockIAM.AccessKey(
                try keys[.id]?.text() ?? MockIAM.AccessKey.derivedID(scope.account, user, slot: slot),
                created: try keys[.created]?.instant(relativeTo: scope.instant) ?? userCreated ?? scope.instant)
            if let userCreated {
                try scope.heed(IAMRules.objection(toCreationOf: key, since: userCreated), keys[.created] ?? item)
            }
            if let changed = keys[.changed] {
                key.changed = try changed.instant(relativeTo: scope.instant)
                try scope.heed(IAMRules.objection(toChangeOf: key), changed)
            }
            try scope.heed(IAMRules.objection(toKeyID: key.id), keys[.id] ?? item)
            try scope.keyIDs.take(key.id, item)
            if let status = keys[.status] {
                key.status = try status.text()
                try scope.heed(IAMRules.objection(toStatus: key.status), status)
            }
            if let instant = keys[.deleted] {
                key.deleted = try instant.instant(relativeTo: scope.instant)
                // Not of the root user, whose key is as young as the clock where nobody has told its age.
                if userCreated != nil {
                    try scope.heed(
                        IAMRules.objection(toDeletion: key.deleted, of: "key", createdAt: key.created), instant)
                }
            }
            if let use = keys[.lastUsed] {
                key.lastUse = try MockIAM.LastUse?(use, in: scope)
                try scope.heed(IAMRules.objection(toUse: key.lastUse, of: key), use)
            }
            if let use = keys[.earlierUse] {
                key.earlierUse = try MockIAM.LastUse?(use, in: scope)
                try scope.heed(IAMRules.objection(toUse: key.earlierUse, of: key), use)
            }
            key.secret = try keys[.secret]?.text()
            list.append(key)
        }
        try scope.heed(IAMRules.objection(toKeys: list), value)
        return list
    }

    /// The id of a key that has none of its own: the same whenever account, user and place are the same.
    private static func derivedID(_ account: String, _ user: String, slot: Int) -> String {
        Identifier.accessKey("AKIA", "access-key", account, user, "\(slot + 1)")
    }
}

extension MockIAM.LastUse? {
    private enum Key: String, CaseIterable { case at, service, region }

    /// `3d ago`, `never`, or `{at: 3d ago, service: s3, region: us-east-1}`.
    fileprivate init(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) {
        guard value.form == .mapping else {
            self = try value.instantOrNever(relativeTo: scope.instant).map { MockIAM.LastUse($0) }
            return
        }
        let keys = try value.mapping("a use", keys: Key.self)
        var use = MockIAM.LastUse(try keys.required(.at).instant(relativeTo: scope.instant))
        if let service = keys[.service] { use.service = try service.text() }
        if let region = keys[.region] { use.region = try region.text() }
        self = use
    }
}
