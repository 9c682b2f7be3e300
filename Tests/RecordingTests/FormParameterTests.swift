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

    @Test("The values of one name are those that all parameters have, however the name is written")
    func valuesOfAName() {
        let form = "Action=ListUsers&action=no&%41ction=a%2Bb&Actions=no&Act+ion=no&Action&=Action"
        #expect(FormParameter.values(of: "Action", in: Array(form.utf8)) == ["ListUsers", "a+b", ""])
        let parameters = FormParameter.parse(form.utf8)
        for name in Set(parameters.map(\.name)) {
            let expected = parameters.filter { $0.name == name }.map(\.value)
            #expect(FormParameter.values(of: name, in: Array(form.utf8)) == expected)
        }
    }

    @Test("Parameters keep their order, and empty pairs are none")
    func order() {
        let parameters = FormParameter.parse("b=1&&a=2&b=0&".utf8)
        #expect(parameters.map { "\($0.name)\($0.value)" } == ["b1", "a2", "b0"])
    }
}
