/// One thing that was looked at, and what came of it.
package struct VerificationCheck: Sendable, Equatable {
    package enum Result: Sendable, Equatable {
        /// What was found to be as it should.
        case passed(String)
        /// What is neither right nor wrong, but to be known: that a bundle isn't signed, say.
        case noted(String)
        /// What isn't as it should, one sentence each.
        case failed([String])
        /// Why it could not be looked at.
        case notDone(String)
    }

    package var name: String
    package var result: Result
    /// What is to be known besides, and isn't wrong; one sentence each.
    package var notes: [String] = []

    /// Whether it leaves nothing to be desired.
    package var isSound: Bool {
        switch result {
        case .passed, .noted: true
        case .failed, .notDone: false
        }
    }

    init(_ name: String, _ result: Result) {
        self.name = name
        self.result = result
    }

    init(_ name: String, flaws: [String], notes: [String] = [], else passed: @autoclosure () -> String) {
        self.init(name, flaws.isEmpty ? .passed(passed()) : .failed(flaws))
        self.notes = notes
    }
}
