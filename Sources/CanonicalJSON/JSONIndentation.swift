extension CanonicalJSON {
    /// Compact JSON laid out on lines: a container that holds others has a line for each member, indented by two spaces
    /// a level; one that holds none stands on one line.
    static func indented(_ compact: [UInt8]) -> [UInt8] {
        var layout = Layout(compact: compact)
        layout.run()
        return layout.text
    }

    private struct Layout {
        let compact: [UInt8]
        var text: [UInt8] = []
        private var depth = 0

        init(compact: [UInt8]) {
            self.compact = compact
            text.reserveCapacity(compact.count + compact.count / 4)
        }

        mutating func run() {
            var index = 0
            while index < compact.count {
                let byte = compact[index]
                switch byte {
                case UInt8(ascii: "\""):
                    let end = endOfString(from: index)
                    text += compact[index..<end]
                    index = end
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    if let end = appendFlatContainer(from: index) {
                        index = end
                        continue
                    }
                    text.append(byte)
                    depth += 1
                    appendNewline()
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    appendNewline()
                    text.append(byte)
                case UInt8(ascii: ","):
                    text.append(byte)
                    appendNewline()
                case UInt8(ascii: ":"):
                    text.append(byte)
                    text.append(0x20)
                default: text.append(byte)
                }
                index += 1
            }
            text.append(0x0a)
        }

        private mutating func appendNewline() {
            text.append(0x0a)
            for _ in 0..<2 * depth { text.append(0x20) }
        }

        /// Appends a container that holds no other, and gives its end; nil, with nothing appended, where it holds one.
        private mutating func appendFlatContainer(from start: Int) -> Int? {
            let before = text.count
            var copied = start
            var index = start + 1
            while index < compact.count {
                switch compact[index] {
                case UInt8(ascii: "\""): index = endOfString(from: index)
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    text.removeSubrange(before...)
                    return nil
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    text += compact[copied...index]
                    return index + 1
                case UInt8(ascii: ","), UInt8(ascii: ":"):
                    text += compact[copied...index]
                    text.append(0x20)
                    index += 1
                    copied = index
                default: index += 1
                }
            }
            return nil
        }

        private func endOfString(from start: Int) -> Int {
            var index = start + 1
            while compact[index] != UInt8(ascii: "\"") {
                index += compact[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            return index + 1
        }
    }
}
