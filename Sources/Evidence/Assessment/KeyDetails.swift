/// One key with what documents say of it. Facts and conclusions are got together once for all that is written of the
/// key in one place.
final class KeyDetails {
    let assessed: KeyAssessment
    /// The level with its reason.
    private(set) lazy var classification = assessed.classification
    private(set) lazy var remedy = makeRemedy()

    init(_ assessed: KeyAssessment) {
        self.assessed = assessed
    }

    var key: AccessKey { assessed.key }
    var userName: String { assessed.user.name }
    var userARN: String { assessed.user.arn }

    var naturalKey: String { assessed.naturalKey }
}
