package import AWSClient
package import Evidence
import FoundationEssentials

/// Reads an account: every user, each user's keys and console password, each key's last use.
///
/// Nothing that goes wrong on the way ends it: what could not be read is in the snapshot as a ``ReadFailure``.
package struct AccountCollection: Sendable {
    private let client: AWSClient
    /// How many users are looked at at the same time.
    private let concurrency: Int
    private let progress: @Sendable (CollectionProgress) -> Void

    package init(
        client: AWSClient, concurrency: Int, progress: @escaping @Sendable (CollectionProgress) -> Void = { _ in }
    ) {
        self.client = client
        self.concurrency = max(1, concurrency)
        self.progress = progress
    }

    /// What was found, before it is put in order.
    package struct Findings: Sendable {
        package var users: [IAMUser] = []
        package var userListing = Listing.complete(pages: 0)
        package var failures: [ReadFailure] = []
    }

    package func collect() async -> Findings {
        var findings = Findings()
        let listed = await listUsers(&findings)
        let halt = CollectionHalt()
        var done = CollectionProgress(usersDone: 0, usersTotal: listed.count, keys: 0)
        progress(done)
        await withTaskGroup(of: UserFindings.self) { group in
            var waiting = listed.makeIterator()
            func startNext() {
                guard let next = waiting.next() else { return }
                group.addTask {
                    await UserCollection(client: client, halt: halt, user: next.user, exchange: next.exchange).collect()
                }
            }
            for _ in 0..<concurrency { startNext() }
            for await found in group {
                findings.users.append(found.user)
                findings.failures += found.failures
                done.usersDone += 1
                done.keys += found.user.keys.known.count
                progress(done)
                startNext()
            }
        }
        return findings
    }

    private struct ListedUser {
        var user: ListUsers.User
        var exchange: Int?
    }

    private func listUsers(_ findings: inout Findings) async -> [ListedUser] {
        var listed: [ListedUser] = []
        var names: Set<String> = []
        var pages = 0
        do throws(AWSError) {
            for try await page in client.pages(ListUsers()) {
                pages += 1
                for user in page.output.users {
                    if names.insert(user.userName).inserted {
                        listed.append(ListedUser(user: user, exchange: page.receipt))
                    } else {
                        findings.failures.append(
                            ReadFailure(
                                operation: ListUsers.name, subject: user.userName, code: "duplicate",
                                message: "the user was listed twice; the list changed while it was read",
                                exchange: page.receipt))
                    }
                }
            }
            findings.userListing = .complete(pages: pages)
        } catch {
            findings.userListing = .incomplete(pages: pages)
            findings.failures.append(ReadFailure(error, subject: "account"))
        }
        return listed
    }
}

/// How far a collection has come.
package struct CollectionProgress: Sendable, Equatable {
    package var usersDone: Int
    package var usersTotal: Int
    package var keys: Int
}
