import AWSClient
import Evidence
import FoundationEssentials

/// A user whose keys are to be read.
struct ListedUser: Sendable {
    var name: String
    /// Nil where only the credential report names the user.
    var id: String?
    var arn: String
    var created: Date
    var passwordLastUsed: Date?
    var listed: Provenance

    init(_ user: ListUsers.User, listed: Provenance) {
        name = user.userName
        id = user.userID
        arn = user.arn
        created = user.createDate
        passwordLastUsed = user.passwordLastUsed
        self.listed = listed
    }

    /// To read a user once more.
    init(_ user: IAMUser) {
        name = user.name
        id = user.id
        arn = user.arn
        created = user.created
        passwordLastUsed = user.passwordLastUsed
        listed = user.listed
    }

    init(_ row: CredentialReport.Row, listed: Provenance) {
        name = row.user
        arn = row.arn
        created = row.created
        passwordLastUsed = row.passwordLastUsed
        self.listed = listed
    }
}
