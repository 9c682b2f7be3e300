/// The words that generated accounts are made of. To add a word here is to change every seed's account.
enum Vocabulary {
    static let people = ["dev", "ops", "data", "qa", "admin", "analyst", "support", "finance"]

    static let programs = [
        "ci-deploy", "ci-build", "svc-billing", "svc-orders", "svc-reports", "svc-search", "backup", "monitoring",
        "etl-nightly", "terraform", "vendor-probe", "mailer",
    ]

    static let paths = ["/ci/", "/team/backend/", "/team/data/", "/services/", "/vendors/"]
    static let owners = ["platform", "payments", "data", "security", "web", "mobile", "finance", "support"]
    static let teams = ["blue", "green", "core", "edge", "growth"]

    static let services = [
        "ec2", "dynamodb", "lambda", "sqs", "sns", "kms", "ecr", "logs", "monitoring", "secretsmanager",
        "cloudformation", "ssm",
    ]
    static let regions = ["us-east-1", "us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"]

    /// Legal, but not what a client's author thinks of.
    static let oddPaths = ["/a//b/", "/./", "/../", "/%2F/", "/~ops!/", "/Team/Backend/", "//", "/0/"]
}
