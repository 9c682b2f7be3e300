extension MockIAM {
    /// What the single sign-on of any server knows from the start, so that a token cache file can be written by hand.
    public enum TestSignOn {
        /// An access token of the portal. It doesn't age.
        public static let accessToken = "mock-sso-access-token"
        /// A refresh token of ``clientID``. It is good for one use, as AWS's are, and again after a reset.
        public static let refreshToken = "mock-sso-refresh-token"
        /// The id of a client that is registered from the start.
        public static let clientID = "mock-client"
        /// The secret of ``clientID``.
        public static let clientSecret = "mock-client-secret"
        /// Who is signed in: the name of the sessions whose credentials the portal hands out.
        public static let user = "mock-user"
    }
}
