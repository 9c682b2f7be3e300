// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with. Warnings are errors in CI only, so that a newer compiler's new warning
/// never keeps a user from building.
let settings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["CI"] == "true" ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
    name: "keywitness",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "keywitness", targets: ["keywitness"]),
        .executable(name: "mock-iam", targets: ["mock-iam"]),
        .library(name: "MockIAM", targets: ["MockIAM"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CLibXML2",
            path: "Sources/CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"]), .yum(["libxml2-devel"])]
        ),
        .systemLibrary(
            name: "CLibYAML",
            path: "Sources/CLibYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"]), .yum(["libyaml-devel"])]
        ),
        .target(
            name: "EventLoopTasks",
            dependencies: [.product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings
        ),
        .target(
            name: "AWSClient",
            dependencies: [
                "CLibXML2", "CanonicalJSON", "Digests", "EventLoopTasks", "PlainText",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(name: "PlainText", swiftSettings: settings),
        .target(
            name: "Digests", dependencies: ["PlainText", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(
            name: "FileContents", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings
        ),
        .target(name: "CanonicalJSON", dependencies: ["PlainText"], swiftSettings: settings),
        .target(
            name: "StrictYAML",
            dependencies: [
                "CLibYAML", "CanonicalJSON", "FileContents", "PlainText",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Recording",
            dependencies: ["CanonicalJSON", "Digests", "PlainText", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(
            name: "EvidenceSchemas",
            path: "evidence-schemas",
            exclude: ["README.md"],
            resources: [
                .embedInCode("controls.json"),
                .embedInCode("nist-800-53-rev5-ids.txt"),
                .embedInCode("controls.schema.json"),
                .embedInCode("report.schema.json"),
                .embedInCode("manifest.schema.json"),
                .embedInCode("recording-line.schema.json"),
                .embedInCode("policy.schema.json"),
                .embedInCode("exceptions.schema.json"),
                .embedInCode("describe.schema.json"),
                .embedInCode("verification.schema.json"),
                .embedInCode("frameworks/cis-aws-3.0.json"),
                .embedInCode("frameworks/iso-27001-2022.json"),
                .embedInCode("frameworks/pci-dss-4.0.json"),
                .embedInCode("policies/default.yaml"),
                .embedInCode("policies/cis-aws.yaml"),
                .embedInCode("policies/strict.yaml"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Evidence",
            dependencies: [
                "CanonicalJSON", "Digests", "EvidenceSchemas", "PlainText", "StrictYAML",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Collector",
            dependencies: [
                "AWSClient", "CanonicalJSON", "Digests", "FileContents", "Recording", "Evidence", "EvidenceSchemas",
                "PlainText", "StrictYAML",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "keywitness",
            dependencies: [
                "Collector", "AWSClient", "CanonicalJSON", "Evidence", "EvidenceSchemas", "FileContents", "PlainText",
                "StrictYAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "MockIAM",
            dependencies: [
                "CanonicalJSON", "EventLoopTasks", "PlainText", "Recording", "StrictYAML",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "MockIAM/Sources/MockIAM",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "mock-iam",
            dependencies: [
                "MockIAM", "Recording",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "MockIAM/Sources/mock-iam",
            swiftSettings: settings
        ),
        .testTarget(name: "PlainTextTests", dependencies: ["PlainText"], swiftSettings: settings),
        .testTarget(
            name: "FileContentsTests",
            dependencies: ["FileContents", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .testTarget(name: "CanonicalJSONTests", dependencies: ["CanonicalJSON"], swiftSettings: settings),
        .testTarget(name: "StrictYAMLTests", dependencies: ["CanonicalJSON", "StrictYAML"], swiftSettings: settings),
        .testTarget(name: "RecordingTests", dependencies: ["Recording"], swiftSettings: settings),
        .testTarget(
            name: "AWSClientTests",
            dependencies: [
                "AWSClient", "MockIAM", "Recording",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: [
                "Endpoints/botocore-endpoints.jsonl", "Endpoints/generate_endpoints.py",
                "Signing/botocore-vectors.jsonl", "Signing/generate_vectors.py",
            ],
            swiftSettings: settings),
        // Not a product: what `make bench` measures against.
        .executableTarget(
            name: "benchmark-client",
            dependencies: [
                "AWSClient", "Collector", "EventLoopTasks", "Evidence",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Benchmarks/Client",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EvidenceTests",
            dependencies: [
                "CanonicalJSON", "Evidence", "EvidenceSchemas", "PlainText", "StrictYAML",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CollectorTests",
            dependencies: [
                "Collector", "AWSClient", "CanonicalJSON", "Digests", "Evidence", "EvidenceSchemas", "MockIAM",
                "Recording",
                "StrictYAML",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "keywitness", "mock-iam", "AWSClient", "MockIAM", "Recording",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MockIAMTests",
            dependencies: [
                "AWSClient", "CanonicalJSON", "MockIAM", "Recording", "StrictYAML",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Signatures/botocore-vectors.jsonl", "Signatures/generate_vectors.py"],
            swiftSettings: settings
        ),
    ]
)

// `make fuzz`: libFuzzer has a `main` of its own, so its program takes the place of the others and of the tests.
if Context.environment["KEYWITNESS_FUZZ"] == "1" {
    package.products = []
    package.targets.removeAll { [.executable, .test].contains($0.type) }
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "AWSClient", "CanonicalJSON", "Collector", "Evidence", "EvidenceSchemas", "MockIAM", "Recording",
                "StrictYAML",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Fuzzing/Sources",
            swiftSettings: settings
        ))
}
