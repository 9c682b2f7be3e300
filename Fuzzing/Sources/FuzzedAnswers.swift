@testable import AWSClient

/// Reads bytes as the answers of AWS.
///
/// Each operation's decoder gets what has its root element, and the errors' decoder gets everything.
enum FuzzedAnswers {
    static func `try`(_ input: [UInt8]) throws {
        // Where an operation's name is: libFuzzer mustn't have to find it for each decoder anew.
        let beginning = String(decoding: input.prefix(200), as: UTF8.self)
        for decoder in decoders where beginning.contains("\(decoder.name)Response") { try decoder.decode(input) }
        do throws(XMLError) {
            let error = try QueryAnswer.error(in: input)
            guard !error.code.contains("\0") else { throw .notXML }
        } catch {
            // Messages are made by counting lines and columns of the input.
            guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
        }
    }

    private struct Decoder: Sendable {
        let name: String
        let decode: @Sendable ([UInt8]) throws -> Void

        init<Op: QueryOperation>(_ operation: Op.Type) {
            name = Op.name
            decode = { input in
                do throws(XMLError) {
                    let output = try QueryAnswer.decode(operation, from: input)
                    if let page = output as? any Page, page.marker == "\0" { throw .notXML }
                } catch {
                    guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
                }
            }
        }
    }

    private static let decoders = [
        Decoder(ListUsers.self), Decoder(ListAccessKeys.self), Decoder(GetAccessKeyLastUsed.self),
        Decoder(GetLoginProfile.self), Decoder(GetCallerIdentity.self),
    ]
}
