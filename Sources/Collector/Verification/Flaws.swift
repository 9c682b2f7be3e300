/// What is wrong with something, as long as that is a list that anybody would read: a file of somebody else's may have
/// millions of mistakes.
struct Flaws {
    private static let most = 100
    private var first: [String] = []
    private var further = 0

    var isEmpty: Bool { first.isEmpty }

    /// Those that are kept, and how many there were besides.
    var listed: [String] { further == 0 ? first : first + ["and \(further) more"] }

    /// - Parameter once: whether it isn't to be said again.
    mutating func note(_ flaw: @autoclosure () -> String, once: Bool = false) {
        guard first.count < Self.most else {
            further += 1
            return
        }
        let flaw = flaw()
        if !once || !first.contains(flaw) { first.append(flaw) }
    }

    /// Another list, of a file.
    mutating func add(_ others: Flaws, of path: String) {
        for flaw in others.first { note("\(path): \(flaw)") }
        further += others.further
    }
}
