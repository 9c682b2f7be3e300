import FoundationEssentials

/// What `FUZZ_TARGET` names.
private let target = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap(Target.init)

private enum Target: String, CaseIterable {
    case requests, files, recordings, answers, bundles, policies, seals
}

/// libFuzzer, whose `main` this program has, calls this with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        switch target {
        case .requests: try FuzzedRequests.shared.try(input)
        case .files: try FuzzedFiles.try(input)
        case .recordings: try FuzzedRecordings.try(input)
        case .answers: try FuzzedAnswers.try(input)
        case .bundles: try FuzzedBundles.try(input)
        case .policies: try FuzzedPolicies.try(input)
        case .seals: try FuzzedSeals.try(input)
        case nil: fatalError("FUZZ_TARGET is one of \(Target.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    } catch {
        fatalError("\(error)")
    }
    return 0
}
