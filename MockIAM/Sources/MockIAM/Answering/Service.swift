/// The AWS services that the emulator speaks for.
enum Service: String, Sendable {
    case iam
    case sts
    case organizations

    /// The XML namespace of the service's answers in the Query protocol.
    var namespace: String {
        switch self {
        case .sts: "https://sts.amazonaws.com/doc/2011-06-15/"
        case .iam, .organizations: "https://iam.amazonaws.com/doc/2010-05-08/"
        }
    }

    /// The version that the service's requests name.
    var version: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        case .organizations: "2016-11-28"
        }
    }
}
