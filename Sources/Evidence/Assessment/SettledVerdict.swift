package import FoundationEssentials

extension AccessKey {
    /// Whether risk level and tests come out the same however the key was used within a span of time that nothing is
    /// known about.
    ///
    /// Both fall with the time since the last use and never rise, so it is enough to look at both ends of the span.
    ///
    /// - Parameter uses: from when the fact at hand is of, to the latest instant at which a use may have been since.
    package func verdictIsSettled(
        whateverUsesIn uses: ClosedRange<Date>, _ policy: Policy, _ tests: [any ControlTest], at asOf: Date
    ) -> Bool {
        func outcome(_ key: AccessKey) -> [String] {
            [policy.classify(key, at: asOf).name]
                + tests.map { $0.evaluate(key, policy: policy, at: asOf)?.conclusion.rawValue ?? "" }
        }
        let now = outcome(self)
        return [uses.lowerBound, uses.upperBound].allSatisfy { use in
            var key = self
            key.lastUse = .used(at: use, service: "", region: "")
            return outcome(key) == now
        }
    }
}
