/// What a request says about its own signature, unchecked.
struct SignatureClaim {
    enum Place {
        case header
        case query
    }

    var place: Place
    var credential: String
    var signedHeaders: SignedHeaderNames
    var signature: [UInt8]
    var date: String
    /// Whether the date may be HTTP's, as that of a `Date` header.
    var allowsHTTPDate = false
    var sessionToken: String?

    /// - Throws: IncompleteSignature for what isn't in ISO 8601's basic form.
    func signingDate() throws(SignatureError) -> SigningDate {
        if let date = SigningDate(iso: date) { return date }
        if allowsHTTPDate, let date = SigningDate(http: date) { return date }
        throw .malformedDate(date)
    }
}

extension SignatureClaim {
    /// - Throws: MissingAuthenticationToken where nothing is signed, IncompleteSignature where something lacks, and
    ///   SignatureDoesNotMatch where header and query are signed both.
    init(_ message: SignedMessage, query: QueryString) throws(SignatureError) {
        switch (message.header("authorization"), query.contains("X-Amz-Algorithm")) {
        case (let authorization?, false): try self.init(authorization: authorization, message)
        case (nil, true): try self.init(query, message)
        case (_?, true): throw .signedTwice
        case (nil, false): throw .nothingSigned
        }
    }

    /// From `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    private init(authorization: String, _ message: SignedMessage) throws(SignatureError) {
        let words = Array(authorization.utf8).split { $0.isHeaderSpace || $0 == UInt8(ascii: ",") }
        let algorithm = words.first ?? []
        guard algorithm.elementsEqual("AWS4-HMAC-SHA256".utf8) else {
            throw .unsupportedAlgorithm(String(decoding: algorithm, as: UTF8.self))
        }
        var credential: ArraySlice<UInt8>?
        var signedHeaders: ArraySlice<UInt8>?
        var signature: ArraySlice<UInt8>?
        for word in words.dropFirst() {
            let name = word.prefix { $0 != UInt8(ascii: "=") }
            guard !name.isEmpty, name.endIndex < word.endIndex else { throw .withoutEqualSign(header: authorization) }
            let value = word[(name.endIndex + 1)...]
            // Of a parameter that comes twice AWS takes the last one.
            switch String(decoding: name, as: UTF8.self) {
            case "Credential": credential = value
            case "SignedHeaders": signedHeaders = value
            case "Signature": signature = value
            default: break
            }
        }
        let amzDate = message.header("x-amz-date")
        guard let credential, let signedHeaders, let signature, let date = amzDate ?? message.header("date") else {
            let parameters = [("Credential", credential), ("Signature", signature), ("SignedHeaders", signedHeaders)]
            throw .incompleteHeader(
                parameters.filter { $0.1 == nil }.map(\.0),
                needsDate: amzDate == nil && message.header("date") == nil, header: authorization
            )
        }
        self.init(
            place: .header, credential: String(decoding: credential, as: UTF8.self),
            signedHeaders: SignedHeaderNames(signedHeaders), signature: Array(signature), date: date,
            allowsHTTPDate: amzDate == nil, sessionToken: message.header("x-amz-security-token")
        )
    }

    /// From `X-Amz-Algorithm=…&X-Amz-Credential=…` and so on. Of a parameter that comes twice AWS takes the first.
    private init(_ query: QueryString, _ message: SignedMessage) throws(SignatureError) {
        // What names another algorithm is to AWS as if it weren't signed (scratchstack-aws-signature).
        guard query.first("X-Amz-Algorithm") == "AWS4-HMAC-SHA256" else { throw .nothingSigned }
        let names = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"]
        guard let credential = query.first(names[0]), let signature = query.first(names[1]),
            let signedHeaders = query.first(names[2]), let date = query.first(names[3])
        else { throw .incompleteQuery(names.filter { query.first($0) == nil }) }
        // IAM and STS take a presigned request for the same 15 minutes whatever it says (aws-sdk-go#2167), but
        // nonsense is an error.
        if query.contains("X-Amz-Expires") {
            guard let expires = Int(query.first("X-Amz-Expires") ?? ""), 1...604_800 ~= expires else {
                throw .malformedExpiry
            }
        }
        self.init(
            place: .query, credential: credential, signedHeaders: SignedHeaderNames(signedHeaders.utf8),
            signature: Array(signature.utf8), date: date,
            sessionToken: query.first("X-Amz-Security-Token") ?? message.header("x-amz-security-token")
        )
    }
}
