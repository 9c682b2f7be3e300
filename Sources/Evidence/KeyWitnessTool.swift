/// The program's name and version, as every document carries them.
package enum KeyWitnessTool {
    package static let name = "keywitness"
    package static let version = "0.1.0"
}
