import StrictYAML

// MARK: Errors

extension MockIAM.FaultPlan.Failure {
    private enum Key: String, CaseIterable {
        case status, code, message
    }

    /// `503`, `AccessDenied`, or both of them and a message.
    init(_ value: YAMLValue) throws(YAMLError) {
        if value.form == .mapping {
            let error = try value.mapping("an error", keys: Key.self)
            guard error[.status] != nil || error[.code] != nil else {
                throw value.error("an error needs the key 'status' or 'code'")
            }
            self = try Self(status: error[.status], code: error[.code], message: error[.message])
        } else if Int((try? value.text()) ?? "") != nil {
            self = .status(try value.httpStatus())
        } else if value.form == .scalar {
            self = .code(try value.nonEmptyText())
        } else {
            throw value.error(expected: "a status such as 503, a code such as AccessDenied, or keys with values")
        }
    }

    fileprivate init(status: YAMLValue?, code: YAMLValue?, message: YAMLValue?) throws(YAMLError) {
        if let code {
            self = .code(try code.nonEmptyText())
            if let status { self.status = try status.httpStatus() }
        } else if let status {
            self = .status(try status.httpStatus())
        } else {
            self = .code("Throttling")
        }
        if let message { self.message = try message.text() }
    }
}

extension MockIAM.FaultPlan.Throttle {
    private enum Key: String, CaseIterable {
        case rate, burst, status, code, message
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let throttle = try value.mapping("a throttle", keys: Key.self)
        let error = try MockIAM.FaultPlan.Failure(
            status: throttle[.status], code: throttle[.code], message: throttle[.message])
        self.init(
            rate: try throttle.required(.rate).number(in: 0...1_000_000),
            burst: try throttle[.burst]?.number(in: 1...1_000_000), error: error)
    }
}

extension MockIAM.FaultPlan.Vanishing {
    private enum Key: String, CaseIterable {
        case user
        case accessKey = "access_key"
        case fromLists = "from_lists"
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let vanish = try value.mapping("a vanishing", keys: Key.self)
        self.init(fromLists: try vanish[.fromLists]?.bool() ?? false)
        if let value = vanish[.user] { user = try MockIAM.FaultPlan.Pattern(value) }
        if let value = vanish[.accessKey] { accessKey = try MockIAM.FaultPlan.Pattern(value) }
        if user == nil, accessKey == nil { throw value.error("a vanishing needs the key 'user' or 'access_key'") }
    }
}

// MARK: Bodies

extension MockIAM.FaultPlan.Oversize {
    private enum Key: String, CaseIterable {
        case size, filling
    }

    /// `64MB`, or with what it is filled.
    init(_ value: YAMLValue) throws(YAMLError) {
        guard value.form == .mapping else {
            self.init(size: try value.size())
            return
        }
        let oversize = try value.mapping("an oversize", keys: Key.self)
        self.init(
            size: try oversize.required(.size).size(),
            filling: try oversize[.filling]?.choice(of: Filling.self) ?? .comments)
    }
}

extension MockIAM.FaultPlan.HTML {
    private enum Key: String, CaseIterable {
        case status
    }

    /// `true`, or a status.
    init(_ value: YAMLValue) throws(YAMLError) {
        if value.form == .mapping {
            self.init(status: try value.mapping("an HTML page", keys: Key.self).required(.status).httpStatus())
        } else if (try? value.bool()) == true {
            self.init()
        } else {
            throw value.error(expected: "true or status: 407")
        }
    }
}

extension MockIAM.FaultPlan.Doctype {
    private enum Key: String, CaseIterable {
        case external
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        if value.form == .mapping {
            self = .external(uri: try value.mapping("a doctype", keys: Key.self).required(.external).nonEmptyText())
            return
        }
        switch try? value.text() {
        case "plain": self = .plain
        case "external": self = .external
        case "entity_bomb": self = .entityBomb
        default: throw value.error(expected: "plain, external, entity_bomb or external: http://…")
        }
    }
}

// MARK: The wire

extension MockIAM.FaultPlan.Latency {
    private enum Key: String, CaseIterable {
        case fixed, jitter
    }

    /// `200ms`, or with jitter.
    init(_ value: YAMLValue) throws(YAMLError) {
        guard value.form == .mapping else {
            self.init(fixed: try value.duration())
            return
        }
        let latency = try value.mapping("a latency", keys: Key.self)
        guard latency[.fixed] != nil || latency[.jitter] != nil else {
            throw value.error("a latency needs the key 'fixed' or 'jitter'")
        }
        self.init(fixed: try latency[.fixed]?.duration() ?? .zero, jitter: try latency[.jitter]?.duration() ?? .zero)
    }
}

private enum AfterKey: String, CaseIterable {
    case afterBytes = "after_bytes"
}

extension MockIAM.FaultPlan.Reset {
    init(_ value: YAMLValue) throws(YAMLError) {
        if value.form == .mapping {
            self = .after(bytes: try value.mapping("a reset", keys: AfterKey.self).required(.afterBytes).count())
            return
        }
        switch try? value.text() {
        case "before": self = .before
        case "within": self = .within
        default: throw value.error(expected: "before, within or after_bytes: 120")
        }
    }
}

extension MockIAM.FaultPlan.Cut {
    init(_ value: YAMLValue) throws(YAMLError) {
        if value.form == .mapping {
            self = .after(bytes: try value.mapping("a cut", keys: AfterKey.self).required(.afterBytes).count())
        } else if (try? value.text()) == "half" {
            self = .half
        } else {
            throw value.error(expected: "half or after_bytes: 300")
        }
    }
}

extension MockIAM.FaultPlan.Drip {
    private enum Key: String, CaseIterable {
        case bytes, every
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let drip = try value.mapping("a drip", keys: Key.self)
        self.init(
            bytes: try drip.required(.bytes).integer(in: 1...Int.max), every: try drip.required(.every).duration())
    }
}

// MARK: Numbers

extension YAMLValue {
    fileprivate func httpStatus() throws(YAMLError) -> Int {
        try integer(in: 200...599)
    }

    fileprivate func count() throws(YAMLError) -> Int {
        try integer(in: 0...Int.max)
    }

    /// A number of bytes: `300`, `64kB`, `64MB` or `2GB`, thousands each, or `64KiB`, `64MiB`, `2GiB`.
    fileprivate func size() throws(YAMLError) -> Int {
        let units = ["": 1, "B": 1, "kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000]
            .merging(["KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]) { first, _ in first }
        let text = (try? text()) ?? ""
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))], 1...1 << 40 ~= count,
            count <= (1 << 40) / unit
        else { throw error(expected: "a size of up to 1024GiB such as 300, 64kB, 64MB or 64MiB") }
        return count * unit
    }
}
