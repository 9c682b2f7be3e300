import AWSClient
import Testing

/// What a text is without the secrets that somebody repeats in it.
struct RedactionTests {
    private static let token = "IQoJb3JpZ2luX2VjEXAMPLE+token/with=signs"

    @Test(arguments: [
        ("", ""), ("short", "short"), (token, "<redacted>"), ("of \(token)", "of <redacted>"),
        ("\(token)\(token), \(token)", "<redacted><redacted>, <redacted>"),
        (String(token.dropLast()), String(token.dropLast())),
        ("\(token.dropLast())\(token)", "\(token.dropLast())<redacted>"),
        // Characters aren't bytes: with a mark on its last one, the token's own bytes are still there.
        ("\(token)\u{301}", "<redacted>\u{301}"), ("名\(token)前", "名<redacted>前"),
        ("with wJalrXUtnFEMIEXAMPLEKEY, \(token)", "with <redacted>, <redacted>"),
    ])
    func `each of several secrets is taken out wherever it stands`(text: String, expected: String) {
        let clean = text.redacting([Secret(""), Secret(Self.token), Secret("wJalrXUtnFEMIEXAMPLEKEY")])
        #expect(Array(clean.utf8) == Array(expected.utf8))
    }

    /// Each length of what stands before and behind it, since eight places are looked at at a time.
    @Test func `it is found at every place, and nothing that only begins and ends like it`() {
        let secret = "A0123456789abcdeZ"
        for before in 0...18 {
            for behind in 0...18 {
                let (head, tail) = (String(repeating: "A", count: before), String(repeating: "Z", count: behind))
                #expect((head + secret + tail).redacting([Secret(secret)]) == head + "<redacted>" + tail)
                let other = head + "A0123456789abcdfZ" + tail
                #expect(other.redacting([Secret(secret)]) == other)
            }
        }
    }

    @Test func `of a secret that repeats itself only what is whole is taken out, from the left`() {
        #expect("aaaaa".redacting([Secret("aa")]) == "<redacted><redacted>a")
        #expect("abababa".redacting([Secret("aba")]) == "<redacted>b<redacted>")
        #expect("text".redacting([]) == "text")
    }
}
