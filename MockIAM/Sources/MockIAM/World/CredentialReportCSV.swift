import CanonicalJSON
import FoundationEssentials
import NIOCore

/// The text of a credential report with the facts of one instant.
///
/// As AWS's live ones: 22 columns, lower-case booleans, line feeds and none at the end, the root user first. The page
/// that documents it has more columns than live reports do. Instants end in `Z` in captures of live reports of 2022 to
/// 2026; until about 2021 they ended in `+00:00`, and recordings of that time still do.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
struct CredentialReportCSV {
    static let header = [
        "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
        "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
        "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
        "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
        "access_key_2_last_used_region", "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated",
        "cert_2_active", "cert_2_last_rotated",
    ]

    private let account: ServedAccount
    private let instant: Date

    init(_ account: ServedAccount, at instant: Date) {
        self.account = account
        self.instant = instant
    }

    /// Writes it in base64, as the API hands it out. Made row by row: that of a large account has dozens of megabytes.
    func writeBase64(to buffer: inout ByteBuffer) {
        var encoder = Base64Chunks()
        // A row has about 320 bytes; a buffer of dozens of megabytes that grows has to be copied.
        buffer.reserveCapacity(minimumWritableBytes: account.users.count * 400)
        encoder.append(Self.header.joined(separator: ","), to: &buffer)
        encoder.append("\n" + rootRow().joined(separator: ","), to: &buffer)
        for user in account.users where user.created <= instant && user.isThere(at: instant) {
            encoder.append("\n" + row(user).joined(separator: ","), to: &buffer)
        }
        encoder.finish(to: &buffer)
    }

    private func rootRow() -> [String] {
        let root = account.account.root
        return [
            "<root_account>", account.arn("root"), account.account.created.instant, "not_supported",
            root.passwordLastUsed.flatMap { $0 <= instant ? $0.instant : nil } ?? "no_information",
            "not_supported", "not_supported",
            root.hasMFA ? "true" : "false",
        ] + keys(root.accessKeys) + ["false", "N/A", "false", "N/A"]
    }

    private func row(_ user: MockIAM.User) -> [String] {
        let password = user.password.flatMap { $0.created <= instant ? $0 : nil }
        let changed = password.map { password in
            password.changed.flatMap { $0 <= instant ? $0 : nil } ?? password.created
        }
        let used = password.map { password in
            password.lastUsed.flatMap { $0 <= instant ? $0.instant : nil } ?? "no_information"
        }
        let certificates = user.signingCertificates.filter { $0.uploaded <= instant }.prefix(2)
        return [
            user.name.csvField, account.arn(of: user).csvField, user.created.instant,
            password == nil ? "false" : "true", used ?? "N/A", changed?.instant ?? "N/A", "N/A",
            user.mfaDevices.contains { $0.enabled <= instant } ? "true" : "false",
        ] + keys(user.accessKeys)
            + (0..<2).flatMap { slot in
                slot < certificates.count
                    ? [
                        certificates[slot].status == "Active" ? "true" : "false",
                        certificates[slot].uploaded.instant,
                    ]
                    : ["false", "N/A"]
            }
    }

    private func keys(_ all: [MockIAM.AccessKey]) -> [String] {
        let keys = all.filter { $0.created <= instant && $0.isThere(at: instant) }.prefix(2)
        return (0..<2).flatMap { slot -> [String] in
            guard slot < keys.count else { return ["false", "N/A", "N/A", "N/A", "N/A"] }
            let key = keys[slot]
            // A use after the report was made isn't in it; the one before may be.
            let use = [key.lastUse, key.earlierUse].lazy.compactMap { $0 }.first { $0.date <= instant }
            let rotated = key.changed.flatMap { $0 <= instant ? $0 : nil } ?? key.created
            return [
                key.status == "Active" ? "true" : "false", rotated.instant, use?.date.instant ?? "N/A",
                use?.region.csvField ?? "N/A", use?.service.csvField ?? "N/A",
            ]
        }
    }
}

/// Base64 of text that comes piece by piece.
private struct Base64Chunks {
    private var pending: [UInt8] = []

    mutating func append(_ text: String, to buffer: inout ByteBuffer) {
        pending.append(contentsOf: text.utf8)
        guard pending.count >= 48 << 10 else { return }
        // Whole groups of three only: what is between must have no padding.
        let whole = pending.count / 3 * 3
        buffer.writeString(Data(pending[..<whole]).base64EncodedString())
        pending.removeFirst(whole)
    }

    consuming func finish(to buffer: inout ByteBuffer) {
        buffer.writeString(Data(pending).base64EncodedString())
    }
}
