extension HTTPResponse {
    /// Puts `<redacted>` in the place of secrets wherever they stand.
    mutating func redact(_ secrets: [Secret]) {
        for index in headers.indices {
            let clean = headers[index].value.redacting(secrets)
            // Hardly ever; what is put there again would be another copy of all of them.
            if clean != headers[index].value { headers[index].value = clean }
        }
        // XML stays XML.
        let isXML = body.first { $0 > UInt8(ascii: " ") } == UInt8(ascii: "<")
        for secret in secrets {
            body.replace(secret, with: isXML ? secret.markInXML : secret.description)
        }
    }
}

extension Secret {
    fileprivate var markInXML: String {
        description.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
