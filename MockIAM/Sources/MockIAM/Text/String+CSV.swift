extension String {
    /// As a field of comma-separated values: in quotes where it has what separates fields or rows
    /// (https://datatracker.ietf.org/doc/html/rfc4180). Names and paths may hold commas, paths quotation marks, and what
    /// IAM would refuse anything.
    var csvField: String {
        guard utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return self }
        return "\"\(replacing("\"", with: "\"\""))\""
    }
}
