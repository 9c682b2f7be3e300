import StrictYAML
import Testing

extension YAMLValue {
    /// The value of `text`, which stands in `f.yaml`.
    static func made(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLValue {
        try YAMLValue(parsing: text, file: "f.yaml", limits: limits)
    }
}

/// What `body` says is wrong; a failure where it doesn't throw.
func message(
    sourceLocation: SourceLocation = #_sourceLocation, of body: () throws(YAMLError) -> some Any
) -> String {
    do throws(YAMLError) {
        let value = try body()
        Issue.record("no error but \(value)", sourceLocation: sourceLocation)
        return ""
    } catch {
        return error.description
    }
}
