/// Where the as-of instant came from: an auditor must see that a run was judged at another instant than that of its
/// calls.
package enum AsOfSource: String, Sendable, Decodable {
    /// The clock, when the run began.
    case clock
    /// AWS's clock, when the run began: the machine's was more than 15 minutes off, or AWS refused a request for it.
    case awsClock = "aws-clock"
    /// The `--as-of` option.
    case option
}
