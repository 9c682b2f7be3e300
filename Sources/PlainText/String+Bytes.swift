extension String {
    /// Whether none of its bytes is of a kind.
    ///
    /// - Parameters:
    ///   - isOfKind: whether a byte is.
    ///   - term: the same of eight bytes at a time, as ``Swift/UInt64/term(for:)`` has it: for texts that may be long.
    @inlinable
    @inline(__always)
    package func hasNoByte(_ isOfKind: (UInt8) -> Bool, term: (UInt64) -> UInt64) -> Bool {
        let hasNone = unsafe utf8.withContiguousStorageIfAvailable { text in
            let bytes = UnsafeRawBufferPointer(text)
            let size = MemoryLayout<UInt64>.size
            guard bytes.count >= size else { return unsafe !bytes.contains(where: isOfKind) }
            var found: UInt64 = 0
            var offset = 0
            while offset + size <= bytes.count {
                found |= unsafe term(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += size
            }
            // The last ones overlap those before them.
            found |= unsafe term(bytes.loadUnaligned(fromByteOffset: bytes.count - size, as: UInt64.self))
            return !found.hasHighBits
        }
        return hasNone ?? !utf8.contains(where: isOfKind)
    }
}
