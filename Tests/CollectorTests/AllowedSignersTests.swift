import Foundation
import Testing

@testable import Collector

@Suite struct AllowedSignersTests {
    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPCL6Gb6mdvPNq8ph6rRXG+0Yd+bo2HfGeQsUJvq2PM"
    private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
    private static let instant = Date(timeIntervalSince1970: 1_795_380_300)  // 2026-11-22T20:45:00Z

    private func signature(_ namespace: String = "keywitness-bundle-v1") async throws -> SSHSignature {
        try await SSHSignature(of: [1], for: namespace, by: try SSHPublicKey(line: Self.key)) { _ in [] }
    }

    private func verdict(_ lines: String..., namespace: String = "keywitness-bundle-v1") async throws
        -> AllowedSigners.Verdict
    {
        AllowedSigners(parsing: lines.joined(separator: "\n")).verdict(
            on: try await signature(namespace), at: Self.instant)
    }

    @Test func `a line without options allows everything`() async throws {
        #expect(
            try await verdict("# a comment", "", "me@example.com \(Self.key) comment of any kind")
                == .allowed("me@example.com"))
        #expect(
            try await verdict("me@example.com,you@example.com\t\(Self.key)")
                == .allowed("me@example.com,you@example.com"))
        #expect(try await verdict("\"me and you\" \(Self.key)") == .allowed("me and you"))
        let fingerprint = try SSHPublicKey(line: Self.key).fingerprint
        #expect(try await verdict("me \(Self.other)") == .refused("nobody in the list has the key \(fingerprint)"))
    }

    @Test(arguments: [
        ("namespaces=\"keywitness-bundle-v1\"", true), ("namespaces=\"git,keywitness-*\"", true),
        ("namespaces=\"git,file\"", false),
        ("NAMESPACES=\"*,!keywitness-bundle-v1\"", false), ("valid-after=\"20261122204500Z\"", true),
        ("valid-after=\"20261122204501Z\"", false), ("valid-before=\"20261122204501Z\"", true),
        ("valid-before=\"20261122204500Z\"", false), ("valid-after=\"20261122\"", true),
        ("valid-before=\"202611222045\"", false),
        ("namespaces=\"keywitness-bundle-v1\",valid-before=\"20270101Z\"", true),
    ])
    func `options limit what a key may do`(options: String, isAllowed: Bool) async throws {
        let verdict = try await verdict("me \(options) \(Self.key)")
        #expect((verdict == .allowed("me")) == isAllowed, "\(verdict)")
    }

    @Test func `only a line feed ends a comment`() async throws {
        for end in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}"] {
            let signers = AllowedSigners(parsing: "# revoked\(end)me \(Self.key)\n")
            #expect(signers.signers.isEmpty && signers.unusable.isEmpty)
        }
        #expect(try await verdict("# Windows\r", "me \(Self.key)\r", "") == .allowed("me"))
    }

    @Test func `any one line that allows is enough`() async throws {
        #expect(
            try await verdict("old valid-before=\"20250101Z\" \(Self.key)", "new \(Self.key)") == .allowed("new"))
    }

    @Test(arguments: [
        ("me cert-authority \(key)", "line 1: certificates aren't supported; name the key itself"),
        ("me", "line 1: there is no key"), ("me ssh-ed25519", "line 1: there is no key"),
        (
            "me ssh-rsa AAAAB3NzaC1yc2E=",
            "line 1: keys of type 'ssh-rsa' can't be used, only ssh-ed25519 and ecdsa-sha2-nistp256"
        ),
        ("me ecdsa-sha2-nistp256 \(key.dropFirst(12))", "line 1: the key isn't of the type ecdsa-sha2-nistp256"),
        ("me ssh-ed25519 AAAA", "line 1: it ends too early"),
        ("me valid-after=\"tomorrow\" \(key)", "line 1: 'tomorrow' isn't a time"),
        ("me valid-after=\"20261332\" \(key)", "line 1: '20261332' isn't a time"),
        ("me valid-after=\"2026112220\" \(key)", "line 1: '2026112220' isn't a time"),
        ("me namespaces=\"git\"\"*\" \(key)", "line 1: not an option of the form"),
        ("me magic=\"1\" \(key)", "line 1: unknown option 'magic"),
        (
            "me namespaces=\"git\",namespaces=\"keywitness-bundle-v1\" \(key)",
            "line 1: the option 'namespaces' stands twice"
        ),
        (
            "me valid-before=\"20200101Z\",VALID-BEFORE=\"20990101Z\" \(key)",
            "line 1: the option 'valid-before' stands twice"
        ),
        ("me namespaces=keywitness-bundle-v1 \(key)", "line 1: not an option of the form NAME=\"VALUE\""),
        ("me valid-before=20270101Z \(key)", "line 1: not an option of the form"),
        ("me namespaces=\"*\", \(key)", "line 1: not an option of the form"),
        ("me namespaces=\"*\"x \(key)", "line 1: not an option of the form"),
    ])
    func `a line that can't be used allows nobody, and is named`(line: String, reason: String) {
        let signers = AllowedSigners(parsing: line)
        #expect(signers.signers.isEmpty)
        #expect(signers.unusable.count == 1 && signers.unusable[0].hasPrefix(reason), "\(signers.unusable)")
    }

    @Test func `hostile keys and signatures are refused`() throws {
        #expect(throws: SealFormatError.self) { try SSHPublicKey(blob: [0xff, 0xff, 0xff, 0xff]) }
        #expect(throws: SealFormatError.self) { try SSHSignature(armored: "") }
        #expect(throws: SealFormatError.self) {
            try SSHSignature(armored: "-----BEGIN SSH SIGNATURE-----\n////\n-----END SSH SIGNATURE-----\n")
        }
        #expect(throws: SealFormatError.self) { try TimestampResponse([]) }
        #expect(throws: SealFormatError.self) {
            try TimestampResponse([0x30, 0x80, 0x30, 0x03, 0x02, 0x01, 0x02, 0, 0])
        }
        #expect(throws: SealFormatError.self) { try TimestampResponse(Array(repeating: 0x30, count: 5000)) }
    }
}
