import AWSClient
import FoundationEssentials

/// What the options, the environment and AWS's shared files say together.
struct Settings {
    let credentials: Credentials
    let region: String
    let endpoints: Endpoints
    /// The profile that was named by option or environment; nil for the default one.
    let profile: String?

    /// - Throws: ``CredentialError``, ``Failure``.
    init(_ options: AWSOptions, environment: [String: String]) async throws {
        let configuration = try SharedConfiguration(
            profile: options.profile, environment: environment, home: environment["HOME"], read: Self.contents)
        let region = options.region ?? configuration.region ?? "us-east-1"
        guard region.isRegionName else {
            throw Failure("the configured region '\(region)' isn't the name of a region. Name one with --region.")
        }
        func url(_ service: AWSService) throws -> EndpointURL? {
            guard let text = options.endpointURL ?? configuration.endpointURL(service: service.rawValue) else {
                return nil
            }
            guard let url = EndpointURL(text) else {
                throw Failure("the configured endpoint URL '\(text)' isn't an http:// or https:// URL.")
            }
            return url
        }
        endpoints = Endpoints(region: region, iamURL: try url(.iam), stsURL: try url(.sts))
        self.region = region
        profile = configuration.profileIsNamed ? configuration.profile : nil
        let chain = CredentialChain.standard(configuration, environment: environment)
        guard let credentials = try await chain.credentials() else {
            throw CredentialError.notFound(tried: chain.sources.map(\.name))
        }
        self.credentials = credentials
    }

    private static func contents(_ path: String) throws -> [UInt8]? {
        do {
            switch try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
            // /dev/null is how people say "no such file" with AWS_CONFIG_FILE.
            case .typeCharacterSpecial?: return nil
            case .typeDirectory?, .typeSocket?, .typeBlockSpecial?: throw Failure("it isn't a file")
            default: break
            }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw Failure("no permission to read it")
        }
    }
}

extension Failure: CustomStringConvertible {
    var description: String { text }
}
