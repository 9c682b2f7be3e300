extension String {
    /// In single quotes for a message: on one line, without control characters, and not longer than a message bears.
    var quoted: String {
        let limit = 60
        var text = "'"
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + (unicodeScalars.count > limit ? "…'" : "'")
    }
}
