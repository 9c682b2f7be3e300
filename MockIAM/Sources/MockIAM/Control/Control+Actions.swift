import CanonicalJSON
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import Recording
import StrictYAML

extension Control {
    private var world: World {
        responder.world
    }

    /// Whom the server answers for, and which operations.
    var readiness: Reply {
        let operations =
            switch responder.content.source {
            case .accounts: QueryOperation.all.values.map(\.name).sorted()
            case .recording(let replay): replay.actions
            }
        return Reply(Readiness(accounts: world.accounts.map(\.id), operations: operations))
    }

    /// Everything as it was when the server started: what it answers from, the clock, what it handed out, the journal,
    /// the faults.
    func reset() -> Reply {
        responder.content.reset()
        responder.journal.clear()
        responder.faults.replace(responder.options.faults, at: responder.elapsed)
        return Reply(Done(done: "everything is as it was at the start"))
    }

    // MARK: Clock

    var clock: Reply {
        Reply(ClockReply(now: world.clock.now, isMoving: world.clock.isMoving))
    }

    /// `{"now": "2026-11-22T20:45:00Z", "moving": true}`, either or both.
    func setClock(_ body: String) throws(ControlError) -> Reply {
        let request = try read(body) { value throws(YAMLError) in
            let keys = try value.mapping("a clock", keys: ClockKey.self)
            return (now: try keys[.now]?.instant(relativeTo: world.clock.now), moving: try keys[.moving]?.bool())
        }
        world.clock.set(to: request.now, isMoving: request.moving)
        return clock
    }

    /// `{"by": "1h30m"}`; time goes back only by setting it.
    func advanceClock(_ body: String) throws(ControlError) -> Reply {
        let duration = try read(body) { value throws(YAMLError) in
            try value.mapping("an advance of the clock", keys: AdvanceKey.self).required(.by).duration()
        }
        guard world.clock.advance(by: duration.seconds) else {
            throw ControlError(
                "the clock can't be advanced by \(duration.spelled): it shows \(world.clock.now.instant), and instants end "
                    + "with the year 9999")
        }
        return clock
    }

    // MARK: Journal

    func journal(_ request: HTTPRequest) throws(ControlError) -> Reply {
        if request.method == .DELETE {
            responder.journal.clear()
            return Reply(Done(done: "the journal is empty"))
        }
        var entries = responder.journal.entries
        for parameter in FormParameter.parse(request.query.utf8) {
            switch parameter.name {
            case "action": entries.removeAll { !Glob.matches($0.action ?? "", parameter.value) }
            case "account": entries.removeAll { $0.account != parameter.value }
            case "outcome":
                guard MockIAM.Journal.Outcome.names.contains(parameter.value) else {
                    throw ControlError(
                        "there is no outcome '\(parameter.value.printable())'",
                        expected: MockIAM.Journal.Outcome.names)
                }
                entries.removeAll { $0.outcome.name != parameter.value }
            case "since":
                guard let number = Int(parameter.value) else {
                    throw ControlError("'since' is the number of an entry, not '\(parameter.value.printable())'")
                }
                entries.removeAll { $0.number <= number }
            default:
                throw ControlError(
                    "there is no filter '\(parameter.name.printable())'",
                    expected: ["action", "account", "outcome", "since"])
            }
        }
        return Reply(Entries(entries))
    }

    // MARK: Faults

    /// The plan in force, in the form of a faults file.
    var faults: Reply {
        Reply(responder.faults.plan)
    }

    /// Puts another plan in force, from its beginning: a faults file, in YAML or JSON.
    func setFaults(_ body: String) throws(ControlError) -> Reply {
        let plan = try read(body) { value throws(YAMLError) in try MockIAM.FaultPlan(value) }
        responder.faults.replace(plan, at: responder.elapsed)
        responder.warn(of: plan)
        return faults
    }

    /// From now on nothing goes wrong.
    func removeFaults() -> Reply {
        responder.faults.replace(MockIAM.FaultPlan(), at: responder.elapsed)
        return faults
    }

    // MARK: Accounts

    /// What the accounts look like now, in the form of an account file.
    var state: Reply {
        Reply(MockIAM.AccountFile(world.accounts.map(\.model)))
    }

    /// Serves other accounts: an account file, in YAML or JSON.
    func setState(_ body: String) throws(ControlError) -> Reply {
        do throws(MockIAM.AccountFileError) {
            let accounts = try MockIAM.AccountFile(parsing: body, file: "the request", now: world.clock.now).accounts
            responder.content.replace(accounts)
            responder.warn(of: .accounts(accounts))
            return readiness
        } catch {
            throw ControlError(error.description)
        }
    }

    /// Reads the files again that the server was started with.
    func reload() throws(ControlError) -> Reply {
        guard responder.options.reload != nil else {
            throw ControlError(status: 409, "this server answers from no file that could be read again")
        }
        do {
            try responder.reload()
        } catch {
            throw ControlError(status: 422, "nothing has changed: \(error)")
        }
        return Reply(Done(done: responder.content.summary))
    }

    /// Reads a body, which is JSON or YAML.
    func read<Value>(_ body: String, _ decode: (YAMLValue) throws(YAMLError) -> Value) throws(ControlError) -> Value {
        do throws(YAMLError) {
            return try decode(try YAMLValue(parsing: body, file: "the request"))
        } catch {
            throw ControlError(error.description)
        }
    }
}

private enum ClockKey: String, CaseIterable {
    case now, moving
}

private enum AdvanceKey: String, CaseIterable {
    case by
}
