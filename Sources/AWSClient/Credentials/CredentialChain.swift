/// Asks credential sources in order; the first that has some wins.
package struct CredentialChain: Sendable {
    package let sources: [any CredentialSource]

    package init(_ sources: [any CredentialSource]) {
        self.sources = sources
    }

    /// The credentials, and the source that had them: the one to ask again when they expire.
    ///
    /// - Throws: what a broken source throws, or ``CredentialError/notFound(tried:)``.
    package func find() async throws(CredentialError) -> (credentials: Credentials, source: any CredentialSource) {
        for source in sources {
            if let credentials = try await source.credentials() {
                if let problem = credentials.problem { throw problem }
                return (credentials, source)
            }
        }
        throw .notFound(tried: sources.map(\.name))
    }
}
