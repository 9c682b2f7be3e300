#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Evidence
import SystemPackage

/// The terminal: the product goes to standard output, everything said about it to standard error.
struct Console: Sendable {
    let quiet: Bool
    private let colorOut: Bool
    private let colorError: Bool
    /// Whether there is a terminal on which a line can be drawn anew.
    let hasBar: Bool
    /// How wide the terminal is where it doesn't say so itself.
    private let usualColumns: Int

    /// - Parameter environment: NO_COLOR (https://no-color.org), TERM and COLUMNS count.
    init(quiet: Bool, noColor: Bool, environment: [String: String]) {
        self.quiet = quiet
        let wanted = !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        colorOut = wanted && isatty(STDOUT_FILENO) == 1
        colorError = wanted && isatty(STDERR_FILENO) == 1
        hasBar = !quiet && isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        usualColumns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
    }

    var style: TerminalStyle { TerminalStyle(color: colorOut) }

    /// Prints the product.
    ///
    /// - Throws: ``Failure`` where it can't be written.
    func write(_ text: String) throws(Failure) {
        try StandardOutput.write(text)
    }

    /// Says something about the run; not when quiet.
    func note(_ text: String) {
        guard !quiet else { return }
        Self.put(text.escapedKeepingLines + "\n", to: .standardError)
    }

    /// Says what must not be missed.
    func warn(_ text: String) {
        let mark = colorError ? "\u{1b}[1;33mwarning:\u{1b}[0m " : "warning: "
        Self.put(mark + text.escapedKeepingLines + "\n", to: .standardError)
    }

    /// For whoever looks for a mistake.
    func debug(_ text: String) {
        Self.put("debug: \(text.escapedForTerminal)\n", to: .standardError)
    }

    /// Whether there is somebody to ask.
    var canAsk: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    }

    /// Asks for a line.
    ///
    /// - Throws: ``Cause`` where there is none.
    func ask(_ prompt: String) throws -> String {
        Self.put(prompt.escapedForTerminal, to: .standardError)
        guard let line = readLine() else { throw Cause("standard input ended") }
        return line
    }

    /// Says how the program should have been called.
    static func sayUsage(_ text: String) {
        put(text, to: .standardError)
    }

    func fail(_ text: String) {
        let mark = colorError ? "\u{1b}[1;31merror:\u{1b}[0m " : "error: "
        Self.put(mark + text.escapedKeepingLines + "\n", to: .standardError)
    }

    /// How wide the terminal is at the moment: it may be resized.
    var columns: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usualColumns }
        return Int(size.ws_col)
    }

    /// Draws the line anew. It must be no wider than the terminal.
    func showBar(_ text: String) {
        // A terminal that was stopped (Ctrl-S) doesn't stop the scan.
        guard FileDescriptor.standardError.isReady() else { return }
        Self.put("\r\(text)\u{1b}[K", to: .standardError)
    }

    func clearProgress() {
        if hasBar, FileDescriptor.standardError.isReady() { Self.put("\r\u{1b}[K", to: .standardError) }
    }

    private static func put(_ text: String, to descriptor: FileDescriptor) {
        // Nobody is left to be told that it can't be said.
        try? descriptor.writeAll(Array(text.utf8)[...], patience: longestSilence)
    }

    /// Where standard error is made not to block, and nobody reads it, what is said waits for so long.
    private static let longestSilence = Duration.seconds(10)
}

extension String {
    /// ``escapedForTerminal``, for a text that has lines.
    var escapedKeepingLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).escapedForTerminal }
            .joined(separator: "\n")
    }
}
