import Foundation
import Testing

/// The programs have Foundation's essentials and no more, where this process has all of it.
@Suite struct FoundationEssentialsTests {
    #if os(Linux)
        /// With its tables of languages and time zones it is half of a program that has it, and an eighth of the
        /// instructions of a run that reads one user; one dependency that imports it is enough.
        @Test(arguments: ["keywitness", "mock-iam"])
        func `no dependency brings the rest along`(name: String) throws {
            let program = try Data(contentsOf: Program.folder.appending(path: name), options: .mappedIfSafe)
            #expect(program.range(of: Data("\0libFoundationEssentials.so\0".utf8)) != nil)
            #expect(program.range(of: Data("\0libFoundation.so\0".utf8)) == nil)
        }
    #endif

    /// What a file's attributes hold is of other types here.
    @Test(arguments: [
        ("--policy", "is larger than 16777216 bytes"), ("--exceptions", "is larger than 16777216 bytes"),
        ("--sign", "is larger than any key"),
    ])
    func `a file that is far too large isn't read`(option: String, said: String) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "large").path
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        // No disk is taken for it; reading it would show.
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        try handle.truncate(atOffset: 64 << 30)
        try handle.close()
        let result = try await Program(name: "keywitness").run(
            ["collect", "--endpoint-url", "http://127.0.0.1:9", option, file],
            environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
        #expect(result.status == 64)
        #expect(result.errors.contains(said), "\(result.errors)")
    }
}
