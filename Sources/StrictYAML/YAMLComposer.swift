/// Makes the tree of a YAML file.
///
/// Anchors, aliases and tags are refused: no file of ours needs them, and a few lines of aliases can stand for
/// billions of values.
struct YAMLComposer {
    let text: String
    let file: String
    let limits: YAMLLimits

    func compose() throws(YAMLError) -> YAMLNode {
        try YAMLEvents.read(text, file: file) { events throws(YAMLError) in try root(&events) }
    }

    private func root(_ events: inout YAMLEvents) throws(YAMLError) -> YAMLNode {
        guard case .documentStart = try events.next().kind else {
            throw YAMLError(file: file, reason: "holds no value")
        }
        let root = try node(try events.next(), &events, at: .top, depth: 1)
        // The document's end.
        _ = try events.next()
        let after = try events.next()
        guard case .end = after.kind else {
            throw YAMLError(file: file, line: after.line, reason: "a second document begins here; a file holds one")
        }
        return root
    }

    /// The node that begins with an event.
    private func node(
        _ event: YAMLEvents.Event, _ events: inout YAMLEvents, at path: YAMLPath, depth: Int
    ) throws(YAMLError) -> YAMLNode {
        guard depth <= limits.depth else {
            throw YAMLError(nestedDeeperThan: limits.depth, file: file, line: event.line)
        }
        try refuseNames(event, at: path)
        switch event.kind {
        case .scalar(let text, let isPlain): return YAMLNode(isPlain ? .plain(text) : .quoted(text), line: event.line)
        case .sequenceStart: return YAMLNode(.sequence(try elements(&events, at: path, depth: depth)), line: event.line)
        case .mappingStart: return YAMLNode(.mapping(try entries(&events, at: path, depth: depth)), line: event.line)
        case .alias, .sequenceEnd, .mappingEnd, .documentStart, .documentEnd, .end:
            preconditionFailure("libyaml has a node where one begins")
        }
    }

    private func elements(
        _ events: inout YAMLEvents, at path: YAMLPath, depth: Int
    ) throws(YAMLError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(event, &events, at: .index(path, elements.count), depth: depth + 1))
        }
    }

    private func entries(
        _ events: inout YAMLEvents, at path: YAMLPath, depth: Int
    ) throws(YAMLError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        while true {
            let key = try events.next()
            if case .mappingEnd = key.kind { break }
            try refuseNames(key, at: path)
            guard case .scalar(let name, _) = key.kind else {
                throw error("a list or a mapping can't be a key", key, path)
            }
            let value = try node(try events.next(), &events, at: .key(path, name), depth: depth + 1)
            entries.append(YAMLNode.Entry(key: name, line: Int32(clamping: key.line), value: value))
        }
        if let repeated = entries.firstRepeated {
            throw YAMLError(repeated: repeated.key, file: file, line: Int(repeated.line), path: path)
        }
        return entries
    }

    /// Refuses what stands for something else, or may be stood for.
    private func refuseNames(_ event: YAMLEvents.Event, at path: YAMLPath) throws(YAMLError) {
        if case .alias(let name) = event.kind {
            throw error(
                "an alias (\("*\(name)".quoted)) can't be used here; a text that begins with * has to be quoted", event,
                path)
        }
        if let anchor = event.anchor {
            throw error("an anchor (\("&\(anchor)".quoted)) can't be used here", event, path)
        }
        if let tag = event.tag { throw error("a tag (\(tag.quoted)) can't be used here", event, path) }
    }

    private func error(_ reason: String, _ event: YAMLEvents.Event, _ path: YAMLPath) -> YAMLError {
        YAMLError(file: file, line: event.line, path: path.text, reason: reason)
    }
}
