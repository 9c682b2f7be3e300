import AWSClient
import Evidence
import FoundationEssentials

/// Keys whose slots in the credential report have a later date than they.
///
/// A report dates a slot by when its key was "created or last changed", ListAccessKeys a key by its creation; AWS's Trusted
/// Advisor, which goes by the report, says "most recently activated".
///
/// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html,
/// https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html, "IAM Access Key Rotation"
struct ChangedSlots {
    /// In the order of their dates, and so beside one another where there is one; of two nobody knows which is whose.
    let slots: [CredentialReport.Slot]
    let keys: [AccessKey]

    /// What is left of a user's slots and keys when those of the same second are taken away, if there are as many of both
    /// and each slot may be a key's.
    ///
    /// - Parameters:
    ///   - row: the slots of one user.
    ///   - listed: all keys of that user.
    ///   - report: which the slots are of. A key that it need not have has no slot.
    init(_ row: [CredentialReport.Slot], among listed: [AccessKey], in report: ReportMap) {
        var dates = row.map(\.created)
        let others = listed.filter { key in
            guard let place = dates.firstIndex(where: { $0.isSameSecond(as: key.created) }) else { return true }
            dates.remove(at: place)
            return false
        }
        let slots = row.missing(from: listed).sorted { $0.created < $1.created }
        let keys = others.filter { !report.mayLack(whatWasCreated: $0.created) }.sorted { $0.created < $1.created }
        let fit = slots.count == keys.count && zip(slots, keys).allSatisfy { $0.created > $1.created }
        self.slots = fit ? slots : []
        self.keys = fit ? keys : []
    }

    func has(_ slot: CredentialReport.Slot) -> Bool { slots.contains { $0.number == slot.number } }

    func has(_ key: AccessKey) -> Bool { keys.contains { $0.id == key.id } }

    /// The slot of a key, where there is one of both.
    func slot(of key: AccessKey) -> CredentialReport.Slot? { keys.count == 1 && has(key) ? slots[0] : nil }

    /// The dates of the slots, for a message.
    var dates: String { slots.map(\.created.iso8601).joined(separator: " and ") }
}
