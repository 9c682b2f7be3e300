package import CanonicalJSON
import StrictYAML

extension MockIAM.FaultPlan {
    /// The plan as a file, in canonical JSON, which reads back as an equal plan. Durations are written to the
    /// millisecond.
    public var json: String {
        String(decoding: CanonicalJSON.document(self), as: UTF8.self)
    }
}

extension MockIAM.FaultPlan: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("faults", rules)
            json.member("seed", seed)
        }
    }
}

extension MockIAM.FaultPlan.Rule: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("clock_skew", clockSkew?.signedSpelling)
            json.member("content_length", contentLength)
            json.member("doctype", doctype)
            json.member("drip", drip)
            json.member("error", error)
            json.member("expire_token", expireToken ? true : nil)
            json.member("html", html)
            json.member("latency", latency)
            json.member("marker", marker?.rawValue)
            json.member("match", match == MockIAM.FaultPlan.Match() ? nil : match)
            json.member("name", name)
            json.member("oversize", oversize)
            json.member("per", per == .rule ? nil : per.rawValue)
            json.member("refuse", refuse?.spelled)
            json.member("reset", reset)
            json.member("throttle", throttle)
            json.member("truncate", truncate)
            json.member("vanish", vanish)
            json.member("when", when == .always ? nil : when)
        }
    }
}

extension MockIAM.FaultPlan.Match: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("access_key", accessKey)
            json.member("account", account)
            json.member("action", action)
            if !parameters.isEmpty {
                json.member("parameters", parameters)
            }
        }
    }
}

extension MockIAM.FaultPlan.Pattern: JSONWritable {
    package func write(to json: inout JSONWriter) {
        if alternatives.count == 1 { json.value(alternatives[0]) } else { json.array(alternatives) }
    }
}

extension MockIAM.FaultPlan.When: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("after", after)
            json.member("calls", calls)
            json.member("during", during.map { Span(from: $0.lowerBound, to: $0.upperBound) })
            json.member("every", every)
            json.member("from", from)
            json.member("probability", probability)
            json.member("times", times)
            json.member("to", to)
        }
    }

    private struct Span: JSONWritable {
        var from: Duration
        var to: Duration

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("from", from.spelled)
                json.member("to", to.spelled)
            }
        }
    }
}

// MARK: What happens

extension MockIAM.FaultPlan.Throttle: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("burst", burst)
            json.member("code", error.code)
            json.member("message", error.message)
            json.member("rate", rate)
            json.member("status", error.status)
        }
    }
}

extension MockIAM.FaultPlan.Failure: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("message", message)
            json.member("status", status)
        }
    }
}

extension MockIAM.FaultPlan.Vanishing: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("access_key", accessKey)
            json.member("from_lists", fromLists ? true : nil)
            json.member("user", user)
        }
    }
}

extension MockIAM.FaultPlan.Latency: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("fixed", fixed.spelled)
            json.member("jitter", jitter == .zero ? nil : jitter.spelled)
        }
    }
}

extension MockIAM.FaultPlan.Drip: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bytes", bytes)
            json.member("every", every.spelled)
        }
    }
}

extension MockIAM.FaultPlan.Reset: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .before: json.value("before")
        case .within: json.value("within")
        case .after(let bytes): json.object { $0.member("after_bytes", bytes) }
        }
    }
}

extension MockIAM.FaultPlan.Cut: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .half: json.value("half")
        case .after(let bytes): json.object { $0.member("after_bytes", bytes) }
        }
    }
}

extension MockIAM.FaultPlan.Oversize: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("filling", filling.rawValue)
            json.member("size", size)
        }
    }
}

extension MockIAM.FaultPlan.HTML: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { $0.member("status", status) }
    }
}

extension MockIAM.FaultPlan.Doctype: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .plain: json.value("plain")
        case .external(let uri): json.object { $0.member("external", uri) }
        case .entityBomb: json.value("entity_bomb")
        }
    }
}
