extension String {
    /// Whether all its bytes are of a kind: without stopping at the first that isn't, so that the compiler can look at
    /// many of them at once.
    @inlinable
    @inline(__always)
    package func allBytes(_ isOfKind: (UInt8) -> Bool) -> Bool {
        let all = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            let bytes = unsafe bytes.span
            var all = true
            for index in bytes.indices { all = isOfKind(bytes[index]) && all }
            return all
        }
        return all ?? utf8.allSatisfy(isOfKind)
    }
}
