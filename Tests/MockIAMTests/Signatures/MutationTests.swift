import FoundationEssentials
import Testing

@testable import MockIAM

/// Numbers that look random and are the same each time (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }
}

@Suite("Mutilated requests")
struct MutationTests {
    private static let seeds = ["ListUsers by POST", "presigned, with a header", "headers, one header often"]

    @Test(
        "Of thousands of mutations none passes, and none does harm",
        arguments: SignatureVector.all.filter { seeds.contains($0.name) })
    func mutations(_ vector: SignatureVector) throws {
        var dice = Dice(state: 20_150_830)
        let verifier = SignatureVerifier()
        let message = vector.message
        let meaning = message.meaning(signed: vector.signedHeaders)
        _ = try vector.verify(with: verifier)
        var refused = 0
        for _ in 0..<1000 {
            var mutated = message
            for _ in 0..<Int.random(in: 1...3, using: &dice) { mutate(&mutated, &dice) }
            guard mutated.meaning(signed: vector.signedHeaders) != meaning else { continue }
            refused += 1
            #expect(throws: SignatureError.self, "\(mutated)") { try vector.verify(mutated, with: verifier) }
        }
        // Some mutations happen to say the same; most must not, or nothing was tested.
        #expect(refused > 700)
    }

    private func mutate(_ message: inout SignedMessage, _ dice: inout Dice) {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: message.method = mutated(message.method, &dice)
        case 1, 2: message.target = mutated(message.target, &dice)
        case 3:
            let body = mutated(String(decoding: message.body, as: UTF8.self), &dice)
            message.body = Array(body.utf8)
        case 4:
            let other = Self.absurdities.randomElement(using: &dice) ?? ""
            let name = ["X-Amz-Date", "Authorization", "Host", "X-Amz-Security-Token", "x-amz-\(other)", other]
                .randomElement(using: &dice)
            message.headers.insert((name: name ?? "", value: other), at: 0)
        default:
            guard let index = message.headers.indices.randomElement(using: &dice) else { return }
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: message.headers.remove(at: index)
            case 1: message.headers.append(message.headers[index])
            case 2: message.headers[index].name = mutated(message.headers[index].name, &dice)
            default: message.headers[index].value = mutated(message.headers[index].value, &dice)
            }
        }
    }

    /// A text with something added, taken away or changed.
    private func mutated(_ text: String, _ dice: inout Dice) -> String {
        var bytes = Array(text.utf8)
        let start = Int.random(in: 0...bytes.count, using: &dice)
        let end = min(bytes.count, start + Int.random(in: 0...4, using: &dice))
        switch Int.random(in: 0..<6, using: &dice) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &dice), at: start)
        case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 3: bytes.insert(contentsOf: (Self.absurdities.randomElement(using: &dice) ?? "").utf8, at: start)
        case 4: bytes = Array(bytes[..<start])
        default:
            guard start < bytes.count else { return text + "\0" }
            bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let absurdities = [
        "", "%", "%%", "%f", "%FF%FE", "%00", "/", "//", "/../..", "?", "&", "&&=&", "=", ";", ";;host", ",", ", ,",
        "é",
        "X-Amz-Expires=9223372036854775808&", "X-Amz-Date=99999999T999999Z&", "&X-Amz-Signature=0", "\n", "\r\n\r\n",
        "20150830T123600Z", "99999999999999999999", "-1", "AWS4-HMAC-SHA256", "////", "\u{0}", "Credential=////",
        String(repeating: "a=b&", count: 500), String(repeating: "/..", count: 500), String(repeating: ";", count: 500),
    ]

    @Test("A query of 100,000 parameters, a path of as many steps, and a list of as many headers are merely refused")
    func hugeRequests() throws {
        let vector = try #require(SignatureVector.all.first { $0.name == "ListUsers by POST" })
        let verifier = SignatureVerifier()
        for target in [
            "/?" + String(repeating: "b=%20&a", count: 100_000), String(repeating: "/../a", count: 100_000),
            "/?" + String(repeating: "X-Amz-Signature=&", count: 100_000),
        ] {
            #expect(throws: SignatureError.self) {
                try vector.verify(vector.message.with { $0.target = target }, with: verifier)
            }
        }
        let index = try #require(vector.message.headers.firstIndex { $0.name == "Authorization" })
        #expect(throws: SignatureError.self) {
            try vector.verify(
                vector.message.with { message in
                    message.headers[index].value = message.headers[index].value
                        .replacing("host;", with: "host;" + String(repeating: "a;", count: 100_000))
                },
                with: verifier
            )
        }
    }
}
