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
    /// A key that the report must have, and has by none of its dates.
    private struct Changed {
        var key: AccessKey
        /// Which it may be there: those of later dates that are no other key's by the second.
        var candidates: [CredentialReport.Slot]
    }

    private let changed: [Changed]
    /// Numbers of the slots that are theirs. Where there are more than keys it isn't known which those are, but how many.
    private let taken: Set<Int>

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
        let slots = row.missing(from: listed)
        var left = slots.sorted { $0.created < $1.created }
        var taken: Set<Int> = []
        // The youngest has the fewest slots that may be its own.
        let keys = others.filter { !report.mayLack(whatWasCreated: $0.created) }.sorted { $0.created > $1.created }
        for key in keys {
            guard let place = left.firstIndex(where: { $0.created > key.created }) else { continue }
            taken.insert(left.remove(at: place).number)
        }
        let isWhole = taken.count == keys.count
        self.taken = isWhole ? taken : []
        changed =
            isWhole
            ? keys.map { key in Changed(key: key, candidates: slots.filter { $0.created > key.created }) } : []
    }

    func has(_ slot: CredentialReport.Slot) -> Bool { taken.contains(slot.number) }

    func has(_ key: AccessKey) -> Bool { changed.contains { $0.key.id == key.id } }

    /// The only slot that may be a key's, and no other key's; nil where there are several.
    func slot(of key: AccessKey) -> CredentialReport.Slot? {
        let candidates = candidates(of: key)
        return changed.count == 1 && candidates.count == 1 ? candidates[0] : nil
    }

    func candidates(of key: AccessKey) -> [CredentialReport.Slot] {
        changed.first { $0.key.id == key.id }?.candidates ?? []
    }
}
