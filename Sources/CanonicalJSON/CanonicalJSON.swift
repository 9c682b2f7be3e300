/// JSON whose bytes are defined: members sorted by name, numbers and strings written one way only, so that the same
/// value is the same file with every toolchain. Evidence is compared and digested by its bytes.
///
/// Values write themselves straight into one buffer (``JSONWritable``). With Foundation's encoder, which builds a tree
/// of the whole document first, a third of a scan's CPU time and half of its memory went into JSON; `make bench` keeps
/// watch.
package enum CanonicalJSON {
    /// Without any white space: for JSON Lines and digests.
    package static func compact(_ value: some JSONWritable) -> [UInt8] {
        var json = JSONWriter()
        value.write(to: &json)
        return json.bytes
    }

    /// For people and `diff`: a container that holds others has a line for each of its members; one that holds none
    /// stands on one line. Ended by a line feed.
    package static func document(_ value: some JSONWritable) -> [UInt8] {
        indented(compact(value))
    }

    /// For large documents: the outer levels have a line for each member, what is deeper stands compactly on one. A tool
    /// that compares lines still shows which element differs, and the document is written as it is made.
    ///
    /// - Parameters:
    ///   - levels: how many levels of containers have a line for each member.
    ///   - output: takes the bytes; its end is left to the caller.
    package static func write(_ value: some JSONWritable, linedLevels levels: Int, to output: inout OutputBuffer) {
        var json = JSONWriter(to: output, linedLevels: levels)
        value.write(to: &json)
        output = json.finish()
    }
}
