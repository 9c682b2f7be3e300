import SystemPackage

/// Where the product goes: unlike what is said about a run, it must get there.
enum StandardOutput {
    /// - Throws: ``Failure`` where it can't be written. A reader that went away (`| head`) is no reason to fail.
    static func write(_ text: String) throws(Failure) {
        try write(Array(text.utf8)[...])
    }

    /// As ``write(_:)``, what stands in a file.
    ///
    /// - Throws: ``Failure``, also where the file can't be read.
    static func write(contentsOf path: String) throws(Failure) {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            try file.closeAfter {
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                    guard count > 0 else { return }
                    try write(buffer[..<count])
                }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("can't read \(path): \(error).")
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        do {
            try FileDescriptor.standardOutput.writeAll(bytes)
        } catch Errno.brokenPipe {
            return
        } catch {
            throw Failure("can't write to standard output: \(error).")
        }
    }
}
