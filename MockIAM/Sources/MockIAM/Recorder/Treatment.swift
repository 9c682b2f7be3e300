/// What becomes of a value when a recording is anonymised, by the name of its field.
///
/// What is on the list and looks as it should is kept or gets its pseudonym; everything else is taken out. So a field
/// that AWS invents tomorrow tells nothing.
enum Treatment {
    /// Letters, digits, `.`, `_`, `:` and `-`: a constant of AWS's.
    case constant
    case number
    case date
    case account
    case arn
    /// An ARN, or `*`.
    case resource
    case name(PseudonymKind)
    case path
    /// `AIDA…`, `AROA…:session`, an account.
    case principalID
    /// An ARN or the number of a hardware device.
    case serialNumber
    case tagKey
    /// `alice-at-111122223333`
    case serviceUserName
    /// `o-…/r-…/111122223333/`
    case organizationPath
    /// An account, or an id of Organizations'.
    case organizationID
    case text
    case credentialReport
    /// One that says nothing takes its place: conditions, buckets and principals would be hard to tell apart.
    case policyDocument
    case takenOut
}

extension Treatment {
    /// - Parameter path: the names from the outermost element to the value's own.
    static func ofField(_ path: [String]) -> Treatment {
        guard let name = path.last else { return .takenOut }
        if name == "member" { return ofMember(of: path.dropLast().last ?? "") }
        return fields[name] ?? .takenOut
    }

    /// A parameter of a request, such as `Filter.member.1`.
    static func ofParameter(_ name: String) -> Treatment {
        let parts = name.split(separator: ".").filter { UInt($0) == nil }.map(String.init)
        return ofField(parts)
    }

    private static func ofMember(of list: String) -> Treatment {
        switch list {
        case "AccountAliases": .name(.accountAlias)
        case "ActionNames": .constant
        case "ResourceArns": .resource
        case "Filter": .constant
        case "GroupList", "GroupNames": .name(.group)
        case "PolicyNames": .name(.policy)
        default: .takenOut
        }
    }

    /// The fields of the operations whose bodies a ``Scrubber`` keeps, by the service models of IAM 2010-05-08, STS
    /// 2011-06-15 and Organizations 2016-11-28.
    private static let fields: [String: Treatment] = [
        // Of the protocol.
        "Action": .constant, "Version": .constant, "RequestId": .name(.requestID), "RequestID": .name(.requestID),
        "Type": .constant, "Code": .constant, "__type": .constant, "Message": .text, "message": .text,
        "Marker": .name(.marker), "NextToken": .name(.marker), "MaxItems": .number, "MaxResults": .number,
        "IsTruncated": .constant, "key": .constant, "value": .number,
        // Users, groups, roles and what belongs to them.
        "UserName": .name(.user), "UserId": .principalID, "Arn": .arn, "Path": .path, "PathPrefix": .path,
        "GroupName": .name(.group), "GroupId": .name(.uniqueID), "RoleName": .name(.role), "RoleId": .name(.uniqueID),
        "InstanceProfileName": .name(.instanceProfile), "InstanceProfileId": .name(.uniqueID),
        "PolicyName": .name(.policy), "PolicyId": .name(.uniqueID), "PolicyArn": .arn, "PermissionsBoundaryArn": .arn,
        "PermissionsBoundaryType": .constant, "PolicyDocument": .policyDocument, "Document": .policyDocument,
        "AssumeRolePolicyDocument": .policyDocument, "Description": .text, "DefaultVersionId": .constant,
        "VersionId": .constant, "AttachmentCount": .number, "PermissionsBoundaryUsageCount": .number,
        "IsAttachable": .constant, "IsDefaultVersion": .constant, "MaxSessionDuration": .number,
        "CreateDate": .date, "UpdateDate": .date, "PasswordLastUsed": .date, "Key": .tagKey, "Value": .name(.tagValue),
        // Credentials.
        "AccessKeyId": .name(.uniqueID), "Status": .constant, "LastUsedDate": .date, "ServiceName": .constant,
        "Region": .constant, "PasswordResetRequired": .constant, "SerialNumber": .serialNumber, "EnableDate": .date,
        "CertificateId": .name(.uniqueID), "UploadDate": .date, "SSHPublicKeyId": .name(.uniqueID),
        "ServiceSpecificCredentialId": .name(.uniqueID), "ServiceUserName": .serviceUserName,
        "ServiceCredentialAlias": .name(.credential), "ExpirationDate": .date, "AllUsers": .constant,
        // The credential report.
        "State": .constant, "Content": .credentialReport, "ReportFormat": .constant, "GeneratedTime": .date,
        // Simulated policies.
        "PolicySourceArn": .arn, "EvalActionName": .constant, "EvalResourceName": .resource, "EvalDecision": .constant,
        // The account and its organization.
        "Account": .account, "Id": .organizationID, "Email": .name(.email), "Name": .name(.accountName),
        "JoinedMethod": .constant, "JoinedTimestamp": .number, "Paths": .organizationPath, "FeatureSet": .constant,
        "MasterAccountArn": .arn, "MasterAccountEmail": .name(.email), "MasterAccountId": .account,
    ]
}
