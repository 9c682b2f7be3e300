#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a certificate is for: a name or an address.
enum HostIdentity: Hashable {
    case name(String)
    case address([UInt8])

    /// - Parameter text: `localhost`, `127.0.0.1` or `::1`.
    init(_ text: String) {
        self = .name(text)
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if unsafe inet_pton(family, text, &bytes) == 1 { self = .address(bytes) }
        }
    }

    /// https://datatracker.ietf.org/doc/html/rfc5280#section-4.2.1.6
    var generalName: [UInt8] {
        switch self {
        case .name(let name): DER.element(0x82, Array(name.utf8))
        case .address(let bytes): DER.element(0x87, bytes)
        }
    }
}
