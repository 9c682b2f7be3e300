package import CanonicalJSON
import Evidence
import EvidenceSchemas
import FoundationEssentials

/// What verifying came to, for working papers and platforms. `evidence-schemas/verification.schema.json` says what each
/// member means.
package struct VerificationDocument: JSONWritable {
    package var bundles: [(path: String, verification: BundleVerification)] = []
    /// Nil where the chain wasn't asked for.
    package var chains: [ChainVerification.Chain]?
    /// Whether the collection was to be done again.
    package var recomputes: Bool

    package init(recomputes: Bool) {
        self.recomputes = recomputes
    }

    package var isSound: Bool {
        bundles.allSatisfy(\.verification.isSound) && (chains ?? []).allSatisfy(\.check.isSound)
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bundles", bundles.map { BundleMember(path: $0.path, verification: $0.verification) })
            json.member("chains", orNull: chains?.map(ChainMember.init))
            json.member("recomputed", recomputes)
            json.member("schema", EvidenceSchema.verification.id)
            json.member("sound", isSound)
            json.member("tool", ToolMember())
        }
    }

    private struct ToolMember: JSONWritable {
        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", KeyWitnessTool.name)
                json.member("version", KeyWitnessTool.version)
            }
        }
    }

    private struct BundleMember: JSONWritable {
        let path: String
        let verification: BundleVerification

        func write(to json: inout JSONWriter) {
            let run = verification.run
            json.object { json in
                json.member("account", orNull: run?.account)
                json.member("as_of", orNull: run?.asOf.iso8601)
                json.member("checks", verification.checks)
                json.member("complete", orNull: run?.isComplete)
                json.member("overall_status", orNull: run?.overallStatus)
                json.member("path", path)
                json.member("run", orNull: run?.run)
                json.member("sequence", orNull: run?.sequence)
                json.member("sha256", orNull: run?.digest)
                json.member("signed_by", orNull: run?.signature.signer)
                json.member("sound", verification.isSound)
                json.member("window", orNull: run.map { Span(from: $0.started, to: $0.ended) })
            }
        }
    }

    private struct ChainMember: JSONWritable {
        let chain: ChainVerification.Chain

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("account", orNull: chain.account)
                json.member("check", chain.check)
                json.member("longest_gap", orNull: chain.longestGap.map { Span(from: $0.from, to: $0.to) })
                json.member("runs", chain.runs)
                json.member("sound", chain.check.isSound)
            }
        }
    }
}

/// From an instant to another.
private struct Span: JSONWritable {
    let from: Date
    let to: Date

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("ended", to.iso8601)
            json.member("started", from.iso8601)
        }
    }
}

extension ChainRun: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("as_of", asOf.iso8601)
            json.member("complete", isComplete)
            json.member("overall_status", overallStatus)
            json.member("path", path)
            json.member("run", run)
            json.member("sequence", sequence)
            json.member("sha256", digest)
            json.member("signed_by", orNull: signature.signer)
            json.member("window", Span(from: started, to: ended))
        }
    }
}

extension VerificationCheck: JSONWritable {
    package func write(to json: inout JSONWriter) {
        let (word, text, flaws): (String, String?, [String]) =
            switch result {
            case .passed(let text): ("passed", text, [])
            case .noted(let text): ("noted", text, [])
            case .failed(let flaws): ("failed", nil, flaws)
            case .notDone(let why): ("not-done", why, [])
            }
        json.object { json in
            json.member("flaws", flaws)
            json.member("name", name)
            json.member("notes", notes)
            json.member("result", word)
            json.member("text", orNull: text)
        }
    }
}
