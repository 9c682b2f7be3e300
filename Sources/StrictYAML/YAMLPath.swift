/// The way from the top of a file to a value. It becomes text only when an error needs it.
indirect enum YAMLPath: Sendable {
    case top
    case key(YAMLPath, String)
    case index(YAMLPath, Int)

    /// `users[3].keys[0].created`
    var text: String {
        switch self {
        case .top: ""
        case .index(let parent, let index): "\(parent.text)[\(index)]"
        case .key(let parent, let key) where !key.isPlainWord: "\(parent.text)[\(key.quoted)]"
        case .key(.top, let key): key
        case .key(let parent, let key): "\(parent.text).\(key)"
        }
    }
}

extension String {
    fileprivate var isPlainWord: Bool {
        !isEmpty && utf8.count <= 60
            && unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0))
            }
    }
}
