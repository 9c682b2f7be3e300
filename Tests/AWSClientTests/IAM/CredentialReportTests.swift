import Foundation
import Testing

@testable import AWSClient

/// Reading AWS's CSV, in the forms that it has had.
@Suite struct CredentialReportTests {
    private static let header =
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
        + "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
        + "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
        + "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
        + "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
    private static let none = "false,N/A,N/A,N/A,N/A"
    private static let end = "false,N/A,false,N/A"
    private static let root =
        "<root_account>,arn:aws:iam::111122223333:root,2015-01-01T00:00:00+00:00,not_supported,no_information,"
        + "not_supported,not_supported,true,\(none),\(none),\(end)"

    private func read(_ rows: String...) throws -> CredentialReport {
        try CredentialReport(csv: Data(([Self.header] + rows).joined(separator: "\n").utf8))
    }

    @Test func `root, users, keys and passwords are what they are`() throws {
        let report = try read(
            "<root_account>,arn:aws:iam::111122223333:root,2015-01-01T00:00:00+00:00,not_supported,no_information,"
                + "not_supported,not_supported,true,true,2019-01-01T00:00:00+00:00,N/A,N/A,N/A,\(Self.none),\(Self.end)",
            "anna,arn:aws:iam::111122223333:user/anna,2020-02-29T12:30:15Z,true,2026-01-02T03:04:05+00:00,"
                + "2020-02-29T12:30:15+00:00,N/A,false,false,2020-03-01T00:00:00+00:00,2021-01-01T00:15:00+00:00,us-east-1,"
                + "s3,TRUE,2026-01-01T00:00:00+00:00,N/A,N/A,N/A,\(Self.end)",
            "carl,arn:aws:iam::111122223333:user/carl,2020-02-29T12:30:15+00:00,FALSE,N/A,N/A,N/A,FALSE,\(Self.none),"
                + "\(Self.none),\(Self.end)")
        #expect(report.root?.keys.map(\.number) == [1])
        #expect(report.root?.passwordEnabled == nil)
        #expect(report.root?.mfaActive == true)
        #expect(report.users.map(\.user) == ["anna", "carl"])
        let anna = report.users[0]
        #expect(anna.created == Date(timeIntervalSince1970: 1_582_979_415))
        #expect(anna.passwordEnabled == true)
        // An Inactive key keeps its date.
        #expect(anna.keys.map(\.isActive) == [false, true])
        #expect(anna.keys[0].lastUse?.service == "s3")
        #expect(anna.keys[0].lastUse?.date == Date(timeIntervalSince1970: 1_609_460_100))
        #expect(anna.keys[1].lastUse == nil)
        #expect(report.users[1].keys.isEmpty)
        #expect(report.users[1].passwordEnabled == false)
    }

    @Test func `names and paths may hold what separates fields`() throws {
        let row =
            "\"a,b\",\"arn:aws:iam::111122223333:user/x\"\"y/a,b\",2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,false,"
            + "\(Self.none),\(Self.none),\(Self.end)"
        for text in [row, row + "\n", row + "\r\n"] {
            let report = try read(text)
            #expect(report.users.map(\.user) == ["a,b"])
            #expect(report.users.map(\.arn) == ["arn:aws:iam::111122223333:user/x\"y/a,b"])
        }
    }

    /// A report comes in pieces, which may end anywhere: within a field, between two quotes, between the two bytes that end
    /// a line.
    @Test(arguments: 1...9)
    func `it doesn't matter how a report is cut into pieces`(size: Int) throws {
        let csv =
            Self.header + "\r\n"
            + "anna,arn:aws:iam::111122223333:user/anna,2020-02-29T12:30:15Z,true,2026-01-02T03:04:05+00:00,"
            + "2020-02-29T12:30:15+00:00,N/A,false,false,2020-03-01T00:00:00+00:00,2021-01-01T00:15:00+00:00,us-east-1,"
            + "s3,TRUE,2026-01-01T00:00:00+00:00,N/A,N/A,N/A,\(Self.end)\r\n"
            + "\"a,\r\nb\",\"arn:aws:iam::111122223333:user/x\"\"y/a,b\",2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,"
            + "false,\(Self.none),\(Self.none),\(Self.end)"
        // Lines of base64 are broken where one likes.
        let base64 = Array(Data(csv.utf8).base64EncodedString(options: .lineLength64Characters).utf8)
        var decoder = Base64Decoder()
        var parser = CredentialReport.Parser()
        for start in stride(from: 0, to: base64.count, by: size) {
            let piece = base64[start..<min(start + size, base64.count)]
            let csv = decoder.decode(piece)
            try parser.add(#require(csv))
        }
        #expect(decoder.isWhole)
        let report = try parser.finish()
        #expect(report == (try CredentialReport(csv: Data(csv.utf8))))
        #expect(report.users.map(\.user) == ["anna", "a,\r\nb"])
    }

    @Test(arguments: ["YWJj", "YWI=", "YQ==", "Y W\tJ\r\nj", ""])
    func `base64 is decoded whatever its pieces`(text: String) {
        let bytes = Array(text.utf8)
        for size in 1...5 {
            var decoder = Base64Decoder()
            var decoded = Data()
            for start in stride(from: 0, to: bytes.count, by: size) {
                decoded += decoder.decode(bytes[start..<min(start + size, bytes.count)]) ?? Data("not base64".utf8)
            }
            #expect(decoder.isWhole)
            #expect(decoded == Data(base64Encoded: text, options: .ignoreUnknownCharacters))
        }
    }

    @Test(arguments: ["YQ==YQ==", "YWJ", "YW*j", "=YWJ", "YQ==Y"])
    func `what isn't base64 is seen whatever its pieces`(text: String) {
        let bytes = Array(text.utf8)
        for size in 1...8 {
            var decoder = Base64Decoder()
            var isBase64 = true
            for start in stride(from: 0, to: bytes.count, by: size) {
                if decoder.decode(bytes[start..<min(start + size, bytes.count)]) == nil { isBase64 = false }
            }
            #expect(!isBase64 || !decoder.isWhole, "in pieces of \(size)")
        }
    }

    @Test func `another column, or columns in another order, do no harm`() throws {
        let csv = """
            access_key_2_last_used_service,access_key_2_last_used_region,access_key_2_last_used_date,\
            access_key_2_last_rotated,access_key_2_active,access_key_1_last_used_service,access_key_1_last_used_region,\
            access_key_1_last_used_date,access_key_1_last_rotated,access_key_1_active,password_enabled,new_column,\
            user_creation_time,arn,user
            N/A,N/A,N/A,N/A,false,s3,N/A,2021-01-01T00:15:00+00:00,2020-03-01T00:00:00+00:00,true,false,?,\
            2020-02-29T12:30:15+00:00,arn:aws:iam::111122223333:user/anna,anna
            """
        let report = try CredentialReport(csv: Data(csv.utf8))
        #expect(report.users.map(\.user) == ["anna"])
        #expect(report.users[0].keys.map(\.number) == [1])
        #expect(report.users[0].mfaActive == nil)
    }

    @Test func `a quote that is never closed ends the reading, however much follows`() throws {
        var parser = CredentialReport.Parser()
        try parser.add(Array("\(Self.header)\n\"anna".utf8))
        let error = #expect(throws: CredentialReport.Problem.self) {
            for _ in 0..<10 { try parser.add(Array(repeating: UInt8(ascii: "x"), count: 12_000)) }
        }
        #expect(error?.place == "line 2")
    }

    @Test(arguments: [
        ("", "the header"), ("user,arn\n", "the header"),
        ("\(header)\nanna,arn", "line 2 with 2 fields"),
        ("\(header)\nanna,arn,yesterday,false,N/A,N/A,N/A,false,\(none),\(none),\(end)", "user_creation_time"),
        (
            "\(header)\nanna,arn,2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,false,true,N/A,N/A,N/A,N/A,\(none),\(end)",
            "access_key_1_last_rotated"
        ),
        (
            "\(header)\nanna,arn,2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,false,perhaps,N/A,N/A,N/A,N/A,\(none),\(end)",
            "access_key_1_active"
        ),
        // A key that was used is there, whatever its date says.
        (
            "\(header)\nanna,arn,2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,false,false,N/A,2021-01-01T00:15:00+00:00,us-east-1,s3,\(none),\(end)",
            "line 2: access_key_1_last_rotated"
        ),
        // AWS may have no information on passwords only.
        (
            "\(header)\nanna,arn,2020-02-29T12:30:15+00:00,false,N/A,N/A,N/A,false,true,2020-03-01T00:00:00+00:00,no_information,N/A,N/A,\(none),\(end)",
            "line 2: access_key_1_last_used_date 'no_information'"
        ),
        ("\(header),access_key_1_active\n", "the header"),
        (
            "\(header)\n\(root)\n\(root)", "line 3"
        ),
    ])
    func `what can't be read is an error that names the place`(csv: String, place: String) {
        let error = #expect(throws: CredentialReport.Problem.self) { try CredentialReport(csv: Data(csv.utf8)) }
        #expect(error?.place.contains(place) == true, "\(String(describing: error))")
    }
}
