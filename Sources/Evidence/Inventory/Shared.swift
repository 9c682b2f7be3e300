/// A large value that its copies share. Whoever changes it makes another.
final class Shared<Value: Sendable & Equatable>: Sendable, Equatable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    func changed(_ change: (inout Value) -> Void) -> Shared {
        var value = value
        change(&value)
        return Shared(value)
    }

    static func == (left: Shared, right: Shared) -> Bool { left === right || left.value == right.value }
}
