package import CanonicalJSON

/// A file of a bundle as manifests and back matter name it.
package struct BundleFile: Sendable, Equatable, JSONWritable {
    /// Relative to the bundle, with `/`.
    package var path: String
    /// In bytes.
    package var size: Int
    /// Lower-case hexadecimal.
    package var sha256: String
    package var mediaType: String
    /// What it is, in a few words.
    package var role: String

    /// - Parameters:
    ///   - size: in bytes.
    ///   - sha256: in lower-case hexadecimal.
    package init(_ member: BundleMember, size: Int, sha256: String) {
        path = member.path
        self.size = size
        self.sha256 = sha256
        mediaType = member.mediaType
        role = member.role
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("mediaType", mediaType)
            json.member("path", path)
            json.member("role", role)
            json.member("sha256", sha256)
            json.member("size", size)
        }
    }
}
