import AWSClient

/// What an XML parser that isn't the emulator's own says of a document.
enum XMLCheck {
    /// - Throws: ``FuzzFinding`` where it isn't well-formed.
    static func check(_ document: [UInt8]) throws {
        do {
            _ = try XMLReader.read(document) { (xml) throws(XMLError) in try xml.root() }
        } catch {
            throw FuzzFinding("\(error): \(String(decoding: document, as: UTF8.self))")
        }
    }
}
