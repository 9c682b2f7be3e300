extension AccountGenerator {
    /// A quarter of the users gets a hostile name, a fifth hostile tags, and some a hostile path or a status that IAM
    /// doesn't know. As far as there are users enough, each text of ``HostileText`` is there.
    mutating func addHostilities(to account: inout MockIAM.Account) {
        var random = SplitMix64(seed: seed, Stream.hostilities.rawValue)
        for (number, index) in someUsers(&random, of: 4, atLeast: HostileText.names.count).enumerated() {
            account.users[index].name = Self.name(number, index)
        }
        for (number, index) in someUsers(&random, of: 5, atLeast: HostileText.tagValues.count).enumerated() {
            let value = HostileText.tagValues[number % HostileText.tagValues.count]
            account.users[index].tags = [
                MockIAM.Tag("note", value),
                MockIAM.Tag(HostileText.tagKeys[number % HostileText.tagKeys.count], "key"),
            ]
        }
        for (number, index) in someUsers(&random, of: 25, atLeast: HostileText.paths.count).enumerated() {
            account.users[index].path = HostileText.paths[number % HostileText.paths.count]
        }
        let keyed = someUsers(&random, of: 1, atLeast: 0).filter { !account.users[$0].accessKeys.isEmpty }
        for (number, index) in keyed.prefix(max(users / 50, HostileText.statuses.count)).enumerated() {
            account.users[index].accessKeys[0].status = HostileText.statuses[number % HostileText.statuses.count]
        }
    }

    /// The indices of some users that aren't deleted, drawn at random: one user in `denominator`, but at least `atLeast`
    /// of them.
    private func someUsers(_ random: inout SplitMix64, of denominator: Int, atLeast: Int) -> ArraySlice<Int> {
        var indices = Array(0..<users)
        random.shuffle(&indices)
        return indices.prefix(max(users / denominator, atLeast))
    }

    /// Each name once as it is, and then with the user's number.
    private static func name(_ number: Int, _ index: Int) -> String {
        let names = HostileText.names
        guard number >= names.count else { return names[number] }
        let suffix = "-\(index + 1)"
        return names[number % names.count].prefix(64 - suffix.utf8.count) + suffix
    }
}
