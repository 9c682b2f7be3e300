import StrictYAML

/// Files that are named on the command line.
enum CommandLineFile {
    /// A mistake in one of them is wrong usage: nothing was done yet, and doing the same again won't help. How the command
    /// is used has nothing to do with it, and isn't shown.
    static func reading<Value>(_ read: () throws -> Value) throws -> Value {
        do { return try read() } catch let error as YAMLError { throw MistakeInFile(error.description) }
    }
}

/// What is wrong in a file, as text.
struct MistakeInFile: Error {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}
