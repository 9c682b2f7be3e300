import FoundationEssentials

private let day = 86_400

extension AccountGenerator {
    /// The user at a place, as a well-kept account has one.
    mutating func user(_ index: Int, keys: Int) -> MockIAM.User {
        var random = SplitMix64(seed: seed, Stream.users.rawValue, UInt64(index))
        let isPerson = random.chance(450)
        let word = random.pick(isPerson ? Vocabulary.people : Vocabulary.programs)
        let age = random.number(weighted: [
            (10, 3600...30 * day), (8, 30 * day...60 * day), (8, 60 * day...90 * day), (14, 90 * day...180 * day),
            (60, 180 * day...3285 * day),
        ])
        let number = String(index + 1)
        var user = MockIAM.User(
            "\(word)-\(String(repeating: "0", count: max(0, 3 - number.utf8.count)))\(number)",
            created: ago(seconds: age))
        if random.chance(300) { user.path = random.pick(Vocabulary.paths) }
        user.accessKeys = accessKeys(keys, userAge: age, &random)
        if random.chance(isPerson ? 850 : 40) {
            user.password = password(userAge: age, &random)
            if random.chance(800) { user.mfaDevices = [mfaDevice(of: user, age, &random)] }
        }
        user.tags = tags(&random)
        addRareCredentials(to: &user, age, &random)
        return user
    }

    // MARK: Access keys

    /// Ages and uses lie on every side of 30, 60, 90, 120 and 180 days, where policies draw their lines.
    private mutating func accessKeys(_ count: Int, userAge: Int, _ random: inout SplitMix64) -> [MockIAM.AccessKey] {
        guard count > 0 else { return [] }
        var ages = (0..<count).map { _ in
            random.number(weighted: [
                (12, 600...30 * day), (12, 30 * day...60 * day), (12, 60 * day...90 * day), (12, 90 * day...120 * day),
                (14, 120 * day...180 * day), (38, 180 * day...1500 * day),
            ])
        }
        // Where the user isn't that old, its key was made with it.
        for slot in ages.indices where ages[slot] >= userAge {
            ages[slot] = userAge - random.number(below: min(userAge, 3600))
        }
        ages.sort(by: >)
        return ages.map { age in
            MockIAM.AccessKey(
                keyID(), status: random.chance(120) ? "Inactive" : "Active", created: ago(seconds: age),
                lastUse: random.chance(200) ? nil : lastUse(keyAge: age, &random))
        }
    }

    private func lastUse(keyAge: Int, _ random: inout SplitMix64) -> MockIAM.LastUse {
        let idle = idle(within: keyAge, &random)
        switch random.number(below: 10) {
        case 0...2: return MockIAM.LastUse(idle)
        case 3: return MockIAM.LastUse(idle, service: "iam", region: "us-east-1")
        case 4: return MockIAM.LastUse(idle, service: "sts", region: random.pick(Vocabulary.regions))
        default:
            return MockIAM.LastUse(
                idle, service: random.pick(Vocabulary.services), region: random.pick(Vocabulary.regions))
        }
    }

    /// When something of this age was last used, to the minute.
    private func idle(within age: Int, _ random: inout SplitMix64) -> Date {
        let idle = random.number(weighted: [
            (33, 60...day), (15, day...30 * day), (11, 30 * day...60 * day), (11, 60 * day...90 * day),
            (13, 90 * day...120 * day), (9, 120 * day...180 * day), (8, 180 * day...700 * day),
        ])
        let used = ago(seconds: idle < age ? idle : random.number(below: age)).timeIntervalSinceReferenceDate
        let minute = Date(timeIntervalSinceReferenceDate: (used / 60).rounded(.down) * 60)
        return max(minute, ago(seconds: age))
    }

    // MARK: The rest

    private func password(userAge: Int, _ random: inout SplitMix64) -> MockIAM.Password {
        let age = userAge - random.number(below: min(userAge, 600))
        var password = MockIAM.Password(created: ago(seconds: age))
        if random.chance(400) { password.changed = ago(seconds: random.number(below: age)) }
        if random.chance(850) { password.lastUsed = idle(within: age, &random) }
        return password
    }

    private func mfaDevice(of user: MockIAM.User, _ age: Int, _ random: inout SplitMix64) -> MockIAM.MFADevice {
        let enabled = ago(seconds: random.number(below: age))
        let number = random.number(in: 10_000_000...99_999_999)
        let isHardware = random.chance(50)
        return MockIAM.MFADevice(
            isHardware ? "GAHT\(number)" : "arn:aws:iam::\(account):mfa/\(user.name)", enabled: enabled)
    }

    private func tags(_ random: inout SplitMix64) -> [MockIAM.Tag] {
        var tags: [MockIAM.Tag] = []
        if random.chance(850) { tags.append(MockIAM.Tag("owner", random.pick(Vocabulary.owners))) }
        if random.chance(550) { tags.append(MockIAM.Tag("team", random.pick(Vocabulary.teams))) }
        if random.chance(150) { tags.append(MockIAM.Tag("cost-center", "\(random.number(in: 1000...9999))")) }
        return tags
    }

    private func addRareCredentials(to user: inout MockIAM.User, _ age: Int, _ random: inout SplitMix64) {
        let status = random.chance(200) ? "Inactive" : "Active"
        let created = ago(seconds: random.number(below: age))
        let id = (0..<16).map { _ in String(Unicode.Scalar(random.pick(Alphabet.base32.characters))) }.joined()
        switch random.number(below: 1000) {
        case 0..<4: user.signingCertificates = [MockIAM.SigningCertificate(id + id, status: status, uploaded: created)]
        case 4..<12: user.sshPublicKeys = [MockIAM.SSHPublicKey("APKA" + id, status: status, uploaded: created)]
        case 12..<15:
            user.serviceSpecificCredentials = [
                MockIAM.ServiceSpecificCredential(
                    "ACCA" + id, status: status, created: created, serviceUserName: "\(user.name)-at-\(account)")
            ]
        case 15..<18:
            user.serviceSpecificCredentials = [
                MockIAM.ServiceSpecificCredential(
                    "ACCA" + id, service: "bedrock.amazonaws.com", status: status, created: created,
                    expires: clock + Double(90 * day), credentialAlias: "\(user.name)-alias")
            ]
        default: break
        }
    }
}
