package import CanonicalJSON
import Crypto

/// The limits that keys are held to. All of them are whole days.
package struct Policy: Sendable, Equatable {
    /// What one level asks for; a band that has no limit of a kind doesn't look at it.
    package struct Band: Sendable, Equatable {
        /// Never used, and at least this old.
        package var neverUsedAge: Int?
        /// Last used at least this long ago.
        package var idle: Int?
        /// At least this old, used or not.
        package var age: Int?
    }

    package var name: String
    package var critical: Band
    package var high: Band
    package var medium: Band
    package var low: Band
    /// Control test `key-rotation`: an Active key may not be this old.
    package var keyAgeThreshold: Int
    /// Control test `unused-key`: an Active key may not be unused for so long.
    package var lastUsedThreshold: Int
    /// An Inactive or Expired key can't be used: whatever its age, its level is at most this.
    package var inactiveCap = RiskLevel.low

    /// The default policy, with the two limits that have options of their own.
    ///
    /// The unused limit takes the HIGH band with it; the CRITICAL band gives way where it would otherwise begin before
    /// HIGH.
    package init(keyAgeThreshold: Int = 90, lastUsedThreshold: Int = 90) {
        name = "default"
        critical = Band(neverUsedAge: max(180, lastUsedThreshold), idle: max(120, lastUsedThreshold))
        high = Band(neverUsedAge: lastUsedThreshold, idle: lastUsedThreshold)
        medium = Band(idle: 60, age: 60)
        low = Band(age: 30)
        self.keyAgeThreshold = keyAgeThreshold
        self.lastUsedThreshold = lastUsedThreshold
    }

    /// The bands from the worst down.
    package var bands: [(level: RiskLevel, band: Band)] {
        [(.critical, critical), (.high, high), (.medium, medium), (.low, low)]
    }

    /// SHA-256 of the policy as canonical JSON without white space: the same limits have the same digest everywhere.
    package var digest: String {
        SHA256.hash(data: CanonicalJSON.compact(self)).hexadecimal
    }
}

extension Policy: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("critical", critical)
            json.member("high", high)
            json.member("inactiveCap", inactiveCap.name)
            json.member("keyAgeThreshold", keyAgeThreshold)
            json.member("lastUsedThreshold", lastUsedThreshold)
            json.member("low", low)
            json.member("medium", medium)
            json.member("name", name)
        }
    }
}

extension Policy.Band: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("age", age)
            json.member("idle", idle)
            json.member("neverUsedAge", neverUsedAge)
        }
    }
}
