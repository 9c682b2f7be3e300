import Foundation

/// An input of a fuzzing target that is kept: one that `make fuzz` found, or one that it starts from.
struct FuzzedInput: CustomStringConvertible, Sendable {
    let description: String
    let bytes: [UInt8]

    /// Those of a target, the seeds among them.
    static func kept(for target: String) throws -> [FuzzedInput] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzzing")
        var inputs: [FuzzedInput] = []
        for place in ["findings", "corpus"] {
            let files = FileManager.default.enumerator(atPath: folder.appending(path: "\(place)/\(target)").path)
            while let name = files?.nextObject() as? String {
                let file = folder.appending(path: "\(place)/\(target)/\(name)")
                inputs.append(
                    FuzzedInput(description: "\(place)/\(target)/\(name)", bytes: Array(try Data(contentsOf: file))))
            }
        }
        return inputs.sorted { $0.description < $1.description }
    }
}
