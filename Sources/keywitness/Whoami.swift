import AWSClient
import ArgumentParser
import Evidence
import FoundationEssentials

/// `keywitness whoami`
struct Whoami: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Say which credentials are used, where they come from, and whose they are.",
        discussion: """
            Resolves credentials as AWS CLI v2 does, and asks STS whose they are. Secrets are never shown.

            Examples:
              keywitness whoami --profile audit
              keywitness whoami --role-arn arn:aws:iam::111122223333:role/audit \\
                --external-id 4711
              keywitness whoami --offline --format json | jq -r .credential_origin
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup(title: "AWS options") var aws: AWSOptions

    @Flag(help: "Don't ask STS whose they are. Roles and SSO are asked for credentials all the same.")
    var offline = false

    @Option(help: "How to say it.")
    var format = Format.text

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(quiet: false, noColor: noColor, environment: environment)
        let answer = try await AWSSession.with(aws, connections: 1, environment: environment, console: console) {
            session, provider in
            let identity = offline ? nil : try await session.client(provider).send(GetCallerIdentity()).output
            return Answer(session, provider.current, identity)
        }
        switch format {
        case .text: try console.write(answer.text(now: Date()))
        case .json: try console.write(answer.json())
        }
    }

    /// What is said.
    private struct Answer: Encodable {
        var access_key_id: String
        var account: String?
        var arn: String?
        var credential_method: String
        var credential_origin: String
        var endpoints: [String: Place]
        var expiration: String?
        var partition: String
        var profile: String?
        var region: String
        var user_id: String?

        struct Place: Encodable {
            var signing_region: String
            var url: String
        }

        private let end: Date?

        private enum CodingKeys: CodingKey {
            case access_key_id, account, arn, credential_method, credential_origin, endpoints, expiration, partition,
                profile, region, user_id
        }

        init(_ session: AWSSession, _ credentials: Credentials, _ identity: GetCallerIdentity.Output?) {
            access_key_id = credentials.accessKeyID
            account = identity?.account
            arn = identity?.arn
            credential_method = credentials.method.rawValue
            credential_origin = credentials.origin
            endpoints = Dictionary(
                uniqueKeysWithValues: AWSService.allCases.map { service in
                    let endpoint = session.endpoints[service]
                    return (
                        service.rawValue,
                        Place(signing_region: endpoint.scope.region, url: endpoint.url.description)
                    )
                })
            end = credentials.expiration
            expiration = end?.awsTimestamp
            partition = session.endpoints.partition
            profile = session.profile
            region = session.region
            user_id = identity?.userID
        }

        func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }

        func text(now: Date) -> String {
            var rows: [(String, String)] = []
            if let account, let arn, let user_id {
                rows += [("Account", account), ("ARN", arn), ("User id", user_id)]
            }
            rows += [
                ("Access key id", access_key_id), ("Method", credential_method), ("From", credential_origin),
                ("Expires", expires(now)), ("Region", "\(region) (partition \(partition))"),
            ]
            for service in ["iam", "sts"] {
                guard let place = endpoints[service] else { continue }
                rows.append((service.uppercased(), "\(place.url) (signed for \(place.signing_region))"))
            }
            return rows.map { name, value in
                name + String(repeating: " ", count: 15 - name.count) + value.escapedForTerminal + "\n"
            }.joined()
        }

        private func expires(_ now: Date) -> String {
            guard let end, let expiration else { return "never, as far as is known" }
            let minutes = Int(end.timeIntervalSince(now) / 60)
            return minutes < 0
                ? "\(expiration), which is past"
                : "\(expiration), in \(minutes >= 60 ? "\(minutes / 60) h " : "")\(minutes % 60) min"
        }
    }
}
