extension MockIAM {
    /// What kind of account is generated.
    public enum Profile: String, CaseIterable, Sendable {
        /// People and programs with keys of every age and use, as a well-kept account has them.
        case typical
        /// ``typical``, and what real old accounts have: a root user's key, ties of creation, clock skew, users and keys
        /// that only a credential report knows any more, facts from before IAM tracked them.
        case messy
        /// ``messy``, and names, paths, tags and statuses that break careless clients: XML, CSV, shells, control
        /// characters.
        case hostile
    }
}
