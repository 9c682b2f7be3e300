import Yams

/// Makes the tree of a YAML file. The one place that knows Yams' nodes.
///
/// Anchors, aliases and tags are refused: no file of ours needs them, and a few lines of aliases can stand for
/// billions of values.
struct YAMLComposer: Sendable {
    let text: String
    let file: String
    let limits: YAMLLimits

    func compose() throws(YAMLError) -> YAMLNode {
        try onDeepStack { Result { () throws(YAMLError) in try composeHere() } }.get()
    }

    private func composeHere() throws(YAMLError) -> YAMLNode {
        if let disarmed = try DisarmedYAML(text, file: file) {
            let root = try parsed(disarmed.text).root
            try refuseAliases(root, disarmed.mark, at: .top)
        }
        let (root, parser) = try parsed(text)
        // The parser owns the anchors, and a node only knows its own as long as they live.
        return try withExtendedLifetime(parser) { () throws(YAMLError) in try node(root, at: .top, depth: 1) }
    }

    private func parsed(_ text: String) throws(YAMLError) -> (root: Node, parser: Parser) {
        let found: Node?
        let parser: Parser
        do {
            // Without rules and constructors, and with the encoding given, Yams guesses no types and reads no
            // environment variable.
            parser = try Parser(yaml: text, resolver: .basic, constructor: Constructor([:], [:], [:]), encoding: .utf8)
            found = try parser.singleRoot()
        } catch {
            throw YAMLError(error, in: self.text, file: file)
        }
        guard let found else { throw YAMLError(file: file, reason: "holds no value") }
        return (found, parser)
    }

    private func refuseAliases(_ node: Node, _ mark: Unicode.Scalar, at path: YAMLPath) throws(YAMLError) {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain, scalar.string.unicodeScalars.first == mark else { return }
            let name = String(String.UnicodeScalarView(scalar.string.unicodeScalars.dropFirst()))
            throw error(
                "an alias (\("*\(name)".quoted)) can't be used here; a text that begins with * has to be quoted",
                node, path)
        case .sequence(let sequence):
            for (index, element) in sequence.enumerated() {
                try refuseAliases(element, mark, at: .index(path, index))
            }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try refuseAliases(key, mark, at: path)
                try refuseAliases(value, mark, at: key.scalar.map { .key(path, $0.string) } ?? path)
            }
        case .alias: throw error("an alias can't be used here", node, path)
        }
    }

    // MARK: From Yams' nodes to ours

    private func node(_ node: Node, at path: YAMLPath, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth <= limits.depth else {
            throw YAMLError(nestedDeeperThan: limits.depth, file: file, line: node.mark?.line)
        }
        if let anchor = node.anchor {
            throw error("an anchor (\("&\(anchor.rawValue)".quoted)) can't be used here", node, path)
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(try content(scalar, at: path), line: scalar.mark?.line ?? 0)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, of: node, at: path)
            var elements: [YAMLNode] = []
            elements.reserveCapacity(sequence.count)
            for (index, element) in sequence.enumerated() {
                elements.append(try self.node(element, at: .index(path, index), depth: depth + 1))
            }
            return YAMLNode(.sequence(elements), line: sequence.mark?.line ?? 0)
        case .mapping(let mapping):
            try refuseTag(mapping.tag, of: node, at: path)
            return YAMLNode(.mapping(try entries(mapping, at: path, depth: depth)), line: mapping.mark?.line ?? 0)
        case .alias: throw error("an alias can't be used here", node, path)
        }
    }

    private func entries(_ mapping: Node.Mapping, at path: YAMLPath, depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            guard let scalar = key.scalar else { throw error("a list or a mapping can't be a key", key, path) }
            if let anchor = key.anchor {
                throw error("an anchor (\("&\(anchor.rawValue)".quoted)) can't be used here", key, path)
            }
            // Yams has looked at the key to find repeated ones, and then a plain one counts as text.
            if scalar.style != .plain || scalar.tag.rawValue != Yams.Tag.Name.str.rawValue {
                _ = try content(scalar, at: path)
            }
            let line = Int32(clamping: scalar.mark?.line ?? 0)
            let node = try node(value, at: .key(path, scalar.string), depth: depth + 1)
            entries.append(YAMLNode.Entry(key: scalar.string, line: line, value: node))
        }
        if let repeated = entries.firstRepeated {
            throw YAMLError(repeated: repeated.key, file: file, line: Int(repeated.line), path: path)
        }
        return entries
    }

    private func content(_ scalar: Node.Scalar, at path: YAMLPath) throws(YAMLError) -> YAMLNode.Content {
        let isPlain = scalar.style == .plain
        // What Yams says of a scalar without a tag.
        let untagged: Yams.Tag.Name = isPlain ? .implicit : .str
        if scalar.tag.rawValue != untagged.rawValue { try refuseTag(scalar.tag, of: .scalar(scalar), at: path) }
        return isPlain ? .plain(scalar.string) : .quoted(scalar.string)
    }

    private func refuseTag(_ tag: Yams.Tag, of node: Node, at path: YAMLPath) throws(YAMLError) {
        guard tag.rawValue != Yams.Tag.Name.implicit.rawValue else { return }
        throw error("a tag (\(tag.rawValue.quoted)) can't be used here", node, path)
    }

    private func error(_ reason: String, _ node: Node, _ path: YAMLPath) -> YAMLError {
        YAMLError(file: file, line: node.mark?.line, path: path.text, reason: reason)
    }
}
