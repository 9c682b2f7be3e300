import CanonicalJSON
import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a bundle could not be written, or read.
package enum BundleError: Error, Equatable, CustomStringConvertible {
    case unwritable(path: String, reason: String)
    /// The bundle is there, and nobody can say that it would survive a crash of the machine.
    case unsynchronized(path: String, reason: String)
    /// A bundle of this account and instant is there already.
    case exists(path: String)
    /// Another run of this account and instant is under way, in a hidden folder.
    case underWay(path: String, stage: String)
    /// Another run is publishing there, and doesn't come to its end.
    case busy(path: String)
    /// What is there isn't a bundle that this version wrote.
    case unreadable(path: String, reason: String)
    /// There is no bundle at all, not even a damaged one, or it may not be looked at.
    case missing(path: String, reason: String)

    /// What is wrong, without what to do about it.
    var reason: String {
        switch self {
        case .unwritable(_, let reason), .unsynchronized(_, let reason), .unreadable(_, let reason),
            .missing(_, let reason):
            reason
        case .exists: "there is one already"
        case .underWay: "another run of this instant is under way"
        case .busy: "another run is publishing there"
        }
    }

    /// Whether it is the instant's, and another one would do.
    var isOfAnotherRun: Bool {
        switch self {
        case .exists, .underWay: true
        case .unwritable, .unsynchronized, .busy, .unreadable, .missing: false
        }
    }

    package var description: String {
        switch self {
        case .unwritable(let path, let reason):
            "can't write the bundle to \(path): \(reason). Mend that and run it again; in another folder, which --output-dir "
                + "names, the runs begin another chain."
        case .unsynchronized(let path, let reason):
            "the bundle \(path) is written, but the disk doesn't confirm it: \(reason). Check the disk, and the bundle with "
                + "`keywitness verify`."
        case .exists(let path):
            "\(path) exists already, and evidence is never overwritten. "
                + "Run it again without --as-of, or name another folder with --output-dir. All runs against an emulator whose "
                + "clock stands still are of one instant."
        case .underWay(let path, let stage):
            "another run is under way that is to become \(path): there is one of an account and an instant. Run it again "
                + "without --as-of, or name another folder with --output-dir. If none is, as where one was killed on a file "
                + "system without locks, remove \(stage)."
        case .busy(let path):
            "another run has been publishing in \(path) for more than \(AccountFolder.longestWait.components.seconds) "
                + "seconds. Run it again when that has ended; in another folder, which --output-dir names, the runs begin another chain."
        case .unreadable(let path, let reason):
            "\(path) can't be read as an evidence bundle of this version: \(reason). What else is wrong with it, verify tells."
        case .missing(let path, let reason):
            "\(path) isn't the folder of an evidence bundle that can be read: \(reason)."
        }
    }
}

extension Error {
    /// What the system said, without the wrapping that is meant for programmers.
    var plainReason: String {
        switch self {
        case Errno.tooManyOpenFiles: "too many files are open; raise the limit (ulimit -n)"
        case let error as Errno: error.description
        case let error as POSIXError: Errno(rawValue: error.code.rawValue).description
        case let error as CocoaError:
            if let cause = error.underlying { cause.plainReason } else { error.codeReason }
        case let error as DecodingError: error.plainReason
        default: "\(self)"
        }
    }
}

extension CocoaError {
    fileprivate var codeReason: String {
        switch code {
        case .fileWriteNoPermission: "no permission"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteFileExists: "a file with this name is there already"
        case .fileNoSuchFile, .fileReadNoSuchFile: "no such folder"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        default: "error \(code.rawValue)"
        }
    }
}
