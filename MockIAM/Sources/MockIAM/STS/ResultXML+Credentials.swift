extension ResultXML {
    mutating func credentials(_ credentials: TemporaryCredentials) {
        structure("Credentials") { result in
            result.field("AccessKeyId", credentials.accessKeyID)
            result.field("SecretAccessKey", credentials.secretAccessKey)
            result.field("SessionToken", credentials.sessionToken)
            result.field("Expiration", credentials.expiration)
        }
    }

    mutating func assumedRoleUser(_ credentials: TemporaryCredentials) {
        structure("AssumedRoleUser") { result in
            result.field("AssumedRoleId", credentials.identity.userID)
            result.field("Arn", credentials.identity.arn)
        }
    }
}
