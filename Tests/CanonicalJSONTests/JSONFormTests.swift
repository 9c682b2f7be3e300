import CanonicalJSON
import Foundation
import Testing

@Suite struct JSONFormTests {
    private enum Gap: Int { case name, tags, more, count }

    private let form = JSONForm { json in
        json.object { json in
            json.member("kind", "user")
            json.name("list")
            json.array { json in
                json.value("first")
                json.elementsGap(Gap.more)
            }
            json.member("name") { json in
                json.literal("of ")
                json.gap(Gap.name)
                json.literal(".")
            }
            json.member("tags", valueGap: Gap.tags)
            json.member("with", gap: Gap.count)
        }
    }

    /// The same value without a form.
    private func write(_ user: User, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", "user")
            json.member("list", ["first"] + user.more)
            json.member("name", "of \(user.name).")
            json.member("tags", user.tags)
            json.member("with", "\(user.more.count) more")
        }
    }

    private func fill(_ user: User, to json: inout JSONWriter) {
        json.fill(form) { gap, json in
            switch Gap(rawValue: gap) {
            case .name: json.put(user.name)
            case .tags: json.array(user.tags)
            case .more: for more in user.more { json.value(more) }
            case .count:
                json.put(user.more.count)
                json.literal(" more")
            case nil: Issue.record("no such gap: \(gap)")
            }
        }
    }

    private struct User {
        var name: String
        var tags: [String]
        var more: [String]
    }

    private static let users = [
        User(name: "a", tags: [], more: []), User(name: "\"quoted\"\n", tags: ["x", "y\\"], more: ["second"]),
        User(name: "é🔑", tags: ["z"], more: ["second", "third"]),
    ]

    /// In an array among other values, with lines and without: forms are on one line wherever they are.
    @Test(arguments: [0, 1, 2, 3]) func `a form that is filled in is what would have been written without it`(
        levels: Int
    ) throws {
        func text(_ put: @escaping (User, inout JSONWriter) -> Void) -> String {
            var output = OutputBuffer()
            let document = Container { json in
                for user in Self.users {
                    put(user, &json)
                    json.value(1)
                }
            }
            CanonicalJSON.write(document, linedLevels: levels, to: &output)
            return String(decoding: output.bytes, as: UTF8.self)
        }
        let (filled, written) = (text(fill), text(write))
        #expect(
            try JSONSerialization.jsonObject(with: Data(filled.utf8)) as? NSDictionary
                == JSONSerialization.jsonObject(with: Data(written.utf8)) as? NSDictionary)
        // What is deeper than lines go is the same to the byte.
        if levels < 3 { #expect(filled == written) }
    }

    private struct Container: JSONWritable {
        let elements: (inout JSONWriter) -> Void

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("users")
                json.array(elements)
                json.member("zero", 0)
            }
        }
    }

    @Test func `a form without gaps is what it was written as`() {
        let form = JSONForm { $0.array { $0.value(1) } }
        var json = JSONWriter()
        json.array { json in
            json.fill(form) { gap, _ in Issue.record("no such gap: \(gap)") }
            json.fill(form) { gap, _ in Issue.record("no such gap: \(gap)") }
        }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text == "[[1],[1]]")
    }
}
