import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Error {
    /// What the system said, without the wrapping that is meant for programmers.
    package var inPlainWords: String {
        switch self {
        case let error as Errno: error.description
        case let error as POSIXError: Errno(rawValue: error.code.rawValue).description
        case let error as CocoaError: error.underlying?.inPlainWords ?? error.code.inPlainWords
        default: "\(self)"
        }
    }
}

extension CocoaError.Code {
    fileprivate var inPlainWords: String {
        switch self {
        case .fileNoSuchFile, .fileReadNoSuchFile: "no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: "no permission"
        case .fileWriteFileExists: "it is there already"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        default: "error \(rawValue)"
        }
    }
}
