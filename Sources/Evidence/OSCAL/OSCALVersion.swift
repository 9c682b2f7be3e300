/// The versions of OSCAL that documents can state. What we write of the models is the same in all of them, so that the
/// same body is valid as each (https://github.com/usnistgov/OSCAL/releases).
package enum OSCALVersion: String, Sendable, CaseIterable {
    case v1_1_2 = "1.1.2"
    case v1_1_3 = "1.1.3"
    case v1_2_0 = "1.2.0"
    case v1_2_1 = "1.2.1"
    case v1_2_2 = "1.2.2"
    case v1_2_3 = "1.2.3"

    package static let standard = OSCALVersion.v1_2_1
}
