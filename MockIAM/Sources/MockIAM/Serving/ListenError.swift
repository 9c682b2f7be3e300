import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension MockIAM {
    /// An address that a server can't listen on.
    public struct ListenError: Error, CustomStringConvertible, Sendable {
        /// The host that was asked for.
        public let host: String
        /// The port that was asked for.
        public let port: Int
        /// Why not, and what to do about it.
        public let reason: String

        init(host: String, port: Int, reason: String) {
            self.host = host
            self.port = port
            self.reason = reason
        }

        init(host: String, port: Int, cause: any Error) {
            let reason =
                switch (cause as? IOError)?.errnoCode {
                case EADDRINUSE: "the port is in use; choose another one, or 0 for any free one"
                case EACCES: "not permitted; ports below 1024 are for administrators, choose a higher one or 0"
                case EADDRNOTAVAIL: "this machine has no such address; 127.0.0.1 or ::1 is always there"
                default: "\(cause)"
                }
            self.init(host: host, port: port, reason: reason)
        }

        /// `can't listen on 127.0.0.1:80: …`
        public var description: String {
            "can't listen on \(host.contains(":") ? "[\(host)]" : host):\(port): \(reason)"
        }
    }
}
