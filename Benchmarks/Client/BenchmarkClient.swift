import AWSClient
import ArgumentParser
import AsyncHTTPClient
import EventLoopTasks
import Evidence
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemPackage

/// What `make bench` measures keywitness against: HTTP clients that send the same requests and look at nothing, the
/// decoder alone, and a scan that says what its parts took.
@main
struct BenchmarkClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-client", abstract: "Floors for the benchmark.",
        subcommands: [Send.self, Decode.self, Packaging.self])

    /// Sends the requests of a file, a form on each line, ten at a time.
    struct Send: AsyncParsableCommand {
        enum Client: String, ExpressibleByArgument {
            case own, ahc
        }

        @Option var client: Client
        @Option var url: String
        @Option var forms: String
        @Option var concurrency = 10

        func run() async throws {
            let bodies = try Data(contentsOf: URL(filePath: forms)).split(separator: 0x0a).map { Array($0) }
            switch client {
            case .own: try await sendByOwn(bodies)
            case .ahc: try await sendByAHC(bodies)
            }
        }

        private func sendByOwn(_ bodies: [[UInt8]]) async throws {
            guard let url = EndpointURL(url) else { throw ValidationError("--url isn't a URL.") }
            let transport = HTTPTransport(connections: concurrency)
            try await transport.run {
                let headers = Self.headers.map { HTTPHeader(name: $0.0, value: $0.1) }
                try await inParallel(bodies) { body in
                    _ = try await transport.send(
                        .init(url: url, headers: headers, body: body), for: Call(operation: "", attempt: 1))
                }
            }
            await transport.shutdown()
        }

        private func sendByAHC(_ bodies: [[UInt8]]) async throws {
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            var configuration = HTTPClient.Configuration()
            configuration.httpVersion = .http1Only
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
            let client = HTTPClient(eventLoopGroup: loop, configuration: configuration)
            let url = url
            let headers = HTTPHeaders(Self.headers)
            try await withTaskExecutorPreference(EventLoopExecutor(loop)) {
                try await inParallel(bodies) { body in
                    let request = try HTTPClient.Request(
                        url: url, method: .POST, headers: headers, body: .byteBuffer(ByteBuffer(bytes: body)))
                    _ = try await client.execute(
                        request: request, delegate: ResponseAccumulator(request: request),
                        eventLoop: .delegate(on: loop)
                    ).get()
                }
            }
            try await client.shutdown()
        }

        private func inParallel(
            _ bodies: [[UInt8]], _ send: @escaping @Sendable ([UInt8]) async throws -> Void
        ) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                var waiting = bodies.makeIterator()
                for _ in 0..<concurrency {
                    guard let body = waiting.next() else { break }
                    group.addTask { try await send(body) }
                }
                while try await group.next() != nil {
                    guard let body = waiting.next() else { continue }
                    group.addTask { try await send(body) }
                }
            }
        }

        /// Those that keywitness sends, with a signature that is none: the same bytes go over the wire.
        private static let headers: [(String, String)] = [
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("User-Agent", KeyWitnessTool.userAgent), ("X-Amz-Date", "20261122T204500Z"),
            ("X-Amz-Security-Token", Credentials.ofEnvironment.sessionToken?.exposed ?? ""),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(Credentials.ofEnvironment.accessKeyID)/20261122/us-east-1/iam/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                    + "Signature=\(String(repeating: "0", count: 64))"
            ),
        ]
    }

    /// Decodes one ListUsers answer into typed values.
    struct Decode: ParsableCommand {
        @Argument var file: String

        func run() throws {
            let descriptor = try FileDescriptor.open(FilePath(file), .readOnly)
            let size = Int(try descriptor.seek(offset: 0, from: .end))
            try descriptor.seek(offset: 0, from: .start)
            // Straight into place: the copies that Data makes would be measured, too.
            let body = try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let rest = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = try unsafe descriptor.read(into: rest)
                    guard read > 0 else { return }
                    count += read
                }
            }
            try descriptor.close()
            let page = try ListUsers.output(of: HTTPResponse(status: 200, body: body))
            print(page.items.count)
        }
    }
}

extension Credentials {
    /// Those of the benchmark, which gives all contenders the same.
    static var ofEnvironment: Credentials {
        let environment = ProcessInfo.processInfo.environment
        return Credentials(
            accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "",
            secretAccessKey: Secret(environment["AWS_SECRET_ACCESS_KEY"] ?? ""),
            sessionToken: environment["AWS_SESSION_TOKEN"].map(Secret.init), origin: "benchmark")
    }
}
