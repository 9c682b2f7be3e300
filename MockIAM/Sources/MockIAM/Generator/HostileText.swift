/// Texts that break clients which take them for something else. All names and paths are such as IAM lets through.
enum HostileText {
    static let names = [
        // Formulas and numbers of spreadsheets, and what separates their cells.
        "=cmd", "@sum", "+1", "-1", "=1+1", "@SUM+A1", "a,b", ",", "=", "+", "1,2,3", "12.50", "1e5", "0x10",
        "012345678901", "2026-11-22",
        // Words that mean something in CSV, YAML, JSON and programs.
        "N.A", "N-A", "no_information", "not_supported", "null", "true", "no", "nan", "undefined", "__proto__",
        "constructor",
        // What looks like the root user, another account's user, a key or a path.
        "root", "root_account", "_root_account_", "user", "admin@example.com", "AKIAIOSFODNN7EXAMPLE", ".", "..", "_",
        "con", "index.html",
        // Options of commands.
        "-", "--help", "-rf",
        // As long as can be.
        String(repeating: "W", count: 64), String(repeating: "i", count: 63) + "=",
    ]

    static let tagValues = [
        "<&>\"'", "]]>", "<!--", "&amp;", "<root_account>", "a,b\n=1+1", "\"quoted\",\"cells\"",
        "=cmd|' /C calc'!A0", "@SUM(A1:A9)", "$(touch hostile)", "`id`", "'; DROP TABLE users; --", "%s%n%x",
        "{{7*7}}", "${jndi:ldap://127.0.0.1/}", "../../etc/passwd", "\\u0000\\", "🔑👩‍👩‍👧‍👦", "\u{202e}gpj.exe", "\u{200f}אבג",
        "e\u{301}\u{301}\u{301}", "\u{feff}bom", "line\u{2028}separator", "next\u{85}line", "tab\tnewline\nreturn\r\n",
        "\u{1}\u{1b}[31mred\u{7f}", "\u{b}\u{fffe}", " ", "", String(repeating: "ü", count: 256),
    ]

    static let tagKeys = [
        "Owner", "owner ", "<key>", "=key", "key:with:colons", "🔑", "__proto__", String(repeating: "k", count: 128),
    ]

    static let paths = [
        "/<b>&\"'/", "/]]>/", "/$(touch)/`id`/", "/=cmd,/", "/\u{7f}/", "/%00/%0a/",
        "/" + String(repeating: "long/", count: 102) + "/", "/" + String(repeating: "x", count: 510) + "/",
    ]

    /// IAM knows none of these.
    static let statuses = ["Suspended", "active", "ACTIVE", "Active ", "<Active>", "=1+1"]
}
