#if os(Linux)
    import Foundation
    import Testing

    @Suite struct LinkedLibrariesTests {
        /// With its tables of languages and time zones it is half of a program that has it, and an eighth of the
        /// instructions of a run that reads one user; one dependency that imports it is enough.
        @Test(arguments: ["keywitness", "mock-iam"])
        func `a program has no more of Foundation than its essentials`(name: String) throws {
            let program = try Data(contentsOf: Program.folder.appending(path: name), options: .mappedIfSafe)
            #expect(program.range(of: Data("\0libFoundationEssentials.so\0".utf8)) != nil)
            #expect(program.range(of: Data("\0libFoundation.so\0".utf8)) == nil)
        }
    }
#endif
