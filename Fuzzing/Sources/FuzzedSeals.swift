@testable import Collector
import FoundationEssentials

/// Reads bytes as what belongs to signatures and timestamps: keys of OpenSSH, its signatures, lists of allowed signers,
/// time-stamp responses.
///
/// What is in base64 as a file is also taken as it is without, by its first bytes: libFuzzer can't know what it changes in
/// base64.
enum FuzzedSeals {
    private static let instant = Date(timeIntervalSince1970: 1_795_380_300)

    static func `try`(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        if input.first == 0x30 {
            try timestamp(input)
        } else if input.starts(with: Array("SSHSIG".utf8)) {
            try signature(armored(input, as: "SSH SIGNATURE"))
        } else if text.hasPrefix("-----BEGIN SSH") {
            try signature(text)
        } else if input.starts(with: Array("openssh-key-v1".utf8)) {
            try privateKey(armored(input, as: "OPENSSH PRIVATE KEY"))
        } else if SSHPrivateKeyFile.isOne(text) {
            try privateKey(text)
        } else if input.starts(with: [0, 0, 0]) {
            guard let key = try read({ () throws(SealFormatError) in try SSHPublicKey(blob: input) }) else { return }
            try publicKey(key)
        } else {
            if let key = try read({ () throws(SealFormatError) in try SSHPublicKey(line: text) }) { try publicKey(key) }
            try allowedSigners(text)
        }
    }

    private static func armored(_ bytes: [UInt8], as kind: String) -> String {
        "-----BEGIN \(kind)-----\n\(Data(bytes).base64EncodedString())\n-----END \(kind)-----\n"
    }

    /// - Returns: nil where it is refused as it should be.
    private static func read<Value>(_ read: () throws(SealFormatError) -> Value) throws -> Value? {
        do throws(SealFormatError) { return try read() } catch {
            guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
            return nil
        }
    }

    private static func publicKey(_ key: SSHPublicKey) throws {
        guard try SSHPublicKey(blob: key.blob) == key,
            try SSHPublicKey(line: "\(key.kind.rawValue) \(Data(key.blob).base64EncodedString()) comment") == key
        else { throw FuzzFinding("a public key that is another one when read again") }
        guard key.fingerprint.utf8.count == 50 else { throw FuzzFinding("a fingerprint of another length") }
    }

    private static func privateKey(_ text: String) throws {
        guard let file = try read({ () throws(SealFormatError) in try SSHPrivateKeyFile(text) }) else { return }
        try publicKey(file.publicKey)
        guard let key = file.privateKey else { return }
        let data = Array("fuzzed".utf8)
        guard file.publicKey.isValid(try key.signature(over: data), over: data) else {
            throw FuzzFinding("a private key whose signatures its public key doesn't know")
        }
    }

    private static func signature(_ text: String) throws {
        guard let signature = try read({ () throws(SealFormatError) in try SSHSignature(armored: text) }) else {
            return
        }
        try publicKey(signature.publicKey)
        guard try SSHSignature(armored: signature.armored).armored == signature.armored else {
            throw FuzzFinding("a signature that is another one when read again")
        }
        guard signature.isValid(over: []) == signature.isValid(over: []), !signature.isValid(over: [1, 2, 3]) else {
            throw FuzzFinding("a signature over bytes that nobody signed")
        }
    }

    private static func allowedSigners(_ text: String) throws {
        let list = AllowedSigners(parsing: text)
        guard list.unusable.allSatisfy({ !$0.isEmpty }) else { throw FuzzFinding("an error without words") }
        for signer in list.signers {
            try publicKey(signer.key)
            // A signature by that key, whatever it signs.
            let point = Data(signer.key.blob)
            let raw = Array("SSHSIG".utf8) + [0, 0, 0, 1] + [0, 0, 0, UInt8(point.count)] + point + Self.rest
            let verdict = list.verdict(on: try SSHSignature(armored: armored(raw, as: "SSH SIGNATURE")), at: instant)
            switch verdict {
            case .allowed(let name):
                guard list.signers.contains(where: { $0.principals == name && $0.key == signer.key }) else {
                    throw FuzzFinding("somebody may sign who has another key")
                }
            case .refused(let why):
                guard !why.isEmpty, signer.namespaces != nil || signer.validAfter != nil || signer.validBefore != nil
                else { throw FuzzFinding("a key is refused that is bound to nothing") }
            }
        }
    }

    /// What follows the key in a signature: what it is for, nothing, the digest's name, and no signature.
    private static let rest: [UInt8] = ["keywitness", "", "sha512", ""].flatMap { word in
        [0, 0, 0, UInt8(word.utf8.count)] + Array(word.utf8)
    }

    private static func timestamp(_ bytes: [UInt8]) throws {
        guard let response = try read({ () throws(SealFormatError) in try TimestampResponse(bytes) }) else { return }
        guard response.time.timeIntervalSince1970.rounded() == response.time.timeIntervalSince1970 else {
            throw FuzzFinding("a time of a fraction of a second")
        }
        guard try TimestampResponse(bytes) == response else { throw FuzzFinding("the same response reads otherwise") }
    }
}
