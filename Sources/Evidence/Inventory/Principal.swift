/// Who may do things in an account: an IAM user, or the root user.
package struct Principal: Sendable, Equatable {
    package var name: String
    package var arn: String

    package static func rootUser(of account: AccountIdentity) -> Principal {
        Principal(name: RootUser.name, arn: account.rootARN)
    }
}

extension IAMUser {
    package var principal: Principal { Principal(name: name, arn: arn) }
}
