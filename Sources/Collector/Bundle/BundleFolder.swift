import Evidence
import FoundationEssentials
import PlainText
import SystemPackage

/// A bundle's folder as hostile input: nothing is read that isn't a plain file of a known name in it.
struct BundleFolder: Sendable {
    /// As it was named.
    let path: String
    /// The folder itself, where that is a link: whoever named it chose it. Within it no link is followed.
    private var root: String { path.hasSuffix("/") ? path : path + "/" }

    /// - Throws: ``BundleError/missing(path:reason:)`` where there is no bundle, not even a damaged one: another folder
    ///   was named by mistake, say the account's, in which its runs are.
    func checkIsBundle() throws(BundleError) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: root) } catch {
            let kind = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
            switch kind {
            case .typeRegular:
                throw .missing(path: path, reason: "it is a file; name the folder that a bundle's files are in")
            case nil: throw .missing(path: path, reason: Self.reason(whyUnseen: path))
            default: throw .missing(path: path, reason: "it can't be listed: \(error.plainReason)")
            }
        }
        guard BundleFiles.topLevel.isDisjoint(with: names) else { return }
        let runs = runsBelow(names)
        guard let newest = runs.last else {
            throw .missing(path: path, reason: "none of a bundle's files is in it")
        }
        throw .missing(
            path: path,
            reason: runs.count == 1
                ? "a run is in it, \(newest); name that"
                : "\(runs.count) runs are in it; name one of them, such as \(newest)")
    }

    /// Bundles are for their owner alone, and whoever checks one meets with that first.
    private static func reason(whyUnseen path: String) -> String {
        do {
            _ = try FilePath(path).stat()
        } catch Errno.permissionDenied {
            return
                "no permission to look into a folder above it; its owner can grant it, or copy the bundle to where it can be read"
        } catch {}
        return "there is no such folder"
    }

    /// The bundles in an account's folder, or in a folder of accounts, by their paths; those of the account of the last one
    /// from the oldest to the newest.
    private func runsBelow(_ names: [String]) -> [String] {
        names.sorted().flatMap { name -> [String] in
            // Without the slash that may stand at its end.
            let below = FilePath(path).appending(name)
            if RunChain.isRunName(name) { return [below.string] }
            guard name.isAccountID else { return [] }
            let runs = (try? FileManager.default.contentsOfDirectory(atPath: below.string)) ?? []
            return runs.filter(RunChain.isRunName).sorted().map { below.appending($0).string }
        }
    }

    /// Everything below the folder that isn't a folder, by its relative path, sorted; links among it.
    func files() throws(BundleError) -> [String] {
        do {
            // Links aren't followed.
            return try FileManager.default.subpathsOfDirectory(atPath: root).filter { relative in
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)\(relative)")
                return attributes[.type] as? FileAttributeType != .typeDirectory
            }.sorted()
        } catch {
            throw .missing(path: path, reason: "what is in it can't be listed: \(error.plainReason)")
        }
    }

    /// The folders below it in which there is nothing at all, sorted.
    func emptyFolders() -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return paths.filter { relative in
            let path = "\(root)\(relative)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard attributes?[.type] as? FileAttributeType == .typeDirectory else { return false }
            return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true
        }.sorted()
    }

    /// Where it lies, as `ACCOUNT/RUN`, if that names another account or run than its manifest has; nil where it names none.
    func otherName(than manifest: ManifestReading) -> String? {
        let real = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
        let folder = FilePath(real)
        guard let run = folder.lastComponent?.string, RunChain.isRunName(run) else { return nil }
        let account = folder.removingLastComponent().lastComponent?.string ?? ""
        guard run != manifest.run || (account.isAccountID && account != manifest.account) else { return nil }
        return account.isAccountID ? "\(account)/\(run)" : run
    }

    /// Whether it is a plain file, and not a link, a pipe or a device.
    func isPlainFile(_ relative: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)\(relative)")
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    func read(_ member: BundleMember) throws(BundleError) -> [UInt8] {
        let relative = member.path
        let file: FileDescriptor
        do { file = try open(relative) } catch { throw whyUnopened(relative, error) }
        do {
            return try file.closeAfter {
                // Of what is open, and not of what has the name: that may be another file by now.
                let status = try Stat(file)
                // A pipe may never end.
                guard status.type == .regular else { throw unreadable("\(relative) isn't a plain file") }
                guard status.size <= member.largestSize else {
                    throw unreadable("\(relative) is larger than any file of a bundle")
                }
                return try file.bytes(Int(status.size))
            }
        } catch let error as BundleError { throw error } catch {
            throw unreadable("\(relative) can't be read: \(error.plainReason)")
        }
    }

    /// Opens a file without following a link, be it the file or its folder.
    private func open(_ relative: String) throws -> FileDescriptor {
        let folder = try FileDescriptor.open(FilePath(root), .readOnly, options: [.directory, .closeOnExec])
        return try folder.closeAfter {
            guard let slash = relative.firstIndex(of: "/") else { return try folder.file(relative) }
            let below = try folder.folder(String(relative[..<slash]))
            return try below.closeAfter { try below.file(String(relative[relative.index(after: slash)...])) }
        }
    }

    /// What is told of a file that couldn't be opened. Nothing is read here, and so it does no harm where the file was
    /// swapped meanwhile.
    private func whyUnopened(_ relative: String, _ error: any Error) -> BundleError {
        func kind(_ path: some StringProtocol) -> FileAttributeType? {
            (try? FileManager.default.attributesOfItem(atPath: "\(root)\(path)"))?[.type] as? FileAttributeType
        }
        guard let file = kind(relative) else { return unreadable("there is no readable \(relative)") }
        // A link may lead anywhere.
        if let slash = relative.firstIndex(of: "/"), kind(relative[..<slash]) != .typeDirectory {
            return unreadable("\(relative[..<slash]) isn't a folder")
        }
        guard file == .typeRegular else { return unreadable("\(relative) isn't a plain file") }
        return unreadable("\(relative) can't be read: \(error.plainReason)")
    }

    private func unreadable(_ reason: String) -> BundleError {
        .unreadable(path: path, reason: reason)
    }
}

extension String {
    /// Twelve digits.
    fileprivate var isAccountID: Bool { utf8.count == 12 && utf8.allSatisfy(\.isASCIIDigit) }
}
