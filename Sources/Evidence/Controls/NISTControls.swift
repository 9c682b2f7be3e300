import EvidenceSchemas

/// Which statements and assessment objectives the controls of NIST SP 800-53 Rev. 5 have, as far as they are in one of
/// NIST's baselines.
package struct NISTControls: Sendable {
    private let parts: [String: Set<String>]

    package init() {
        var parts: [String: Set<String>] = [:]
        for line in String(decoding: EvidenceSchema.nistIDs, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let control = words.first else { continue }
            parts[control] = Set(words.dropFirst().map { control + $0 })
        }
        self.parts = parts
    }

    /// Whether a control has a part; nil for a control of no baseline.
    package func has(_ part: String, in control: String) -> Bool? {
        parts[control].map { $0.contains(part) }
    }

    /// What an id stands for in NIST's catalog; nil where it has none such in a baseline.
    func name(of id: String) -> String? {
        if parts[id] != nil { return "control \(id) of NIST SP 800-53" }
        // A part's id begins with that of its control: `ia-4_obj.d`.
        let control = String(id.prefix { $0 != "_" })
        return has(id, in: control) == true ? "part \(id) of NIST SP 800-53" : nil
    }
}
