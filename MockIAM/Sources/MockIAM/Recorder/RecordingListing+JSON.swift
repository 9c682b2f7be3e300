package import CanonicalJSON
import FoundationEssentials
import PlainText
import Recording

extension MockIAM.RecordingListing: JSONWritable {
    /// The same as a JSON document, in which characters that a terminal might obey are escaped.
    package var json: String {
        var safe = ""
        for scalar in String(decoding: CanonicalJSON.document(self), as: UTF8.self).unicodeScalars {
            if scalar.isVisible || scalar == "\n" {
                safe.unicodeScalars.append(scalar)
            } else {
                // The others stand in strings only.
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    safe += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                }
            }
        }
        return safe
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("exchanges")
            json.array { json in
                for (exchange, digest) in rows {
                    json.object { json in write(exchange, digest: digest, to: &json) }
                }
            }
            json.member("manifest", recording.manifest)
            json.member("path", name)
            json.name("summary")
            json.object { json in
                json.member("actions", Dictionary(tallies.map { ($0.action.printable(), $0.calls) }) { $0 + $1 })
                json.member("digestDiffers", differing)
                json.member("errors", rows.count { !($0.exchange.response?.isSuccess ?? false) })
                json.member("exchanges", rows.count)
            }
        }
    }

    private func write(_ exchange: Exchange, digest: DigestCheck, to json: inout JSONWriter) {
        let key = RequestKey(formBody: exchange.request.body)
        json.member("account", exchange.account)
        json.member("attempt", exchange.attempt)
        json.member("bytes", exchange.response?.body.count)
        json.member("digest", digest.rawValue)
        json.member("errorCode", exchange.response?.errorCode)
        if case .noAnswer(let reason) = exchange.outcome { json.member("failure", reason) }
        json.member("milliseconds", exchange.milliseconds)
        json.member("operation", exchange.operation)
        json.member("parameters", key?.parameters ?? [])
        if choice.showsBodies {
            json.member("requestBody", String(decoding: exchange.request.body, as: UTF8.self))
            json.member("responseBody", exchange.response.map { String(decoding: $0.body, as: UTF8.self) })
        }
        json.member("sequence", exchange.sequence)
        json.member("started", exchange.started.recorded)
        json.member("status", exchange.response?.status)
    }
}
