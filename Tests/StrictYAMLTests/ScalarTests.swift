import StrictYAML
import Testing

@Suite("Scalars")
struct ScalarTests {
    private enum Status: String, CaseIterable { case active = "Active", inactive = "Inactive", expired = "Expired" }

    @Test(
        "A text stays as it is written",
        arguments: [
            ("012345678901", "012345678901"), ("yes", "yes"), ("on", "on"), ("true", "true"), ("1e3", "1e3"),
            ("0x1F", "0x1F"), ("2026-11-22", "2026-11-22"), ("'null'", "null"), ("\"~\"", "~"), ("''", ""), ("=", "="),
            ("<<", "<<"), ("a#b", "a#b"), ("|\n  two\n  lines\n", "two\nlines\n"), ("\"\\u00e9\\n\"", "é\n"),
        ]
    )
    func text(yaml: String, expected: String) throws {
        #expect(try YAMLValue.made("a: \(yaml)").entries().first?.value.text() == expected)
    }

    @Test(
        "What isn't a text is said to be what it is",
        arguments: [
            ("", "expected text, found nothing"),
            ("null", "expected text, found nothing ('null'); quote it if the word is meant"),
            ("~", "expected text, found nothing ('~'); quote it if the word is meant"),
            ("[1]", "expected text, found a list"), ("[]", "expected text, found an empty list"),
            ("{b: 1}", "expected text, found a mapping"), ("{}", "expected text, found an empty mapping"),
        ]
    )
    func noText(yaml: String, reason: String) throws {
        let value = try #require(try YAMLValue.made("a: \(yaml)").entries().first?.value)
        #expect(message { () throws(YAMLError) in try value.text() } == "f.yaml:1: a: \(reason)")
    }

    @Test("Only true and false are booleans", arguments: ["yes", "on", "True", "1", "'true'", "~", "[true]"])
    func booleans(yaml: String) throws {
        #expect(try YAMLValue.made("true").bool())
        #expect(try !YAMLValue.made("false").bool())
        let value = try YAMLValue.made(yaml)
        #expect(
            message { () throws(YAMLError) in try value.bool() }.hasPrefix("f.yaml:1: expected true or false, found "))
    }

    @Test(
        "A whole number has digits only, and stays in its range",
        arguments: ["012", "+5", "1_000", "0x10", "1.0", "1e3", "'5'", "", "9223372036854775808", "101", "-1", "five"]
    )
    func integers(yaml: String) throws {
        #expect(try YAMLValue.made("0").integer(in: 0...100) == 0)
        #expect(try YAMLValue.made("-5").integer() == -5)
        let value = try #require(try YAMLValue.made("a: \(yaml)").entries().first?.value)
        #expect(
            message { () throws(YAMLError) in try value.integer(in: 0...100) }
                .hasPrefix("f.yaml:1: a: expected a whole number from 0 to 100, found "))
    }

    @Test("The range of a number is said as far as it has ends")
    func ranges() throws {
        let value = try YAMLValue.made("x")
        func reason(_ range: ClosedRange<Int>) -> String {
            message { () throws(YAMLError) in try value.integer(in: range) }
        }
        #expect(reason(1...Int.max) == "f.yaml:1: expected a whole number of at least 1, found 'x'")
        #expect(reason(Int.min...9) == "f.yaml:1: expected a whole number of at most 9, found 'x'")
        #expect(reason(Int.min...Int.max) == "f.yaml:1: expected a whole number, found 'x'")
    }

    @Test("Numbers are written as in JSON", arguments: [("1.25", 1.25), ("0", 0), ("1e-1", 0.1), ("2E0", 2)])
    func numbers(yaml: String, expected: Double) throws {
        #expect(try YAMLValue.made(yaml).number(in: 0...2) == expected)
        for wrong in ["2.1", ".5", "1.", ".inf", "nan", "'1'", "01.5", "1e", "-"] {
            let value = try YAMLValue.made("[\(wrong)]").items()[0]
            #expect(
                message { () throws(YAMLError) in try value.number(in: 0...2) }
                    .hasPrefix("f.yaml:1: [0]: expected a number from 0.0 to 2.0, found "))
        }
    }

    @Test(
        "A word must be one of those that are known",
        arguments: [
            ("active", "expected Active, Inactive or Expired, found 'active'; did you mean 'Active'?"),
            ("Exipred", "expected Active, Inactive or Expired, found 'Exipred'; did you mean 'Expired'?"),
            ("deleted", "expected Active, Inactive or Expired, found 'deleted'"),
            ("[Active]", "expected Active, Inactive or Expired, found a list"),
        ]
    )
    func choices(yaml: String, reason: String) throws {
        #expect(try YAMLValue.made("Expired").choice(of: Status.self) == .expired)
        let value = try YAMLValue.made(yaml)
        #expect(message { () throws(YAMLError) in try value.choice(of: Status.self) } == "f.yaml:1: \(reason)")
    }

    @Test("A long or unprintable value is shown in part and escaped")
    func shown() throws {
        let value = try YAMLValue.made("\"\\u001b[31m\(String(repeating: "x", count: 100))\"")
        #expect(
            message { () throws(YAMLError) in try value.bool() }
                == "f.yaml:1: expected true or false, found the text '\\u{1B}[31m\(String(repeating: "x", count: 55))…'"
        )
    }
}
