import CLibYAML

/// A YAML text as the events that libyaml makes of it, one after the other. Nothing is resolved and nothing is guessed:
/// an alias is an event with a name.
///
/// This is the only file that touches libyaml's pointers. The events exist within ``read(_:file:_:)`` only.
@safe struct YAMLEvents: ~Copyable {
    struct Event {
        enum Kind {
            case alias(String)
            case scalar(String, isPlain: Bool)
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
            case documentStart, documentEnd
            /// Nothing comes after it.
            case end
        }

        var kind: Kind
        var anchor: String?
        /// As the text has it, or as a `%TAG` directive makes it.
        var tag: String?
        /// Counted from 1.
        var line: Int
    }

    /// Why a text isn't YAML, in libyaml's words.
    struct SyntaxError {
        var problem: String
        var line: Int
        var column: Int
        /// What was being read, such as `while parsing a flow sequence`, and on which line that began.
        var context: (text: String, line: Int)?
        /// A character that no YAML text may have.
        var character: Unicode.Scalar?
        /// Where that is, in bytes.
        var offset: Int
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: String
    private let file: String

    private init(_ bytes: UnsafeBufferPointer<UInt8>, of text: String, file: String) throws(YAMLError) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        unsafe self.parser = unsafe parser
        self.text = text
        self.file = file
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            throw YAMLError(file: file, reason: "can't be read: there is no memory left")
        }
        // Else a byte order mark would decide.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deinitialize(count: 1)
        unsafe parser.deallocate()
    }

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - file: what errors call it.
    ///   - body: gets the events, and need not read them all.
    static func read<Value>(
        _ text: String, file: String, _ body: (inout YAMLEvents) throws(YAMLError) -> Value
    ) throws(YAMLError) -> Value {
        try unsafe Array(text.utf8).withUnsafeBufferPointer { bytes throws(YAMLError) in
            var events = try unsafe YAMLEvents(bytes, of: text, file: file)
            return try body(&events)
        }
    }

    /// - Throws: ``YAMLError`` where the text isn't YAML.
    mutating func next() throws(YAMLError) -> Event {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else {
                throw unsafe YAMLError(SyntaxError(parser.pointee), in: text, file: file)
            }
            defer { unsafe yaml_event_delete(&event) }
            if let event = unsafe Event(event) { return event }
        }
    }
}

extension YAMLEvents.Event {
    /// Nil for one that says nothing: that the stream begins.
    fileprivate init?(_ event: yaml_event_t) {
        line = unsafe Int(event.start_mark.line) + 1
        switch unsafe event.type {
        case YAML_ALIAS_EVENT: kind = unsafe .alias(String(yaml: event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            kind = unsafe .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            anchor = unsafe String(yaml: scalar.anchor)
            tag = unsafe String(yaml: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = unsafe String(yaml: event.data.sequence_start.anchor)
            tag = unsafe String(yaml: event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = unsafe String(yaml: event.data.mapping_start.anchor)
            tag = unsafe String(yaml: event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_START_EVENT: return nil
        default: kind = .end
        }
    }
}

extension YAMLEvents.SyntaxError {
    fileprivate init(_ parser: yaml_parser_t) {
        // Without memory it says nothing.
        problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "there is no memory left"
        line = unsafe Int(parser.problem_mark.line) + 1
        column = unsafe Int(parser.problem_mark.column) + 1
        offset = unsafe Int(parser.problem_offset)
        if let text = unsafe parser.context {
            context = unsafe (String(cString: text), Int(parser.context_mark.line) + 1)
        }
        // Of what the reader refuses it tells the place in bytes alone; -1 stands for no character.
        if unsafe parser.error == YAML_READER_ERROR {
            character = unsafe UInt32(exactly: parser.problem_value).flatMap(Unicode.Scalar.init)
        }
    }
}

extension String {
    fileprivate init?(yaml text: UnsafeMutablePointer<yaml_char_t>?) {
        guard let text = unsafe text else { return nil }
        self = unsafe String(cString: text)
    }
}
