import Testing

@testable import AWSClient

@Suite struct OutagePatienceTests {
    /// One call that fails again as soon as it is made.
    private struct FailingCall {
        var subject = OutagePatience.Subject.operation("ListUsers")
        var wait: OutagePatience.Wait?

        mutating func pauses(_ patience: inout OutagePatience, from start: Duration) -> [Duration] {
            var now = start
            var pauses: [Duration] = []
            while let pause = patience.pause(of: subject, &wait, at: now, random: 0.5) {
                pauses.append(pause)
                now += pause
            }
            return pauses
        }
    }

    private func patience(_ seconds: Int = 120) -> OutagePatience {
        var patience = OutagePatience(.seconds(seconds))
        patience.noteAnswer(to: .operation("ListUsers"), by: .service(.iam), at: .zero)
        return patience
    }

    @Test func `pauses grow to half a minute, and end with the patience`() {
        var patience = patience()
        var call = FailingCall()
        #expect(call.pauses(&patience, from: .seconds(7)) == [5, 10, 20, 30, 30].map(Duration.seconds))
    }

    @Test func `pauses are spread by a quarter`() {
        for (random, seconds) in [(0.0, 3.75), (1, 6.25)] {
            var patience = patience()
            var wait: OutagePatience.Wait?
            #expect(patience.pause(of: .operation("ListUsers"), &wait, at: .zero, random: random) == .seconds(seconds))
        }
    }

    @Test func `what is used up is not there again at the next outage`() {
        var patience = patience(60)
        var first = FailingCall()
        #expect(first.pauses(&patience, from: .zero) == [5, 10, 20].map(Duration.seconds))
        // 25 seconds are left, an hour later.
        var second = FailingCall()
        #expect(second.pauses(&patience, from: .seconds(3600)) == [5, 10].map(Duration.seconds))
    }

    @Test func `calls that wait at the same time use it up once`() {
        var patience = patience(35)
        var calls = Array(repeating: FailingCall(), count: 50)
        for (seconds, pause) in [(0, 5), (5, 10), (15, 20)] {
            for index in calls.indices {
                let given = patience.pause(
                    of: .operation("ListUsers"), &calls[index].wait, at: .seconds(seconds), random: 0.5)
                #expect(given == .seconds(pause))
            }
        }
        #expect(patience.pause(of: .operation("ListUsers"), &calls[0].wait, at: .seconds(35), random: 0.5) == nil)
    }

    @Test func `an attempt that hangs is counted with the pauses`() {
        var patience = patience(60)
        var wait: OutagePatience.Wait?
        #expect(patience.pause(of: .operation("ListUsers"), &wait, at: .zero, random: 0.5) == .seconds(5))
        #expect(patience.pause(of: .operation("ListUsers"), &wait, at: .seconds(5 + 50), random: 0.5) == nil)
    }

    @Test func `each operation has its own, and nobody waits for one that was never answered`() {
        var patience = patience()
        patience.noteAnswer(to: .operation("ListAccessKeys"), by: .service(.iam), at: .zero)
        for operation in ["ListUsers", "ListAccessKeys"] {
            var call = FailingCall(subject: .operation(operation))
            #expect(call.pauses(&patience, from: .zero).count == 5)
        }
        var unknown = FailingCall(subject: .operation("ListMFADevices"))
        #expect(unknown.pauses(&patience, from: .zero).isEmpty)
    }

    @Test func `an answer to another call cuts a pause short, once`() {
        var patience = patience()
        var wait: OutagePatience.Wait?
        _ = patience.pause(of: .operation("ListUsers"), &wait, at: .seconds(10), random: 0.5)
        #expect(!patience.cutsShort(.operation("ListUsers"), &wait))
        patience.noteAnswer(to: .operation("ListAccessKeys"), by: .service(.iam), at: .seconds(11))
        #expect(!patience.cutsShort(.operation("ListUsers"), &wait))
        // Before the call failed.
        patience.noteAnswer(to: .operation("ListUsers"), by: .service(.iam), at: .seconds(10))
        #expect(!patience.cutsShort(.operation("ListUsers"), &wait))
        patience.noteAnswer(to: .operation("ListUsers"), by: .service(.iam), at: .seconds(12))
        #expect(patience.cutsShort(.operation("ListUsers"), &wait))
        // It failed all the same: whatever ails it isn't what ailed the others.
        _ = patience.pause(of: .operation("ListUsers"), &wait, at: .seconds(13), random: 0.5)
        patience.noteAnswer(to: .operation("ListUsers"), by: .service(.iam), at: .seconds(14))
        #expect(!patience.cutsShort(.operation("ListUsers"), &wait))
    }

    @Test func `an answer of before the pause doesn't`() {
        var patience = patience()
        var wait: OutagePatience.Wait?
        _ = patience.pause(of: .operation("ListUsers"), &wait, at: .seconds(10), random: 0.5)
        patience.noteAnswer(to: .operation("ListUsers"), by: .service(.iam), at: .seconds(15))
        _ = patience.pause(of: .operation("ListUsers"), &wait, at: .seconds(16), random: 0.5)
        #expect(!patience.cutsShort(.operation("ListUsers"), &wait))
    }

    /// A way to STS isn't one to IAM.
    @Test func `where nobody listened, another service's answers say nothing`() {
        var patience = OutagePatience(.seconds(120))
        patience.noteAnswer(to: .operation("GetCallerIdentity"), by: .service(.sts), at: .zero)
        var call = FailingCall(subject: .service(.iam))
        #expect(call.pauses(&patience, from: .zero).isEmpty)
    }

    @Test func `where nobody listened, any answer cuts it short`() {
        var patience = patience()
        var wait: OutagePatience.Wait?
        _ = patience.pause(of: .service(.iam), &wait, at: .seconds(10), random: 0.5)
        patience.noteAnswer(to: .operation("ListAccessKeys"), by: .service(.iam), at: .seconds(12))
        #expect(patience.cutsShort(.service(.iam), &wait))
    }

    @Test func `where nobody listens, it is enough that anything was answered`() {
        var never = OutagePatience(.seconds(120))
        var call = FailingCall(subject: .service(.iam))
        #expect(call.pauses(&never, from: .zero).isEmpty)
        var patience = patience()
        #expect(call.pauses(&patience, from: .zero).count == 5)
    }
}
