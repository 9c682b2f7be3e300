import NIOCore
import Testing

@testable import MockIAM

@Suite("The plan of a delivery")
struct DeliveryTests {
    private func delivery(_ faults: WireFaults, body: String = "<R><A>abc</A></R>") -> Delivery {
        Delivery(of: .xml(body), date: "D", faults: faults, toHEAD: false, closing: false)
    }

    @Test("Without faults, the answer is sent as it is")
    func plain() {
        let answer = Answer.xml("<R/>")
        for closing in [true, false] {
            let delivery = Delivery(of: answer, date: "D", toHEAD: false, closing: closing)
            #expect(delivery.wholeText == String(buffer: answer.bytes(date: "D", toHEAD: false, closing: closing)))
            #expect(delivery.ending == (closing ? .close : .open))
            #expect(delivery.delay == .zero)
        }
        let toHEAD = Delivery(of: answer, date: "D", toHEAD: true, closing: false)
        #expect(toHEAD.wholeText == String(buffer: answer.bytes(date: "D", toHEAD: true, closing: false)))
    }

    @Test("A body that is cut has the length of what is left")
    func truncate() {
        let half = delivery(WireFaults(truncate: .half))
        #expect(half.bodyText == "<R><A>ab")
        #expect(half.claimedLength == 8)
        #expect(half.ending == .open)
        #expect(delivery(WireFaults(truncate: .after(bytes: 3))).bodyText == "<R>")
        #expect(delivery(WireFaults(truncate: .after(bytes: 0))).bodyText == "")
        #expect(delivery(WireFaults(truncate: .after(bytes: 1000))).bodyText == "<R><A>abc</A></R>")
    }

    @Test(
        "A wrong length is claimed, and the connection closes",
        arguments: [(100, 117), (-7, 10), (-1000, 0), (Int.max, Int.max), (Int.min, 0)])
    func contentLength(difference: Int, claimed: Int) {
        let delivery = delivery(WireFaults(contentLength: difference))
        #expect(delivery.claimedLength == claimed)
        #expect(delivery.bodyText == "<R><A>abc</A></R>")
        #expect(delivery.ending == .close)
    }

    @Test("A reset leaves the part of the body before it, and the length of the whole")
    func reset() {
        let within = delivery(WireFaults(reset: .within))
        #expect(within.bodyText == "<R><A>ab")
        #expect(within.claimedLength == 17)
        #expect(within.ending == .reset)
        #expect(delivery(WireFaults(reset: .after(bytes: 3))).bodyText == "<R>")
        #expect(delivery(WireFaults(reset: .after(bytes: 1000))).bodyText == "<R><A>abc</A></R>")
        let before = delivery(WireFaults(latency: .seconds(1), reset: .before))
        #expect(before == .dropped(after: .seconds(1)))
        #expect(before.wholeText == "")
    }

    @Test("Padding stands before the end of the document and grows it to the byte", arguments: [18, 80, 81, 82, 5000])
    func oversize(size: Int) {
        for filling in MockIAM.FaultPlan.Oversize.Filling.allCases {
            let delivery = delivery(WireFaults(oversize: .init(size: size, filling: filling)))
            #expect(delivery.bodyText.utf8.count == size)
            #expect(delivery.claimedLength == size)
            #expect(delivery.bodyText.hasPrefix("<R><A>abc</A>") && delivery.bodyText.hasSuffix("</R>"))
            let padding = delivery.bodyText.dropFirst("<R><A>abc</A>".count).dropLast("</R>".count)
            #expect(
                padding.filter { !$0.isWhitespace }.replacing("<!--", with: "").replacing("padding", with: "")
                    .replacing("-->", with: "").isEmpty)
        }
    }

    @Test("Padding takes no memory before it is sent")
    func oversizeMemory() {
        let delivery = delivery(WireFaults(oversize: .init(size: 1 << 40)))
        #expect(delivery.claimedLength == 1 << 40)
        #expect(delivery.body.count == 3)
    }

    @Test("What is larger already isn't padded; JSON gets white space after it")
    func notOversized() {
        #expect(delivery(WireFaults(oversize: .init(size: 5)), body: "<R>abc</R>").bodyText == "<R>abc</R>")
        let json = delivery(WireFaults(oversize: .init(size: 1000)), body: "{\"A\":1}").bodyText
        #expect(json.utf8.count == 1000)
        #expect(json.filter { !$0.isWhitespace } == "{\"A\":1}")
        #expect(json.hasPrefix("{\"A\":1}"))
    }

    @Test("Padding can be cut and reset, too")
    func combined() {
        let cut = delivery(WireFaults(oversize: .init(size: 1000, filling: .space), truncate: .half))
        #expect(cut.claimedLength == 500)
        #expect(cut.bodyText.utf8.count == 500)
        let reset = delivery(WireFaults(oversize: .init(size: 1000), reset: .after(bytes: 100)))
        #expect(reset.claimedLength == 1000)
        #expect(reset.bodyText.utf8.count == 100)
    }
}

extension Delivery {
    /// The body as it will be sent.
    var bodyText: String {
        body.map { piece in
            switch piece {
            case .bytes(let bytes): return String(buffer: bytes)
            case .padding(let pattern, let count):
                let text = String(buffer: pattern)
                return String(String(repeating: text, count: count / text.utf8.count + 1).prefix(count))
            }
        }.joined()
    }

    var wholeText: String {
        String(buffer: head) + bodyText
    }

    var claimedLength: Int? {
        let line = String(buffer: head).split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        return line.flatMap { Int($0.dropFirst(16)) }
    }
}
