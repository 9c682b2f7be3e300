extension Unicode.Scalar {
    /// Whether it is seen as what it is, wherever it is printed.
    ///
    /// The others move a terminal's cursor, end a line, turn the direction of what follows so that a name reads as another, or
    /// look like nothing or like something else from font to font.
    package var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // Some letters and marks are made to look like nothing, such as U+3164.
        default: !properties.isDefaultIgnorableCodePoint
        }
    }
}

extension String {
    /// The text with what isn't seen as what it is written out: `\u{202e}`.
    package var withInvisibleEscaped: String {
        // Nearly all text.
        if utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isVisible {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text
    }
}
