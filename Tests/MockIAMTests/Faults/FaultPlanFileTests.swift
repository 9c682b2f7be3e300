import Testing

@testable import MockIAM

@Suite("Faults files")
struct FaultPlanFileTests {
    /// Every key once.
    private static let all = """
        # A faults file
        seed: 7
        faults:
          - name: slow-lists
            match: {action: [List*, Get*], account: 012345678901, access_key: AKIA*, parameters: {UserName: ci-*}}
            when: {calls: [3, 4], from: 2, to: 9, after: 1, every: 2, probability: 0.05, times: 2, during: {from: 10s, to: 1h30m}}
            per: caller
            latency: {fixed: 200ms, jitter: 1m}
            clock_skew: -10m
          - throttle: {rate: 20, burst: 40, status: 503, code: SlowDown, message: Please}
            vanish: {user: ci-*, access_key: [AKIA1, AKIA2], from_lists: true}
          - expire_token: true
          - error: {status: 418, code: Teapot, message: short and stout}
            truncate: {after_bytes: 300}
            content_length: +100
            drip: {bytes: 16, every: 50ms}
            oversize: {size: 64MiB, filling: space}
            doctype: {external: "http://127.0.0.1:9/"}
            reset: {after_bytes: 120}
          - refuse: 500ms
          - marker: loop
            html: {status: 407}
        """

    @Test("Every key is read")
    func everything() throws {
        // The last rule of the text says two things that don't go together, so that it is read by itself.
        let text = Self.all.replacing("    html: {status: 407}", with: "  - html: {status: 407}")
        let plan = try MockIAM.FaultPlan(parsing: text)
        let first = FaultRule(
            name: "slow-lists",
            match: .init(
                action: ["List*", "Get*"], account: "012345678901", accessKey: "AKIA*",
                parameters: ["UserName": "ci-*"]),
            when: .init(
                calls: [3, 4], from: 2, to: 9, after: 1, every: 2, probability: 0.05, times: 2,
                during: .seconds(10)..<(.seconds(5400))),
            per: .caller, latency: .init(fixed: .milliseconds(200), jitter: .seconds(60)), clockSkew: .seconds(-600))
        let second = FaultRule(
            throttle: .init(
                rate: 20, burst: 40, error: .init(status: 503, code: "SlowDown", message: "Please")),
            vanish: .init(user: "ci-*", accessKey: ["AKIA1", "AKIA2"], fromLists: true))
        let third = FaultRule(
            error: .init(status: 418, code: "Teapot", message: "short and stout"), reset: .after(bytes: 120),
            truncate: .after(bytes: 300), contentLength: 100, drip: .init(bytes: 16, every: .milliseconds(50)),
            oversize: .init(size: 64 << 20, filling: .space), doctype: .external(uri: "http://127.0.0.1:9/"))
        let rest = [
            FaultRule(expireToken: true), third,
            FaultRule(refuse: .milliseconds(500)), FaultRule(marker: .loop), FaultRule(html: .init(status: 407)),
        ]
        #expect(plan == MockIAM.FaultPlan(seed: 7, rules: [first, second] + rest))
        #expect(try MockIAM.FaultPlan(parsing: plan.json) == plan)
    }

    @Test(
        "Short forms",
        arguments: [
            ("latency: 200ms", FaultRule(latency: .milliseconds(200))),
            ("latency: {jitter: 1s}", FaultRule(latency: .init(fixed: .zero, jitter: .seconds(1)))),
            ("throttle: {rate: 0.5}", FaultRule(throttle: .init(rate: 0.5, burst: 1))),
            ("throttle: {rate: 5}", FaultRule(throttle: .init(rate: 5, burst: 5))),
            ("error: 503", FaultRule(error: .status(503))),
            ("error: AccessDenied", FaultRule(error: .code("AccessDenied"))),
            ("error: {code: AccessDenied}", FaultRule(error: .status(403))),
            ("error: {status: 404}", FaultRule(error: .code("NoSuchEntity"))),
            ("reset: before", FaultRule(reset: .before)), ("reset: within", FaultRule(reset: .within)),
            ("truncate: half", FaultRule(truncate: .half)), ("content_length: -20", FaultRule(contentLength: -20)),
            ("oversize: 64MB", FaultRule(oversize: .init(size: 64_000_000))),
            ("oversize: 300", FaultRule(oversize: .init(size: 300))),
            ("html: true", FaultRule(html: .init(status: 200))),
            ("doctype: plain", FaultRule(doctype: .plain)), ("doctype: external", FaultRule(doctype: .external)),
            ("doctype: entity_bomb", FaultRule(doctype: .entityBomb)),
            ("marker: duplicate", FaultRule(marker: .duplicate)),
            ("clock_skew: 10m", FaultRule(clockSkew: .seconds(600))),
            ("expire_token: true", FaultRule(expireToken: true)),
            (
                "{error: 500, when: {during: {to: 1s}}}",
                FaultRule(when: .during(.zero..<(.seconds(1))), error: .status(500))
            ),
        ]
    )
    func shortForms(text: String, rule: FaultRule) throws {
        let plan = try MockIAM.FaultPlan(parsing: "faults:\n  - \(text)")
        #expect(plan == MockIAM.FaultPlan(rules: [rule]))
        #expect(try MockIAM.FaultPlan(parsing: plan.json) == plan)
    }

    @Test(
        "What is wrong is said with its place",
        arguments: [
            ("{seed: 1}", "f:1: a faults file needs the key 'faults'"),
            ("faults: []\nrules: []", "f:2: 'rules' is not a key of a faults file; those are seed, faults"),
            (
                "account: 111122223333\nusers: []",
                "f:1: this is an account file, which --account and PUT /_mock/state take; a faults file has the key 'faults'"
            ),
            (
                "{accounts: [], clock: 2026-11-22T20:45:00Z}",
                "f:1: this is an account file, which --account and PUT /_mock/state take; a faults file has the key 'faults'"
            ),
            ("faults: {}", "f:1: faults: expected a list, found an empty mapping"),
            ("seed: x\nfaults: []", "f:1: seed: expected a whole number, found 'x'"),
            ("faults: [{latncy: 1s}]", "f:1: faults[0]: 'latncy' is not a key of a fault; did you mean 'latency'?"),
            (
                "faults:\n- name: a\n  when: {every: 2}",
                """
                f:2: faults[0]: does nothing; a fault has at least one of latency, throttle, error, expire_token, \
                refuse, reset, truncate, content_length, drip, oversize, html, doctype, marker, vanish, clock_skew
                """
            ),
            (
                "faults:\n- {name: a, error: 500}\n- {name: a, error: 500}",
                "f:3: faults[1]: another fault has the name 'a'"
            ),
            ("faults: [{error: 500, name: ''}]", "f:1: faults[0].name: expected text, found the text ''"),
            (
                "faults: [{error: 500, match: {acton: x}}]",
                "f:1: faults[0].match: 'acton' is not a key of a match; did you mean 'action'?"
            ),
            (
                "faults: [{error: 500, match: {action: []}}]",
                "f:1: faults[0].match.action: expected a pattern such as ci-*, or a list of them, found an empty list"
            ),
            (
                "faults: [{error: 500, when: {every: 0}}]",
                "f:1: faults[0].when.every: expected a whole number of at least 1, found '0'"
            ),
            ("faults: [{error: 500, when: {calls: 3}}]", "f:1: faults[0].when.calls: expected a list, found '3'"),
            (
                "faults: [{error: 500, when: {calls: []}}]",
                "f:1: faults[0].when.calls: expected a list of numbers such as [3, 4], found an empty list"
            ),
            (
                "faults: [{error: 500, when: {from: 5, to: 3}}]",
                "f:1: faults[0].when.to: expected a whole number of at least 5, found '3'"
            ),
            (
                "faults: [{error: 500, when: {probability: 5}}]",
                "f:1: faults[0].when.probability: expected a number from 0.0 to 1.0, found '5'"
            ),
            (
                "faults: [{error: 500, when: {during: {from: 2s, to: 1s}}}]",
                "f:1: faults[0].when.during: ends before it begins"
            ),
            (
                "faults: [{error: 500, when: {during: {from: 2s}}}]",
                "f:1: faults[0].when.during: a span of time needs the key 'to'"
            ),
            (
                "faults: [{error: 500, per: user}]",
                "f:1: faults[0].per: expected rule, caller, account, action or request, found 'user'"
            ),
            (
                "faults: [{latency: fast}]",
                "f:1: faults[0].latency: expected a duration such as 90d, 36h, 15m, 30s, 250ms or 1h30m, found 'fast'"
            ),
            ("faults: [{latency: {}}]", "f:1: faults[0].latency: a latency needs the key 'fixed' or 'jitter'"),
            ("faults: [{throttle: 5}]", "f:1: faults[0].throttle: expected a throttle (keys with values), found '5'"),
            ("faults: [{throttle: {burst: 5}}]", "f:1: faults[0].throttle: a throttle needs the key 'rate'"),
            (
                "faults: [{content_length: -9223372036854775808}]",
                """
                f:1: faults[0].content_length: expected a difference such as +100 or -20, found '-9223372036854775808'
                """
            ),
            (
                "faults: [{oversize: 1099511627776GiB}]",
                """
                f:1: faults[0].oversize: expected a size of up to 1024GiB such as 300, 64kB, 64MB or 64MiB, found \
                '1099511627776GiB'
                """
            ),
            ("faults: [{error: 99}]", "f:1: faults[0].error: expected a whole number from 200 to 599, found '99'"),
            ("faults: [{error: {message: x}}]", "f:1: faults[0].error: an error needs the key 'status' or 'code'"),
            (
                "faults: [{error: []}]",
                """
                f:1: faults[0].error: expected a status such as 503, a code such as AccessDenied, or keys with values, \
                found an empty list
                """
            ),
            (
                "faults: [{refuse: 0s}]",
                "f:1: faults[0].refuse: expected a duration from 1ms to 1d, found '0s'"
            ),
            (
                "faults: [{reset: after}]",
                "f:1: faults[0].reset: expected before, within or after_bytes: 120, found 'after'"
            ),
            (
                "faults: [{truncate: {after: 5}}]",
                "f:1: faults[0].truncate: 'after' is not a key of a cut; those are after_bytes"
            ),
            (
                "faults: [{truncate: 300}]",
                "f:1: faults[0].truncate: expected half or after_bytes: 300, found '300'"
            ),
            (
                "faults: [{content_length: 0}]",
                "f:1: faults[0].content_length: expected a difference such as +100 or -20, found '0'"
            ),
            (
                "faults: [{drip: {bytes: 0, every: 1s}}]",
                "f:1: faults[0].drip.bytes: expected a whole number of at least 1, found '0'"
            ),
            (
                "faults: [{oversize: 64XB}]",
                """
                f:1: faults[0].oversize: expected a size of up to 1024GiB such as 300, 64kB, 64MB or 64MiB, found '64XB'
                """
            ),
            (
                "faults: [{oversize: 9000000000GB}]",
                """
                f:1: faults[0].oversize: expected a size of up to 1024GiB such as 300, 64kB, 64MB or 64MiB, \
                found '9000000000GB'
                """
            ),
            ("faults: [{html: false}]", "f:1: faults[0].html: expected true or status: 407, found 'false'"),
            (
                "faults: [{doctype: bomb}]",
                "f:1: faults[0].doctype: expected plain, external, entity_bomb or external: http://…, found 'bomb'"
            ),
            (
                "faults: [{marker: cycle}]",
                "f:1: faults[0].marker: expected loop, duplicate, missing or empty, found 'cycle'"
            ),
            (
                "faults: [{vanish: {from_lists: true}}]",
                "f:1: faults[0].vanish: a vanishing needs the key 'user' or 'access_key'"
            ),
            (
                "faults: [{clock_skew: 0s}]",
                "f:1: faults[0].clock_skew: expected a difference such as 10m or -90s, found '0s'"
            ),
            (
                "faults: [{refuse: 1s, truncate: half}]",
                "f:1: faults[0]: 'truncate' can't show beside 'refuse', which leaves no answer for it"
            ),
            (
                "faults: [{reset: before, error: 500}]",
                "f:1: faults[0]: 'error' can't show beside 'reset', which leaves no answer for it"
            ),
            (
                "faults: [{html: true, doctype: plain}]",
                "f:1: faults[0]: 'doctype' can't show beside 'html', which leaves no answer for it"
            ),
            (
                "faults: [{html: true, throttle: {rate: 1}}]",
                "f:1: faults[0]: 'throttle' can't show beside 'html', which leaves no answer for it"
            ),
            (
                "faults: [{vanish: {user: a}, html: true}]",
                "f:1: faults[0]: 'vanish' can't show beside 'html', which leaves no answer for it"
            ),
            (
                "faults: [{expire_token: true, error: 500}]",
                "f:1: faults[0]: 'error' can't show beside 'expire_token', which leaves no answer for it"
            ),
            ("", "f: is empty"),
        ]
    )
    func mistakes(text: String, message: String) throws {
        let error = try #require(throws: MockIAM.FaultPlanError.self) {
            try MockIAM.FaultPlan(parsing: text, file: "f")
        }
        #expect(error.description == message)
        #expect(error.file == "f")
    }

    @Test("Nothing shows beside what leaves no answer, but it may be late or expire credentials")
    func hidden() throws {
        #expect(throws: MockIAM.FaultPlanError.self) { try MockIAM.FaultPlan(parsing: Self.all) }
        _ = try MockIAM.FaultPlan(parsing: "faults: [{reset: before, latency: 1s, expire_token: true}]")
        _ = try MockIAM.FaultPlan(parsing: "faults: [{reset: within, truncate: half}]")
    }

    @Test("A file that isn't there")
    func noFile() throws {
        let error = try #require(throws: MockIAM.FaultPlanError.self) { try MockIAM.FaultPlan(path: "/nowhere/f.yaml") }
        #expect(error.description == "/nowhere/f.yaml: there is no such file")
        #expect(error.line == nil)
    }

    @Test("A plan made in Swift is written so that it reads back, whatever its names hold")
    func oddNames() throws {
        let rule = FaultRule(
            name: "a \"b\"\n\\", match: .init(action: "é*", parameters: ["x\"y": "z", "Tag.1": ["v", "*"]]),
            error: .init(status: 500, code: "<&>", message: "\u{1F600}"))
        let plan = MockIAM.FaultPlan(seed: -1, rules: [rule])
        #expect(try MockIAM.FaultPlan(parsing: plan.json) == plan)
    }

    @Test("The file that a plan becomes is canonical")
    func json() {
        let rule = FaultRule(
            name: "n", match: .init(action: "List*"), when: .every(10), latency: .milliseconds(1500),
            error: .status(503))
        let expected = """
            {
              "faults": [
                {
                  "error": {"code": "ServiceUnavailable", "message": "Service is unavailable. Please try again.", "status": 503},
                  "latency": {"fixed": "1s500ms"},
                  "match": {"action": "List*"},
                  "name": "n",
                  "when": {"every": 10}
                }
              ],
              "seed": 7
            }

            """
        #expect(MockIAM.FaultPlan(seed: 7, rules: [rule]).json == expected)
    }
}
