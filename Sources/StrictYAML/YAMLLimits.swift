/// How large a file may be before it is refused.
package struct YAMLLimits: Sendable, Equatable {
    /// The length of the file in bytes.
    package var bytes: Int
    /// Lists and mappings inside one another. A file of ours needs less than ten.
    package var depth: Int

    /// 16 MiB and 64 levels unless told otherwise.
    package init(bytes: Int = 16 << 20, depth: Int = 64) {
        self.bytes = bytes
        self.depth = depth
    }
}
