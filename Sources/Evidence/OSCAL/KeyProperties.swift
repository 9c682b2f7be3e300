/// The properties of keys, of which a large account has very many.
extension OSCAL.Property.Kind {
    static let accessKeyID = OSCAL.Property.Kind("access-key-id")
    static let accessKeySlot = OSCAL.Property.Kind("access-key-slot")
    static let iamUser = OSCAL.Property.Kind("iam-user")
    static let iamUserARN = OSCAL.Property.Kind("iam-user-arn")
    static let status = OSCAL.Property.Kind("status")
    static let created = OSCAL.Property.Kind("created")
    static let classification = OSCAL.Property.Kind("classification")
    static let classificationRule = OSCAL.Property.Kind("classification-rule")
    static let keyAgeDays = OSCAL.Property.Kind("key-age-days")
    static let keyIdleDays = OSCAL.Property.Kind("key-idle-days")
    static let lastUseSource = OSCAL.Property.Kind("last-use-source")
    static let lastUseAsOf = OSCAL.Property.Kind("last-use-as-of")
    static let testConclusion = OSCAL.Property.Kind("test-conclusion")
    static let policyOverride = OSCAL.Property.Kind("policy-override")
    static let failedTests = OSCAL.Property.Kind("failed-tests")
}
