import NIOCore
import NIOHTTP1
import Recording

extension Answer {
    /// Plain text, as the instance metadata service has it.
    ///
    /// - Parameter ttl: for how many seconds the session token still is good.
    static func metadata(_ text: String, ttl: Int) -> Answer {
        Answer(
            status: 200,
            headers: [
                Exchange.Header(name: "X-Aws-Ec2-Metadata-Token-Ttl-Seconds", value: "\(ttl)"),
                Exchange.Header(name: "Content-Type", value: "text/plain"),
                Exchange.Header(name: "Accept-Ranges", value: "none"),
                Exchange.Header(name: "Server", value: "EC2ws"),
            ],
            body: ByteBuffer(string: text))
    }

    /// The page of an error, as the instance metadata service has it.
    static func metadataError(_ status: Int) -> Answer {
        let title = "\(status) - \(HTTPResponseStatus(statusCode: status).reasonPhrase)"
        let page = """
            <?xml version="1.0" encoding="iso-8859-1"?>
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
            \t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
            <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
             <head>
              <title>\(title)</title>
             </head>
             <body>
              <h1>\(title)</h1>
             </body>
            </html>

            """
        return Answer(
            status: status,
            headers: [
                Exchange.Header(name: "Content-Type", value: "text/html"),
                Exchange.Header(name: "Server", value: "EC2ws"),
            ] + (status == 405 ? [Exchange.Header(name: "Allow", value: "OPTIONS, PUT")] : []),
            body: ByteBuffer(string: page))
    }
}
