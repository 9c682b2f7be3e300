import CanonicalJSON
import Evidence
import FoundationEssentials

/// What the OSCAL documents of a bundle refer to: whether it is there. None of the validators that are in use looks at
/// all of this.
struct OSCALReferences {
    /// How many references were followed.
    private(set) var count = 0
    private var found = Flaws()
    private let files: BundleFiles
    private let crosswalk: Crosswalk
    /// The controls that the profile selects.
    private var selected: Set<String> = []
    private var named: Set<String> = []
    private var targets: Set<String> = []

    var flaws: [String] { found.listed }

    /// No reference that KeyWitness writes takes fewer bytes, besides some links. More of them than would fit into a
    /// document aren't followed: each takes more memory than `{"href":""}` does on disk.
    private static let smallestReference = 40
    private static let furtherLinks = 1000

    private static let documents: [BundleMember] = [
        .assessmentResults, .assessmentPlan, .systemSecurityPlan, .profile, .indexCatalog,
    ]

    /// What members refer to: the members whose objects it may be.
    fileprivate static let kinds: [String: Set<String>] = [
        "observation-uuid": ["observations"], "risk-uuid": ["risks"], "component-uuid": ["components"],
        "actor-uuid": ["components"], "subject-uuid": ["inventory-items", "components"],
        "activity-uuid": ["activities"], "party-uuids": ["parties"], "role-id": ["roles"], "role-ids": ["roles"],
    ]

    init(_ files: BundleFiles, _ crosswalk: Crosswalk) {
        self.files = files
        self.crosswalk = crosswalk
        for member in Self.documents where files.has(member) {
            do {
                let bytes = try files.read(member)
                var document = Document(most: bytes.count / Self.smallestReference + Self.furtherLinks)
                try JSONReader.read(bytes) { try document.walk(&$0, in: "") }
                look(into: document, member.path)
            } catch {
                found.note("\(member): \((error as? BundleError)?.reason ?? "\(error)")")
            }
        }
        lookAtControls()
    }

    private mutating func look(into document: Document, _ path: String) {
        found.add(document.flaws, of: path)
        for (name, value) in document.references {
            count += 1
            guard let kind = document.declared[value], Self.kinds[name]?.contains(kind) == true else {
                found.note("\(path): \(name) \(value.prefix(60)) leads to nothing")
                continue
            }
        }
        for link in document.links { follow(link, path, document) }
        selected.formUnion(document.selected)
        named.formUnion(document.controls)
        targets.formUnion(document.targets)
    }

    private mutating func follow(_ link: Document.Link, _ path: String, _ document: Document) {
        count += 1
        let href = link.href
        if href.hasPrefix("#") {
            if document.declared[String(href.dropFirst())] != "resources" {
                found.note("\(path): \(href.prefix(60)) leads to nothing")
            }
        } else if !href.hasPrefix("https://") {
            let target: String? =
                if href.hasPrefix("./") {
                    "oscal/\(href.dropFirst(2))"
                } else if href.hasPrefix("../") { String(href.dropFirst(3)) } else { nil }
            guard let member = target.flatMap(BundleMember.init), files.has(member) else {
                found.note("\(path): \(href.prefix(100)) leads to no file of the bundle")
                return
            }
            if let digest = link.digest, digest != files.digests[member] {
                found.note("\(path): \(member) doesn't have the digest that is given")
            }
        }
    }

    private mutating func lookAtControls() {
        let mappings = crosswalk.tests.flatMap(\.mappings)
        for target in targets.subtracting(mappings.map(\.target)).sorted() {
            found.note("\(target.prefix(60)) is no objective or statement of \(BundleMember.controls)")
        }
        let known = Set(mappings.map(\.control))
        for control in selected.subtracting(known).sorted() {
            found.note("\(control.prefix(60)) is no control of \(BundleMember.controls)")
        }
        for control in named.subtracting(selected).sorted() {
            found.note("\(control.prefix(60)) isn't among the controls that \(BundleMember.profile) selects")
        }
        count += targets.count + named.count
    }
}

/// What one document declares and refers to.
private struct Document {
    struct Link {
        var href: String
        /// What is said of the file's digest.
        var digest: String?
    }

    /// The member whose objects something is among, by its UUID, or by the id of a role.
    var declared: [String: String] = [:]
    var references: [(name: String, value: String)] = []
    var links: [Link] = []
    var controls: Set<String> = []
    var selected: Set<String> = []
    var targets: Set<String> = []
    private(set) var flaws = Flaws()
    /// How many references are kept.
    private let most: Int

    init(most: Int) { self.most = most }

    /// - Parameter container: the member that the value belongs to.
    mutating func walk(_ reader: inout JSONReader, in container: String) throws {
        switch try reader.kind() {
        case .object:
            try reader.object { name, reader in try member(name, &reader, in: container) }
        case .array:
            try reader.array { reader in try walk(&reader, in: container) }
        case .string: note(try reader.string(), as: container)
        default: try reader.skip()
        }
    }

    private mutating func member(_ name: String, _ reader: inout JSONReader, in container: String) throws {
        switch name {
        case "uuid": declare(try reader.string(), as: container)
        case "id" where container == "roles": declared[try reader.string()] = "roles"
        case "rlinks":
            for link in try reader.value().elements {
                add(
                    Link(
                        href: link.member("href")?.string ?? "",
                        digest: link.member("hashes")?.elements.first?.member("value")?.string))
            }
        default: try walk(&reader, in: name)
        }
    }

    private mutating func note(_ text: String, as name: String) {
        switch name {
        case "href": add(Link(href: text))
        case "control-id": controls.insert(text)
        case "with-ids": selected.insert(text)
        case "target-id": targets.insert(text)
        case _ where OSCALReferences.kinds[name] != nil: if hasRoom() { references.append((name, text)) }
        default: break
        }
    }

    private mutating func add(_ link: Link) {
        if hasRoom() { links.append(link) }
    }

    private mutating func hasRoom() -> Bool {
        if links.count + references.count < most { return true }
        flaws.note("there are more references than so many bytes can hold of ours; the rest isn't followed", once: true)
        return false
    }

    private mutating func declare(_ uuid: String, as kind: String) {
        if !uuid.isUUIDv4OrV5 { flaws.note("'\(uuid.prefix(60))' isn't a UUID of version 4 or 5") }
        if declared.updateValue(kind, forKey: uuid) != nil { flaws.note("\(uuid.prefix(60)) stands for two things") }
    }
}

extension String {
    /// As OSCAL's schemas have it.
    fileprivate var isUUIDv4OrV5: Bool {
        let bytes = Array(utf8)
        guard bytes.count == 36 else { return false }
        for (place, byte) in bytes.enumerated() {
            switch place {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            case 14: guard byte == UInt8(ascii: "4") || byte == UInt8(ascii: "5") else { return false }
            case 19: guard "89abAB".utf8.contains(byte) else { return false }
            default: guard Character(Unicode.Scalar(byte)).isHexDigit else { return false }
            }
        }
        return true
    }
}
