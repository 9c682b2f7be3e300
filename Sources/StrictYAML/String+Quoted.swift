import PlainText

extension String {
    /// In single quotes for a message: on one line, without control characters, and not longer than a message bears.
    var quoted: String {
        let limit = 60
        var text = "'"
        for scalar in unicodeScalars.prefix(limit) {
            if scalar.isVisible {
                text.unicodeScalars.append(scalar)
            } else {
                // Whoever writes YAML knows a line feed as \n.
                text += scalar.escaped(asASCII: true)
            }
        }
        return text + (unicodeScalars.count > limit ? "…'" : "'")
    }
}
