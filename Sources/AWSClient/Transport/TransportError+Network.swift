import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import SystemPackage

extension TransportError {
    /// Sorts what the network library throws into the few kinds that a caller can act on.
    ///
    /// - Parameters:
    ///   - host: who was asked, for what is said about certificates.
    ///   - isConnected: whether the connection had been made, TLS included. From then on nothing tells that nobody is
    ///     there.
    ///   - proxy: the proxy that stands in between.
    init(_ error: any Error, host: String, isConnected: Bool, proxy: ProxySettings? = nil) {
        switch error {
        case let error as TransportError: self = error
        case is CancellationError: self.init(.cancelled, reason: "cancelled")
        case is ClosedWhileConnecting:
            self.init(.unreachable, reason: "the connection was closed before it could be used")
        case HTTPParserError.invalidEOFState: self = .closedEarly
        case let error as ProxyRefusal: self.init(error, proxy)
        case is NIOHTTP1ProxyConnectHandler.Error:
            self.init(
                .unreachable, reason: "\(Self.name(of: proxy)) closed the connection, or doesn't speak HTTP")
        case let error as NIOConnectionError: self.init(error, proxy)
        default:
            let problem = TLSProblem(error, host: host)
            guard !isConnected else {
                self = problem == nil ? TransportError(.interrupted, reason: Self.plain(error)) : .closedEarly
                return
            }
            self.init(.unreachable, reason: problem.map { "TLS failed: \($0.reason)" } ?? Self.plain(error))
            isLasting = problem?.isLasting ?? false
        }
    }

    private init(_ error: ProxyRefusal, _ proxy: ProxySettings?) {
        let place = Self.name(of: proxy)
        let reason =
            switch error.status {
            case 407: "\(place) wants a user and a password (HTTP 407): HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
            case let status where error.mayPass: "\(place) can't connect to the host at the moment (HTTP \(status))"
            case let status: "\(place) refuses to connect to the host (HTTP \(status))"
            }
        self.init(.unreachable, reason: reason)
        isLasting = !error.mayPass
    }

    private static func name(of proxy: ProxySettings?) -> String { proxy.map { "the proxy \($0)" } ?? "the proxy" }

    private init(_ error: NIOConnectionError, _ proxy: ProxySettings?) {
        let reason =
            if error.connectionErrors.isEmpty {
                "the name '\(error.host)' could not be resolved"
            } else {
                Set(error.connectionErrors.map { Self.plain($0.error) }).sorted().joined(separator: "; ")
            }
        self.init(.unreachable, reason: proxy.map { "the proxy \($0): \(reason)" } ?? reason)
    }

    private static func plain(_ error: any Error) -> String {
        if error is HTTPParserError || error is NIOHTTPDecoderError { return "what answers there doesn't speak HTTP" }
        guard let error = error as? IOError else { return "\(error)" }
        // Its own description begins with the name of a function.
        return error.errnoCode == ECONNREFUSED ? "connection refused" : Errno(rawValue: error.errnoCode).description
    }
}

extension TransportError {
    static let closedEarly = TransportError(.interrupted, reason: "the connection was closed in the middle")
    static let silence = TransportError(.timedOut, reason: "no whole answer in time")
    static let noStatus = TransportError(.interrupted, reason: "the answer's status isn't one of HTTP")
    static let tooLarge = TransportError(.tooLarge, reason: "the answer is larger than any that AWS sends")
}

/// The other side went away before the connection could be used.
struct ClosedWhileConnecting: Error {}

/// Why TLS could not be agreed, in words for people.
///
/// BoringSSL's own are a name in capitals, with a path of the machine that built it.
private struct TLSProblem {
    var reason: String
    /// Whether it stays so until somebody changes something.
    var isLasting = false

    /// Nil for what isn't an error of TLS.
    init?(_ error: any Error, host: String) {
        switch error {
        case let error as NIOSSLExtraError
        where error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch:
            self.init(reason: "the certificate isn't one for '\(host)': somebody else answers there", isLasting: true)
        case NIOSSLError.noCertificateToValidate: self.init(reason: "'\(host)' has no certificate", isLasting: true)
        case let error as NIOSSLExtraError where error == .invalidSNIHostname || error == .cannotUseIPAddressInSNI:
            self.init(reason: "'\(host)' is no name that a certificate could have", isLasting: true)
        case NIOSSLError.handshakeFailed(let error): self.init(handshake: error, host)
        case NIOSSLError.uncleanShutdown, NIOSSLError.readInInvalidTLSState, NIOSSLError.writeDuringTLSShutdown,
            NIOSSLError.shutdownFailed:
            self.init(reason: "the connection was closed")
        case is NIOSSLError, is NIOSSLExtraError: self.init(reason: "the handshake didn't come to an end")
        // What arrives after the handshake and can't be deciphered.
        case is BoringSSLError: self.init(reason: "what came can't be deciphered")
        default: return nil
        }
    }

    private init(reason: String, isLasting: Bool = false) {
        self.reason = reason
        self.isLasting = isLasting
    }

    private init(handshake error: BoringSSLError, _ host: String) {
        let stack: NIOBoringSSLErrorStack =
            switch error {
            case .sslError(let stack), .unknownError(let stack), .invalidSNIName(let stack),
                .failedToSetALPN(let stack):
                stack
            default: []
            }
        guard let first = stack.first, first != .eofDuringHandshake,
            first != .eofDuringAdditionalCertficiateChainValidation
        else {
            self.init(reason: "the connection was closed during the handshake")
            return
        }
        switch Self.name(of: first) {
        case "CERTIFICATE_VERIFY_FAILED":
            self.init(
                reason:
                    "the certificate of '\(host)' isn't trusted: it is self-signed, out of date, or by an authority "
                    + "that isn't known here. Where it is one of your own, name a file of its authority's certificates "
                    + "with --ca-bundle or AWS_CA_BUNDLE", isLasting: true)
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNEXPECTED_RECORD", "RECORD_TOO_LARGE", "UNEXPECTED_MESSAGE":
            self.init(reason: "'\(host)' doesn't speak TLS there; the port may be one for http://", isLasting: true)
        case "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE":
            self.init(reason: "'\(host)' has no version of TLS that is good enough: 1.2 or later is", isLasting: true)
        case let name?:
            self.init(reason: "no agreement with '\(host)' (\(name.lowercased().replacing("_", with: " ")))")
        case nil: self.init(reason: "no agreement with '\(host)'")
        }
    }

    /// The name of BoringSSL's reason: `error:1000007d:SSL routines:OPENSSL_internal:NAME at FILE:LINE` is how it is told.
    private static func name(of error: BoringSSLInternalError) -> String? {
        let text = error.description
        guard let begin = text.firstRange(of: "OPENSSL_internal:")?.upperBound else { return nil }
        let name = text[begin...].prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        return name.isEmpty ? nil : String(name)
    }
}
