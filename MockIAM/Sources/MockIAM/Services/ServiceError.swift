/// An error of a service that doesn't speak the Query protocol.
struct ServiceError: Error, Equatable {
    var status: Int
    /// `ResourceNotFoundException`
    var code: String
    var message: String?
    /// Which of an error's kinds it is: `INVALID_NEXT_TOKEN`.
    var reason: String?
}
