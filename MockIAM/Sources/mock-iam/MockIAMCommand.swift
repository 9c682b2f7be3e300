import ArgumentParser
import MockIAM

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@main
struct MockIAMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock-iam",
        abstract: "Emulates AWS IAM and STS, offline and the same way every time.",
        discussion: """
            EXAMPLES
              mock-iam serve --fixtures MockIAM/Fixtures/demo-account --port 8080
              AWS_ENDPOINT_URL=http://127.0.0.1:8080 aws iam list-users
            """,
        version: MockIAM.version,
        subcommands: [Serve.self, Record.self, Convert.self, Show.self]
    )

    static func main() async {
        // A reader that goes away (`| head`) ends nothing.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}
