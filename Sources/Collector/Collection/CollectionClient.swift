import AWSClient

/// A client that stops asking when that has become useless, and takes no answer about somebody else.
struct CollectionClient: Sendable {
    let client: AWSClient
    let halt: CollectionHalt

    func send<Op: Operation>(_ operation: Op) async throws(AWSError) -> Answer<Op.Output> {
        if let error = halt.stop(operation.operationName) { throw error }
        do {
            return try await client.send(operation)
        } catch {
            throw halt.settle(error)
        }
    }

    /// A user's console password.
    ///
    /// - Throws: ``AWSError``, also for another user's.
    func loginProfile(of user: String) async throws(AWSError) -> Answer<GetLoginProfile.Output> {
        let operation = GetLoginProfile(userName: user)
        let answer = try await send(operation)
        guard answer.output.userName == user else {
            throw client.refused(operation, .aboutAnotherUser(answer.output.userName), answer.receipt)
        }
        return answer
    }

    /// All items of a list, each with the receipt of its page.
    func all<Op: UserListOperation>(_ operation: Op) async throws(AWSError) -> [(item: Op.Item, receipt: Receipt?)] {
        try await list(operation).items
    }

    /// All items of a list, each with the receipt of its page, and the receipt of the first page, which an empty list has
    /// as well.
    ///
    /// - Throws: ``AWSError``, also for a list that has something of another user.
    func list<Op: UserListOperation>(
        _ operation: Op
    ) async throws(AWSError) -> (items: [(item: Op.Item, receipt: Receipt?)], first: Receipt?) {
        if let error = halt.stop(operation.operationName) { throw error }
        var items: [(item: Op.Item, receipt: Receipt?)] = []
        var first: Receipt?
        do throws(AWSError) {
            for try await page in client.pages(operation) {
                first = first ?? page.receipt
                let owners = page.output.items.lazy.compactMap(Op.owner)
                if let other = owners.first(where: { $0 != operation.userName }) {
                    throw client.refused(operation, .aboutAnotherUser(other), page.receipt)
                }
                items += page.output.items.map { ($0, page.receipt) }
            }
        } catch {
            throw halt.settle(error)
        }
        return (items, first)
    }
}
