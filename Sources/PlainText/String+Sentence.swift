extension String {
    /// Without the stop and the spaces at the end, for a sentence that goes on.
    package var withoutStop: String {
        var text = self[...]
        while text.last == "." || text.last == " " { text.removeLast() }
        return String(text)
    }
}
