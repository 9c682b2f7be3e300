/// The envelope of the Query protocol's answers: `<OpResponse><OpResult>…</OpResult><ResponseMetadata>…` and
/// `<ErrorResponse>`.
enum QueryAnswer {
    static func decode<Op: QueryOperation>(_ operation: Op.Type, from body: [UInt8]) throws(XMLError) -> Op.Output {
        try XMLReader.read(body) { (xml) throws(XMLError) in
            let root = try xml.root()
            guard root == "\(Op.name)Response" else {
                throw .unexpectedElement(root, expected: "\(Op.name)Response")
            }
            var output: Op.Output?
            var children = xml.children()
            while let name = try xml.next(in: &children) {
                if name == "\(Op.name)Result" { output = try Op.output(from: &xml) }
            }
            guard let output else { throw .missing("\(Op.name)Result") }
            return output
        }
    }

    /// Whether it is an answer to anything: `<…Response>`, and not an error's.
    static func checkAnswer(_ body: [UInt8]) throws(XMLError) {
        try XMLReader.read(body) { (xml) throws(XMLError) in
            let root = try xml.root()
            guard root.hasSuffix("Response"), root != "ErrorResponse", root != "Response" else {
                throw .unexpectedElement(root, expected: "…Response")
            }
            var children = xml.children()
            while try xml.next(in: &children) != nil {}
        }
    }

    /// The code and message of an error answer. `<Errors><Error>` is taken as well as `<Error>`.
    static func error(in body: [UInt8]) throws(XMLError) -> (code: String, message: String) {
        try XMLReader.read(body) { (xml) throws(XMLError) in
            var error: (code: String, message: String)?
            let root = try xml.root()
            guard root == "ErrorResponse" || root == "Response" else {
                throw .unexpectedElement(root, expected: "ErrorResponse")
            }
            var children = xml.children()
            while let name = try xml.next(in: &children) {
                switch name {
                case "Error": error = try fields(of: &xml)
                case "Errors":
                    var errors = xml.children()
                    while let name = try xml.next(in: &errors) {
                        if name == "Error" { error = try fields(of: &xml) }
                    }
                default: break
                }
            }
            guard let error else { throw .missing("Error") }
            return error
        }
    }

    private static func fields(of xml: inout XMLReader) throws(XMLError) -> (code: String, message: String) {
        var code: String?
        var message = ""
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "Code": code = try xml.text()
            case "Message": message = try xml.text()
            default: break
            }
        }
        guard let code else { throw .missing("Code") }
        return (code, message)
    }
}
