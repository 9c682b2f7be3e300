/// A place where credentials may be found.
package protocol CredentialSource: Sendable {
    /// What is tried, for people: `environment variables (AWS_ACCESS_KEY_ID)`.
    var name: String { get }

    /// The credentials; nil where this source has none and the next may be asked. Asked again, it gives fresh ones.
    ///
    /// - Throws: ``CredentialError`` where this source was meant, but is broken.
    func credentials() async throws(CredentialError) -> Credentials?
}

/// Why there are no credentials, and what to do about it.
package enum CredentialError: Error, Equatable, CustomStringConvertible {
    /// No source had any; what was tried, in order.
    case notFound(tried: [String])
    /// A profile that was asked for doesn't exist.
    case profileMissing(String, existing: [String], files: [String])
    /// One of a pair of settings is there without the other.
    case incomplete(origin: String, has: String, lacks: String)
    /// Settings contradict each other, or say what can't be.
    case invalid(origin: String, reason: String)
    /// A source was meant, and gave none. What to do about it is a sentence.
    case failed(origin: String, reason: String, advice: String)
    /// A file can't be read or understood.
    case unreadable(file: String, reason: String)
    /// A file can't be written that has to be.
    case unwritable(file: String, reason: String)
    /// Whoever asked doesn't wait any more.
    case cancelled

    package var description: String {
        switch self {
        case .notFound(let tried):
            "no AWS credentials found. Tried:\n"
                + tried.map { "  - \($0)\n" }.joined()
                + "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile."
        case .profileMissing(let name, let existing, let files):
            "profile '\(name)' doesn't exist in \(files.joined(separator: " or ")). "
                + (existing.isEmpty
                    ? "There are no profiles; `aws configure --profile \(name)` makes one."
                    : "Profiles there: \(existing.joined(separator: ", ")).")
        case .incomplete(let origin, let has, let lacks):
            "\(origin): \(has) is set without \(lacks). Set both or neither."
        case .invalid(let origin, let reason): "\(origin): \(reason). Correct it and try again."
        case .failed(let origin, let reason, let advice):
            "\(origin): \(reason). \(advice)"
        case .unreadable(let file, let reason): "\(file): \(reason). Mend the file or its permissions."
        case .unwritable(let file, let reason):
            "\(file): \(reason). Mend the folder's permissions, or make room on the disk."
        case .cancelled: "cancelled before there were credentials."
        }
    }
}
