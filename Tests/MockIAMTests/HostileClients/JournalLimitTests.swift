@testable import MockIAM
import Recording
import Testing

@Suite("A journal that hostile clients write")
struct JournalLimitTests {
    private func entry(
        _ number: Int, action: String = "ListUsers", value: String = ""
    ) -> MockIAM.Journal.Entry {
        let parameters = [FormParameter(name: "a", value: value)]
        return MockIAM.Journal.Entry(
            number: number, request: RequestKey(action: action, parameters: parameters), status: 200, outcome: .answered
        )
    }

    @Test("It forgets the older half of its entries when there are many")
    func many() {
        let journal = MockIAM.Journal()
        let capacity = MockIAM.Journal.capacity
        for number in 1...capacity + 1 { journal.record(entry(number)) }
        #expect(journal.entries.map(\.number) == Array(capacity / 2 + 1...capacity + 1))
        #expect(journal.served == capacity + 1)
        #expect(journal.counts == ["ListUsers": capacity + 1])
    }

    @Test("It forgets the older half when they are large, and never more than it must")
    func large() throws {
        let journal = MockIAM.Journal()
        let value = String(repeating: "a", count: HTTPRequest.bodyLimit)
        let count = MockIAM.Journal.sizeLimit / value.utf8.count
        for number in 1...10 * count {
            journal.record(entry(number, value: value))
            #expect(journal.entries.last?.number == number)
        }
        #expect(journal.entries.reduce(0) { $0 + $1.size } <= MockIAM.Journal.sizeLimit)
        #expect(journal.entries.count > count / 3)
        #expect(journal.counts == ["ListUsers": 10 * count])
        journal.clear()
        for number in 1...100 { journal.record(entry(number)) }
        #expect(journal.entries.count == 100)
    }

    @Test(
        "It counts no more kinds of nonsense than there are AWS operations, but those that it knows it goes on counting"
    )
    func actions() {
        let journal = MockIAM.Journal()
        journal.record(entry(1))
        for number in 2...20_000 { journal.record(entry(number, action: "Nonsense\(number)")) }
        journal.record(entry(20_001))
        #expect(journal.counts.count == MockIAM.Journal.actionLimit)
        #expect(journal.counts["ListUsers"] == 2)
        journal.clear()
        journal.record(entry(1, action: String(repeating: "a", count: 100_000)))
        #expect(journal.counts.keys.map(\.count) == [200])
    }
}
