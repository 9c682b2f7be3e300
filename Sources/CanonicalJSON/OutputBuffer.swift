import PlainText

/// Bytes on their way to a file or into memory. With somewhere to go they leave in pieces, so that a document of any
/// size takes no memory.
///
/// The memory is its own: an array asks at each byte whether somebody shares it, and every byte of a bundle comes
/// through here. All pointers of the writers are in this file.
@safe
package struct OutputBuffer: ~Copyable {
    /// How much is kept before it goes on: always as much, but for the end.
    package static let piece = 1 << 17

    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    package private(set) var count = 0
    private let drain: ((_ bytes: Span<UInt8>) -> Void)?

    /// Keeps everything in ``bytes``.
    package init() {
        self.init(capacity: 256, drain: nil)
    }

    /// - Parameter drain: gets the bytes in order; the last of them with ``finish()``.
    package init(drain: @escaping (_ bytes: Span<UInt8>) -> Void) {
        self.init(capacity: Self.piece + 8192, drain: drain)
    }

    private init(capacity: Int, drain: ((_ bytes: Span<UInt8>) -> Void)?) {
        unsafe memory = .allocate(capacity: capacity)
        self.capacity = capacity
        self.drain = drain
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// What was written and hasn't gone on.
    package var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: memory, count: count)) }

    // MARK: Room

    /// Makes room for so many bytes more.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(2 * capacity, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe moved.update(from: memory, count: count)
        unsafe memory.deallocate()
        unsafe memory = moved
        capacity = larger
    }

    /// Between two values: lets go of what has gathered.
    @inline(__always)
    package mutating func flushIfLarge() {
        if count >= Self.piece, drain != nil { flush(count - count % Self.piece) }
    }

    package mutating func finish() {
        if drain != nil, count > 0 { flush(count) }
    }

    @inline(never)
    private mutating func flush(_ bytes: Int) {
        drain?(unsafe UnsafeBufferPointer(start: memory, count: bytes).span)
        unsafe memory.update(from: memory + bytes, count: count - bytes)
        count -= bytes
    }

    /// Takes back what was written since an offset, and gives it.
    package mutating func takeBack(from start: Int) -> [UInt8] {
        defer { count = start }
        return unsafe Array(UnsafeBufferPointer(start: memory + start, count: count - start))
    }

    /// Puts a byte before what was written since an offset.
    package mutating func insert(_ byte: UInt8, at offset: Int) {
        precondition(offset <= count)
        reserve(1)
        let place = unsafe memory + offset
        unsafe (place + 1).update(from: place, count: count - offset)
        unsafe place.pointee = byte
        count += 1
    }

    /// Nil at the end.
    package func byte(at offset: Int) -> UInt8? { unsafe offset < count ? memory[offset] : nil }

    /// Whether what was written from an offset on can stand in a cell of a CSV file (RFC 4180) without quotes.
    package func isPlainInCSV(from start: Int) -> Bool {
        switch count - start {
        case 16...: hasOnly(from: start) { (block: SIMD2<UInt64>) in block.isPlainInCSV }
        case 8...: hasOnly(from: start) { (block: UInt64) in block.isPlainInCSV }
        default: hasOnly(from: start) { (byte: UInt8) in byte.isPlainInCSV }
        }
    }

    /// Whether a byte was written from an offset on.
    package func holds(_ byte: UInt8, from start: Int) -> Bool {
        count - start < 8
            ? !hasOnly(from: start) { (other: UInt8) in other != byte }
            : !hasOnly(from: start) { (block: UInt64) in !block.term(for: byte).hasHighBits }
    }

    /// Looks at a block at a time; the last one overlaps that before it.
    @inline(__always)
    private func hasOnly<Block: BitwiseCopyable>(from start: Int, _ isWanted: (Block) -> Bool) -> Bool {
        let size = MemoryLayout<Block>.size
        var offset = start
        while offset + size <= count {
            guard unsafe isWanted(UnsafeRawPointer(memory + offset).loadUnaligned(as: Block.self)) else { return false }
            offset += size
        }
        return unsafe offset == count
            || isWanted(UnsafeRawPointer(memory + count - size).loadUnaligned(as: Block.self))
    }

    // MARK: Bytes and texts

    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe memory[count] = byte
        count += 1
    }

    package mutating func append(_ text: StaticString) {
        precondition(text.hasPointerRepresentation)
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(_ text: String) {
        let isContiguous: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append($0) }
        if isContiguous == nil { for byte in text.utf8 { append(byte) } }
    }

    package mutating func append(_ more: [UInt8]) {
        unsafe more.withUnsafeBufferPointer { unsafe append($0) }
    }

    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    @inline(__always)
    private mutating func append(_ more: UnsafeBufferPointer<UInt8>) {
        guard let start = more.baseAddress else { return }
        reserve(more.count)
        unsafe Self.copy(start, more.count, to: memory + count)
        count += more.count
    }

    /// Most of what is written is short: names, and the parts of sentences. Two words that overlap hold each of those.
    @inline(__always)
    private static func copy(_ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>) {
        @inline(__always)
        func copyEnds<Word: BitwiseCopyable>(_ word: Word.Type) {
            let last = count - MemoryLayout<Word>.size
            let (from, to) = unsafe (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
            let (head, tail) = unsafe (
                from.loadUnaligned(as: Word.self), from.loadUnaligned(fromByteOffset: last, as: Word.self)
            )
            unsafe to.storeBytes(of: head, as: Word.self)
            unsafe to.storeBytes(of: tail, toByteOffset: last, as: Word.self)
        }
        switch count {
        case 33...: unsafe target.update(from: source, count: count)
        case 16...: copyEnds(SIMD16<UInt8>.self)
        case 8...: copyEnds(UInt64.self)
        case 4...: copyEnds(UInt32.self)
        default: for index in 0..<count { unsafe target[index] = source[index] }
        }
    }

    /// `"name":`, or `,"name":`.
    mutating func append(name: StaticString, afterComma: Bool) {
        precondition(name.hasPointerRepresentation)
        let length = name.utf8CodeUnitCount
        reserve(length + 4)
        if afterComma {
            unsafe memory[count] = UInt8(ascii: ",")
            count += 1
        }
        let start = unsafe memory + count
        unsafe start[0] = UInt8(ascii: "\"")
        unsafe Self.copy(name.utf8Start, length, to: start + 1)
        unsafe start[length + 1] = UInt8(ascii: "\"")
        unsafe start[length + 2] = UInt8(ascii: ":")
        count += length + 3
    }

    /// A text as a JSON string.
    mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        append(escaping: text)
        append(UInt8(ascii: "\""))
    }

    /// A text as it stands between the quotes of a JSON string.
    mutating func append(escaping text: String) {
        let isContiguous: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(escaping: $0) }
        if isContiguous == nil { for byte in text.utf8 { append(escaped: byte) } }
    }

    /// The same of a text's UTF-8, of any length: what has gathered goes on in between.
    mutating func append(escaping utf8: [UInt8]) {
        unsafe utf8.withUnsafeBufferPointer { text in
            var start = 0
            while start < text.count {
                let end = min(start + Self.piece, text.count)
                unsafe append(escaping: UnsafeBufferPointer(rebasing: text[start..<end]))
                flushIfLarge()
                start = end
            }
        }
    }

    /// Nearly all bytes need no escaping; those are looked at and copied a block or a word at a time.
    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        var done = 0
        while true {
            let rest = text.count - done
            reserve(rest)
            let (source, target) = unsafe (start + done, memory + count)
            let plain =
                switch rest {
                case 16...: unsafe Self.copyPlain(SIMD2<UInt64>.self, source, rest, to: target)
                case 8...: unsafe Self.copyPlain(UInt64.self, source, rest, to: target)
                default: unsafe Self.copyPlain(UInt8.self, source, rest, to: target)
                }
            count += plain
            guard plain < rest else { return }
            done += plain
            // The block that isn't plain.
            let end = min(done + MemoryLayout<SIMD2<UInt64>>.size, text.count)
            while done < end {
                unsafe append(escaped: start[done])
                done += 1
            }
        }
    }

    /// Copies as many bytes at a time, and the last ones overlapping those before them.
    ///
    /// - Returns: how many there were before a block with one that needs escaping; all where there is none.
    @inline(__always)
    private static func copyPlain<Block: ByteBlock>(
        _ block: Block.Type, _ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        @inline(__always)
        func copy(at offset: Int) -> Bool {
            let bytes = unsafe UnsafeRawPointer(source + offset).loadUnaligned(as: Block.self)
            unsafe UnsafeMutableRawPointer(target + offset).storeBytes(of: bytes, as: Block.self)
            return bytes.isPlainInJSON
        }
        let size = MemoryLayout<Block>.size
        var offset = 0
        while offset + size <= count {
            guard copy(at: offset) else { return offset }
            offset += size
        }
        return offset == count || copy(at: count - size) ? count : offset
    }

    /// As RFC 8785 has it: the short escapes where there are some, `\u00xx` for other control characters, UTF-8 as it
    /// is.
    private mutating func append(escaped byte: UInt8) {
        let escape: StaticString
        switch byte {
        case UInt8(ascii: "\""): escape = #"\""#
        case UInt8(ascii: "\\"): escape = #"\\"#
        case 0x08: escape = #"\b"#
        case 0x09: escape = #"\t"#
        case 0x0a: escape = #"\n"#
        case 0x0c: escape = #"\f"#
        case 0x0d: escape = #"\r"#
        case 0..<0x20:
            append(byte < 0x10 ? #"\u000"# : #"\u001"#)
            append(digit: byte & 15)
            return
        default:
            append(byte)
            return
        }
        append(escape)
    }

    // MARK: Numbers and names

    /// In decimal digits.
    package mutating func append(decimal number: Int) {
        reserve(20)
        if 0..<10_000 ~= number { return append(fourDigitsAtMost: UInt32(truncatingIfNeeded: number)) }
        var rest = number.magnitude
        var length = number < 0 ? 2 : 1
        var bound: UInt = 10
        while rest >= bound {
            length += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            guard !overflow else { break }
            bound = next
        }
        let start = unsafe memory + count
        if number < 0 { unsafe start[0] = UInt8(ascii: "-") }
        var place = length - 1
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe start[place] = UInt8(truncatingIfNeeded: digit) + 48
            rest = quotient
            place -= 1
        } while rest > 0
        count += length
    }

    /// Counts of days and exchanges, which nearly all numbers are: all four digits at once, without zeros before them.
    private mutating func append(fourDigitsAtMost number: UInt32) {
        let hundreds = number / 100
        // The digits in the order in which they stand, two to each half.
        var digits = hundreds | (number &- hundreds &* 100) << 16
        let tens = (digits &* 103) >> 10 & 0x000f_000f
        digits = tens | (digits &- tens &* 10) << 8
        let zeros = min(digits.trailingZeroBitCount / 8, 3)
        let text = (digits | 0x3030_3030) >> UInt32(8 * zeros)
        unsafe UnsafeMutableRawPointer(memory + count).storeBytes(of: text, as: UInt32.self)
        count += 4 - zeros
    }

    /// `6ba7b810-9dad-51d1-80b4-00c04fd430c8`
    package mutating func append(uuid: SIMD16<UInt8>) {
        reserve(36)
        let text = unsafe UnsafeMutableRawPointer(memory + count)
        let words = unsafe unsafeBitCast(uuid, to: SIMD4<UInt32>.self)
        let (first, second, third, last) = (words[0].digits, words[1].digits, words[2].digits, words[3].digits)
        unsafe text.storeBytes(of: first, as: UInt64.self)
        unsafe text.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: 9, as: UInt32.self)
        unsafe text.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32), toByteOffset: 14, as: UInt32.self)
        unsafe text.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: 19, as: UInt32.self)
        unsafe text.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32), toByteOffset: 24, as: UInt32.self)
        unsafe text.storeBytes(of: last, toByteOffset: 28, as: UInt64.self)
        for hyphen in [8, 13, 18, 23] {
            unsafe text.storeBytes(of: UInt8(ascii: "-"), toByteOffset: hyphen, as: UInt8.self)
        }
        count += 36
    }

    /// A line feed, and so many spaces.
    mutating func appendLine(indentedBy spaces: Int) {
        reserve(1 + spaces)
        unsafe memory[count] = UInt8(ascii: "\n")
        unsafe (memory + count + 1).update(repeating: UInt8(ascii: " "), count: spaces)
        count += 1 + spaces
    }

    /// A hexadecimal digit, in lower case.
    @inline(__always)
    private mutating func append(digit: UInt8) {
        append(digit < 10 ? digit + 48 : digit + 87)
    }

    /// `2026-11-22T20:45:00`, and a character after it.
    ///
    /// - Parameter time: seconds since midnight.
    mutating func append(year: Int, month: Int, day: Int, time: Int, last: Unicode.Scalar) {
        reserve(20)
        let text = unsafe UnsafeMutableRawPointer(memory + count)
        let (century, yearOfCentury) = UInt32(year).quotientAndRemainder(dividingBy: 100)
        let (minutes, second) = UInt32(time).quotientAndRemainder(dividingBy: 60)
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        let date = UInt64(digitsOf: century, yearOfCentury, UInt32(month), UInt32(day))
        let clock = UInt64(digitsOf: hour, minute, second, 0)
        unsafe text.storeBytes(of: UInt32(truncatingIfNeeded: date), as: UInt32.self)
        unsafe text.storeBytes(of: UInt16(truncatingIfNeeded: date >> 32), toByteOffset: 5, as: UInt16.self)
        unsafe text.storeBytes(of: UInt16(truncatingIfNeeded: date >> 48), toByteOffset: 8, as: UInt16.self)
        unsafe text.storeBytes(of: UInt16(truncatingIfNeeded: clock), toByteOffset: 11, as: UInt16.self)
        unsafe text.storeBytes(of: UInt16(truncatingIfNeeded: clock >> 16), toByteOffset: 14, as: UInt16.self)
        unsafe text.storeBytes(of: UInt16(truncatingIfNeeded: clock >> 32), toByteOffset: 17, as: UInt16.self)
        @inline(__always)
        func put(_ separator: Unicode.Scalar, at offset: Int) {
            unsafe text.storeBytes(of: UInt8(ascii: separator), toByteOffset: offset, as: UInt8.self)
        }
        put("-", at: 4)
        put("-", at: 7)
        put("T", at: 10)
        put(":", at: 13)
        put(":", at: 16)
        put(last, at: 19)
        count += 20
    }
}
