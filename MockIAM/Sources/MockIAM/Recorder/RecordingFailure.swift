extension MockIAM {
    /// Why nothing can be recorded, and what to do about it.
    package struct RecordingFailure: Error, CustomStringConvertible, Equatable {
        package var description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
