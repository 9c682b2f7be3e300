package import CanonicalJSON
package import Recording

extension MockIAM {
    /// A recording as one HAR 1.2 document (http://www.softwareishard.com/blog/har-12-spec/), as browsers, mitmproxy
    /// and Playwright open it.
    ///
    /// The manifest and our own fields keep their `_` names, which the specification reserves for this, so that
    /// nothing gets lost on the way and back.
    package struct HARDocument: JSONWritable {
        package var recording: RecordedExchanges

        package init(_ recording: RecordedExchanges) {
            self.recording = recording
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("log")
                json.object { json in
                    json.member("_recording", recording.manifest)
                    json.name("creator")
                    json.object { json in
                        json.member("name", "mock-iam")
                        json.member("version", MockIAM.version)
                    }
                    json.member("entries", recording.exchanges)
                    json.member("version", "1.2")
                }
            }
        }
    }
}
