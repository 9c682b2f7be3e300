import AWSClient
import Evidence

/// What was found out about one user, and what could not be.
struct UserFindings: Sendable {
    var user: IAMUser
    var failures: [ReadFailure]
}

/// Reads one user: the keys, each key's last use, and whether there is a console password.
struct UserCollection: Sendable {
    let client: AWSClient
    let halt: CollectionHalt
    let user: ListUsers.User
    /// The exchange that listed the user.
    let exchange: Int?

    func collect() async -> UserFindings {
        var failures: [ReadFailure] = []
        let keys = await keys(&failures)
        // Of a user who is gone, "no login profile" would say that there was none; it says nothing.
        let console: ConsoleAccess =
            if case .undetermined(let failure) = keys, failure.code == "NoSuchEntity" {
                .undetermined(failure)
            } else {
                await consoleAccess(&failures)
            }
        let found = IAMUser(
            name: user.userName, id: user.userID, arn: user.arn, created: user.createDate,
            passwordLastUsed: user.passwordLastUsed, consoleAccess: console, keys: keys, exchange: exchange)
        return UserFindings(user: found, failures: failures)
    }

    private func keys(_ failures: inout [ReadFailure]) async -> KeyListing {
        var listed: [(metadata: ListAccessKeys.AccessKeyMetadata, exchange: Int?)] = []
        do throws(AWSError) {
            if let error = halt.error { throw error }
            for try await page in client.pages(ListAccessKeys(userName: user.userName)) {
                listed += page.output.accessKeys.map { ($0, page.receipt) }
            }
        } catch {
            halt.notice(error)
            let failure = ReadFailure(error, subject: user.userName)
            failures.append(failure)
            return .undetermined(failure)
        }
        if let stray = listed.first(where: { $0.metadata.userName != user.userName }) {
            let failure = ReadFailure(
                operation: ListAccessKeys.name, subject: user.userName, code: "unreadable-answer",
                message: "the answer is about user '\(stray.metadata.userName)'", exchange: stray.exchange)
            failures.append(failure)
            return .undetermined(failure)
        }
        var keys: [AccessKey] = []
        for (metadata, exchange) in listed {
            keys.append(await key(metadata, listedIn: exchange, &failures))
        }
        return .listed(keys)
    }

    private func key(
        _ metadata: ListAccessKeys.AccessKeyMetadata, listedIn exchange: Int?, _ failures: inout [ReadFailure]
    ) async -> AccessKey {
        let lastUse: LastUse
        var lastUseExchange: Int?
        do throws(AWSError) {
            if let error = halt.error { throw error }
            let answer = try await client.send(GetAccessKeyLastUsed(accessKeyID: metadata.accessKeyID))
            lastUse = LastUse(answer.output, of: metadata, exchange: answer.receipt)
            lastUseExchange = answer.receipt
        } catch {
            halt.notice(error)
            lastUse = .undetermined(ReadFailure(error, subject: metadata.accessKeyID))
            lastUseExchange = error.receipt
        }
        if case .undetermined(let failure) = lastUse { failures.append(failure) }
        let status = KeyStatus(metadata.status)
        if case .unknown(let name) = status {
            failures.append(
                ReadFailure(
                    operation: ListAccessKeys.name, subject: metadata.accessKeyID, code: "unknown-status",
                    message: "this version doesn't know the key status '\(name)'", exchange: exchange))
        }
        return AccessKey(
            id: metadata.accessKeyID, status: status, created: metadata.createDate, lastUse: lastUse,
            exchanges: [exchange, lastUseExchange].compactMap { $0 })
    }

    private func consoleAccess(_ failures: inout [ReadFailure]) async -> ConsoleAccess {
        do throws(AWSError) {
            if let error = halt.error { throw error }
            _ = try await client.send(GetLoginProfile(userName: user.userName))
            return .yes
        } catch {
            // This one error is AWS's way of saying that there is no password.
            if error.code == "NoSuchEntity" { return .no }
            halt.notice(error)
            let failure = ReadFailure(error, subject: user.userName)
            failures.append(failure)
            return .undetermined(failure)
        }
    }
}

extension LastUse {
    /// What AWS's answer says. Without a date it says "never" only by `N/A` for the service; anything else contradicts
    /// itself.
    init(
        _ answer: GetAccessKeyLastUsed.Output, of key: ListAccessKeys.AccessKeyMetadata, exchange: Int?
    ) {
        func unreadable(_ message: String) -> LastUse {
            .undetermined(
                ReadFailure(
                    operation: GetAccessKeyLastUsed.name, subject: key.accessKeyID, code: "unreadable-answer",
                    message: message, exchange: exchange))
        }
        if let owner = answer.userName, owner != key.userName {
            self = unreadable("the answer is about a key of user '\(owner)', not '\(key.userName)'")
        } else if let date = answer.lastUsedDate {
            self = .used(at: date, service: answer.serviceName, region: answer.region)
        } else if answer.serviceName == "N/A" {
            self = .never
        } else {
            self = unreadable("the answer names service '\(answer.serviceName)' but no LastUsedDate")
        }
    }
}

extension ReadFailure {
    init(_ error: AWSError, subject: String) {
        let (code, message) =
            switch error.reason {
            case .service(let code, let message, _): (code, message)
            case .transport(let error): ("no-answer", error.description)
            case .unreadable(let error, let status): ("unreadable-answer", "\(error) (HTTP \(status))")
            case .pagination(let problem): ("pagination", problem)
            case .credentials(let error): ("credentials", error.description)
            }
        self.init(
            operation: error.operation, subject: subject, code: code, message: message, exchange: error.receipt)
    }
}
