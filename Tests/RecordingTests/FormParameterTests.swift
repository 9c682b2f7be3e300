import Recording
import Testing

@Suite("Form parameters")
struct FormParameterTests {
    @Test(
        "A form body is decoded as browsers do it",
        arguments: [
            ("UserName=svc%2Breports%40billing", "svc+reports@billing"), ("UserName=a+b", "a b"), ("UserName=", ""),
            ("UserName", ""), ("UserName=%3Dcmd", "=cmd"), ("UserName==cmd", "=cmd"), ("UserName=100%", "100%"),
            ("UserName=%4", "%4"), ("UserName=%zz", "%zz"), ("UserName=%c3%BC", "ü"), ("UserName=%FF", "\u{FFFD}"),
        ]
    )
    func decoding(_ body: String, value: String) {
        #expect(FormParameter.parse(body.utf8) == [FormParameter(name: "UserName", value: value)])
    }

    @Test("Parameters keep their order, and empty pairs are none")
    func order() {
        let parameters = FormParameter.parse("b=1&&a=2&b=0&".utf8)
        #expect(parameters.map { "\($0.name)\($0.value)" } == ["b1", "a2", "b0"])
    }
}
