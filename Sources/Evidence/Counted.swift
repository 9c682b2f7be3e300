import CanonicalJSON

/// `1 user`, `7 users`: for people.
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// `1 day`, `7 days`: for people.
package func counted(_ days: Int) -> String { counted(days, "day") }

extension TextOutput where Self: ~Copyable {
    /// `1 day`, `7 days`: for people.
    mutating func put(counted days: Int) {
        put(days)
        literal(days == 1 ? " day" : " days")
    }
}
