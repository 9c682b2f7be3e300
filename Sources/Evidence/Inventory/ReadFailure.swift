/// Something in scope that could not be read.
package struct ReadFailure: Sendable, Equatable {
    /// What isn't known for it.
    package var fact: FactKind
    /// The AWS operation.
    package var operation: String
    /// What it was asked about.
    package var subject: ReadSubject
    package var code: Code
    /// One sentence.
    package var message: String
    /// The exchange in `raw/exchanges.jsonl`, by `_seq`.
    package var exchange: Int?

    package init(
        fact: FactKind, operation: String, subject: ReadSubject, code: Code, message: String, exchange: Int?
    ) {
        self.fact = fact
        self.operation = operation
        self.subject = subject
        self.code = code
        self.message = message
        self.exchange = exchange
    }

    /// What failures have in common that are of one and the same answer, or of one and the same finding: an answer that
    /// didn't come may leave several facts unknown.
    fileprivate struct Call: Hashable {
        var operation: String
        var subject: ReadSubject
        var code: Code
        var message: String
        var exchange: Int?
    }

    fileprivate var call: Call {
        Call(operation: operation, subject: subject, code: code, message: message, exchange: exchange)
    }

    /// Among other failures.
    var place: (ReadSubject, String, String, String, Int, String) {
        (subject, operation, fact.rawValue, code.rawValue, exchange ?? 0, message)
    }

    /// Why something could not be read: AWS's error code as it came, or a word of our own in lower case.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String

        /// As a report has it.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// AWS's error code. What is said by a word of ours decides about control tests, so an answer whose code reads like
        /// one (AWS's own begin with a capital letter) is marked: `aws:duplicate`.
        package init(ofAWS code: String) {
            let readsLikeOurs = code.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "-") }
            rawValue = readsLikeOurs ? "aws:\(code)" : code
        }

        package var description: String { rawValue }

        /// An identifier, or a user name, stands for two things.
        package static let duplicate = Code(rawValue: "duplicate")
        /// A list had the same thing twice: it changed while it was read.
        package static let listedTwice = Code(rawValue: "listed-twice")
        /// What an answer says of whose it is contradicts the run.
        package static let mismatched = Code(rawValue: "mismatched")
        /// A user has another name now, and what was read may be about somebody else.
        package static let renamed = Code(rawValue: "renamed")
        /// What a second look was to show it could not.
        package static let unconfirmed = Code(rawValue: "unconfirmed")
        /// Two sources disagree, and nothing explains it.
        package static let unexplained = Code(rawValue: "unexplained")
        /// It is of another time than it can be of.
        package static let untimely = Code(rawValue: "untimely")
        /// A key has a status that this version doesn't know.
        package static let unknownStatus = Code(rawValue: "unknown-status")
        /// Nothing listens where AWS should be, or nothing has answered for so long that no more was asked.
        package static let unreachable = Code(rawValue: "unreachable")
        /// No complete answer arrived.
        package static let noAnswer = Code(rawValue: "no-answer")
        /// The answer isn't what such an answer must be.
        package static let unreadableAnswer = Code(rawValue: "unreadable-answer")
        /// The pages of a list don't hang together.
        package static let pagination = Code(rawValue: "pagination")
        /// The credentials have expired, and no fresh ones could be had.
        package static let credentials = Code(rawValue: "credentials")
        /// The run was interrupted before this was read.
        package static let interrupted = Code(rawValue: "interrupted")
        /// A report doesn't say why.
        package static let undetermined = Code(rawValue: "undetermined")
    }
}

extension [ReadFailure] {
    /// One for each call, for people: what failed is said once, however many facts aren't known for it.
    package var oncePerCall: [ReadFailure] {
        var seen: Set<ReadFailure.Call> = []
        return filter { seen.insert($0.call).inserted }
    }
}
