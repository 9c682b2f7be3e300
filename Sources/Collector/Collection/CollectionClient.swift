import AWSClient

/// A client that stops asking when that has become useless, and takes no answer about somebody else.
struct CollectionClient: Sendable {
    private let client: AWSClient
    let halt: CollectionHalt

    init(client: AWSClient, halt: CollectionHalt) {
        self.client = client
        self.halt = halt
    }

    func send<Op: Operation>(_ operation: Op) async throws(AWSError) -> Answer<Op.Output> {
        if let error = halt.stop(operation.operationName) { throw error }
        do {
            let answer = try await client.send(operation)
            halt.noteAnswer()
            return answer
        } catch {
            throw halt.settle(error)
        }
    }

    func pages<Op: PagedOperation>(_ operation: Op) -> CollectionPages<Op> {
        CollectionPages(pages: client.pages(operation).makeAsyncIterator(), halt: halt)
    }

    /// A user's console password.
    ///
    /// - Throws: ``AWSError``, also for another user's.
    func loginProfile(of user: String) async throws(AWSError) -> Answer<GetLoginProfile.Output> {
        let operation = GetLoginProfile(userName: user)
        let answer = try await send(operation)
        guard answer.output.userName == user else {
            throw client.error(
                .aboutAnotherUser(answer.output.userName, asked: user), inAnswerTo: operation, answer.receipt)
        }
        return answer
    }

    /// The whole of a list.
    ///
    /// - Throws: ``AWSError``, also for a list that has something of another user.
    func list<Op: UserListOperation>(_ operation: Op) async throws(AWSError) -> WholeList<Op.Item> {
        if let error = halt.stop(operation.operationName) { throw error }
        var list = WholeList<Op.Item>()
        for try await page in pages(operation) {
            if let receipt = page.receipt { list.pages.append(receipt) }
            let owners = page.output.items.lazy.compactMap(Op.owner)
            if let other = owners.first(where: { $0 != operation.userName }) {
                throw client.error(
                    .aboutAnotherUser(other, asked: operation.userName), inAnswerTo: operation, page.receipt)
            }
            list.items += page.output.items.map { ($0, page.receipt) }
        }
        return list
    }
}

/// All pages of a list, one at a time. The halt takes notice of what fails.
struct CollectionPages<Op: PagedOperation>: AsyncSequence, AsyncIteratorProtocol, Sendable {
    fileprivate var pages: Pages<Op>.Iterator
    fileprivate let halt: CollectionHalt

    func makeAsyncIterator() -> Self { self }

    mutating func next() async throws -> Answer<Op.Output>? {
        try await next(isolation: #isolation)
    }

    mutating func next(isolation actor: isolated (any Actor)?) async throws(AWSError) -> Answer<Op.Output>? {
        do throws(AWSError) {
            let page = try await pages.next(isolation: actor)
            if page != nil { halt.noteAnswer() }
            return page
        } catch {
            throw halt.settle(error)
        }
    }
}

/// All pages of a list of what a user has.
struct WholeList<Item: Sendable>: Sendable {
    /// Each with the receipt of its page.
    var items: [(item: Item, receipt: Receipt?)] = []
    /// Of each page, in order: an empty list has one, too.
    var pages: [Receipt] = []

    var exchanges: [Int] { pages.map(\.number) }
}
