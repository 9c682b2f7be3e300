import ArgumentParser
import StrictYAML

/// Files that are named on the command line.
enum CommandLineFile {
    /// A mistake in one of them is wrong usage: nothing was done yet, and doing the same again won't help.
    static func reading<Value>(_ read: () throws -> Value) throws -> Value {
        do { return try read() } catch let error as YAMLError {
            throw ValidationError(error.description)
        }
    }
}
