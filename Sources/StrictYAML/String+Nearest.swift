extension String {
    /// The candidate that was probably meant, for "did you mean"; nil where none is near.
    ///
    /// Case, hyphens and underscores don't count: `lastUsed` is `last_used`.
    package func nearest(in candidates: [String]) -> String? {
        let own = lettersAlone
        guard own.count <= 64 else { return nil }
        let near = candidates.map { (name: $0, distance: own.edits(to: $0.lettersAlone)) }.min {
            $0.distance < $1.distance
        }
        guard let near, near.distance <= max(1, own.count / 3) else { return nil }
        return near.name
    }

    private var lettersAlone: [Character] {
        lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    }
}

extension [Character] {
    /// How many letters must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment).
    fileprivate func edits(to other: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array<Int>(0...other.count)
        for i in indices {
            var row = [i + 1]
            for j in other.indices {
                var edits = Swift.min(last[j + 1] + 1, row[j] + 1, last[j] + (self[i] == other[j] ? 0 : 1))
                if i > 0, j > 0, self[i] == other[j - 1], self[i - 1] == other[j] {
                    edits = Swift.min(edits, beforeLast[j - 1] + 1)
                }
                row.append(edits)
            }
            (beforeLast, last) = (last, row)
        }
        return last[other.count]
    }
}
