import AWSClient
import FoundationEssentials
import Testing

@Suite struct XMLReaderTests {
    private func users(_ xml: String) throws -> ListUsers.Output {
        try XMLReader.read(Array(xml.utf8)) { (xml) throws(XMLError) in
            _ = try xml.root()
            return try ListUsers.output(from: &xml)
        }
    }

    private static let user = """
        <member><UserName>a&amp;b</UserName><UserId>AIDA1</UserId><Arn>arn:aws:iam::111122223333:user/a</Arn>\
        <Path>/</Path><CreateDate>2026-01-02T03:04:05Z</CreateDate></member>
        """

    @Test func `elements come in any order, and unknown ones are passed over with all that is in them`() throws {
        let page = try users(
            """
            <R><New><Users><member><UserName>no</UserName></member></Users><IsTruncated>maybe</IsTruncated></New>
            <IsTruncated>true</IsTruncated><Users>\(Self.user)</Users><Marker>m&#49;</Marker></R>
            """)
        #expect(page.isTruncated == true)
        #expect(page.marker == "m1")
        #expect(page.items.map(\.userName) == ["a&b"])
        #expect(page.items[0].createDate == Date(timeIntervalSince1970: 1_767_323_045))
    }

    @Test func `an empty list is a list, and no list is an error`() throws {
        #expect(try users("<R><Users/><IsTruncated>false</IsTruncated></R>").items.isEmpty)
        #expect(throws: XMLError.missing("Users")) { try users("<R><IsTruncated>false</IsTruncated></R>") }
        #expect(throws: XMLError.missing("Users")) { try users("<R/>") }
    }

    @Test(arguments: ["<User/>", "<Member/>", "<member/><User/>"])
    func `a list of another form isn't an empty one`(children: String) {
        let xml = "<R><Users>\(children.replacing("<member/>", with: Self.user))</Users></R>"
        let other = children.hasSuffix("<User/>") ? "User" : "Member"
        #expect(throws: XMLError.unexpectedElement(other, expected: "member")) { try users(xml) }
        #expect(throws: XMLError.unexpectedElement("item", expected: "entry")) {
            try XMLReader.read(Array("<R><SummaryMap><item/></SummaryMap></R>".utf8)) { (xml) throws(XMLError) in
                _ = try xml.root()
                return try GetAccountSummary.output(from: &xml)
            }
        }
    }

    @Test func `CDATA, comments and entities are text as XML has it`() throws {
        let page = try users("<R><Users/><Marker><![CDATA[<a>]]><!-- no -->b&lt;&#x1F511;</Marker></R>")
        #expect(page.marker == "<a>b<🔑")
    }

    @Test(arguments: ["", " ", "not XML", "{\"a\": 1}", "\u{0}"])
    func `what has no element isn't XML`(body: String) {
        #expect(throws: XMLError.notXML) { try users(body) }
    }

    @Test func `a document cut off at any byte is never read as a whole one`() throws {
        let whole = "<R><IsTruncated>false</IsTruncated><Users>\(Self.user)</Users></R>"
        _ = try users(whole)
        for length in 0..<whole.utf8.count {
            let cut = String(decoding: Array(whole.utf8.prefix(length)), as: UTF8.self)
            let error = #expect(throws: XMLError.self) { try users(cut) }
            // Nothing but the cut is wrong with it, and the message must say so.
            #expect(error == (length == 0 ? .notXML : .truncated), "cut at \(length)")
        }
    }

    @Test func `a cut behind a line break is a cut, and what stands behind the root is not`() {
        #expect(throws: XMLError.truncated) { try users("<R>\n  <Users>\n  </Users>\n") }
        for tail in ["xx", "<b/>", "<R/>", "&amp;"] {
            let error = #expect(throws: XMLError.self) { try users("<R>\n<Users/>\n</R>\(tail)") }
            if case .malformed(_, let line) = error {
                #expect(line == 3)
            } else {
                Issue.record("\(tail): \(String(describing: error))")
            }
        }
    }

    @Test func `what follows the interesting part must be well-formed too`() {
        let error = #expect(throws: XMLError.self) { try users("<R><Users/><a></b></R>") }
        if case .malformed(_, let line) = error {
            #expect(line == 1)
        } else {
            Issue.record("\(String(describing: error))")
        }
    }

    @Test(arguments: [
        "<!DOCTYPE html><html><body>Sign in</body></html>",
        "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><R><Users/><Marker>&b;</Marker></R>",
        "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><R><Users/><Marker>&f;</Marker></R>",
    ])
    func `a DOCTYPE is refused`(body: String) {
        #expect(throws: XMLError.doctype) { try users(body) }
    }

    /// Another reader may take the first, and the whole is evidence.
    @Test(arguments: [
        (
            "<R><Users/><IsTruncated>true</IsTruncated><Marker>m</Marker><IsTruncated>false</IsTruncated></R>",
            "IsTruncated"
        ),
        ("<R><Users/><Users/></R>", "Users"), ("<R><Users/><Marker>a</Marker><Marker>b</Marker></R>", "Marker"),
        (
            "<R><Users>\(user.replacing("<Path>", with: "<UserName>other</UserName><Path>"))</Users></R>", "UserName"
        ),
    ])
    func `an element that is there twice is an error`(xml: String, element: String) {
        #expect(throws: XMLError.repeated(element)) { try users(xml) }
    }

    @Test func `what nobody reads may be there as often as it likes, and lists have many members`() throws {
        let noise = (0..<200).map { "<New\($0)/><New\($0)/>" }.joined()
        let page = try users("<R>\(noise)<Users>\(Self.user)\(Self.user)\(Self.user)</Users>\(noise)</R>")
        #expect(page.items.count == 3)
        // Beyond the first names, too.
        #expect(throws: XMLError.repeated("Marker")) {
            try users("<R>\(noise)<Marker/><Users/><Marker/></R>")
        }
    }

    @Test func `a figure of the account that is there twice is an error`() {
        func entry(_ value: Int) -> String {
            "<entry><key>AccountAccessKeysPresent</key><value>\(value)</value></entry>"
        }
        #expect(throws: XMLError.repeated("AccountAccessKeysPresent")) {
            try XMLReader.read(Array("<R><SummaryMap>\(entry(1))\(entry(0))</SummaryMap></R>".utf8)) {
                (xml) throws(XMLError) in
                _ = try xml.root()
                return try GetAccountSummary.output(from: &xml)
            }
        }
    }

    /// libxml2 compares each attribute with all before it.
    @Test func `a tag without an end in sight is refused`() throws {
        func attributes(_ value: String) -> String {
            (0..<20_000).map { " a\($0)=\"\(value)\"" }.joined()
        }
        let short = String(repeating: "<Other/>", count: 20_000)
        for value in ["", ">", "'>"] {
            for before in ["", short, "<Marker>\(String(repeating: "x > y ", count: 20_000))</Marker>"] {
                #expect(throws: XMLError.malformed(reason: "a tag is longer than any of AWS's", line: nil)) {
                    try users("<R>\(before)<Users\(attributes(value))/>\(short)</R>")
                }
            }
        }
        // libxml2 gives up at it by itself.
        let error = #expect(throws: XMLError.self) { try users("<R\(attributes("<"))><Users/></R>") }
        guard case .malformed(_, line: 1) = error else { throw error ?? XMLError.notXML }
    }

    @Test func `a long document of short tags, and a long text, are no long tag`() throws {
        let short = String(repeating: "<Other a=\"'>\"/>", count: 20_000)
        let long = String(repeating: "x > y ", count: 20_000)
        #expect(try users("<R>\(short)<Users/><Marker>\(long)</Marker>\(short)</R>").marker == long)
        #expect(try users("<R><Users/><Marker>\(long)</Marker></R>").marker == long)
    }

    @Test func `depth is bounded`() {
        let deep = String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000)
        let error = #expect(throws: XMLError.self) { try users("<R>\(deep)<Users/></R>") }
        #expect(error?.description == "the answer's XML is malformed: elements are nested too deeply")
    }

    @Test func `nonsense in a typed element names the element, the value and what was expected`() {
        let expected = XMLError.invalidValue(element: "IsTruncated", value: "yes", expected: "true or false")
        #expect(throws: expected) { try users("<R><Users/><IsTruncated>yes</IsTruncated></R>") }
        #expect(throws: XMLError.unexpectedElement("b", expected: "text of Marker")) {
            try users("<R><Users/><Marker>a<b/></Marker></R>")
        }
    }

    @Test(arguments: [
        ("2026-11-22T20:45:00Z", 1_795_380_300.0), ("2026-11-22T20:45:00.250Z", 1_795_380_300.0),
        ("2026-11-22T21:45:00+01:00", 1_795_380_300.0), ("2026-11-22T20:45:00+00:00", 1_795_380_300.0),
        ("2026-11-22T15:15:00-0530", 1_795_380_300.0), ("2026-11-22T21:45:00.5+01", 1_795_380_300.0),
        ("2026-11-22T20:45:00UTC", 1_795_380_300.0), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("2026-11-22T20:45:00.999999999Z", 1_795_380_300.0),
    ])
    func `dates have Z, an offset or fractions, which are left out`(text: String, seconds: Double) {
        #expect(Date(awsTimestamp: text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-13-01T00:00:00Z", "1795380300", "2026-11-22", "2026-02-30T00:00:00Z",
        "2026-11-22T25:00:00Z", "2026-11-22T20:61:00Z", "2026-11-22T20:45:00", "2026-11-22T20:45:00Zjunk",
        "2026-11-22T20:45:00.Z", "2026-11-22T20:45:00+1:00", "2026-11-22T20:45:00+01:60", "2026-11-22T20:45:00+01.00",
        "2026-11-22T20:45:00.5", "2026-11-22T20:45:00.5e3Z", "0000-01-01T00:00:00Z", "2026-11-22T20:45:00\u{1d7d8}Z",
    ])
    func `anything else is no date`(text: String) {
        #expect(Date(awsTimestamp: text) == nil)
    }
}
