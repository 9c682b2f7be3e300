extension MockIAM.FaultPlan {
    /// A body grown by what an XML reader passes over, just before the end of the document. It is sent as it is made,
    /// so that its size costs the server no memory.
    public struct Oversize: Sendable, Equatable {
        /// Of the whole body, in bytes. A body that is larger anyway stays as it is.
        public var size: Int
        /// What the body is filled with.
        public var filling: Filling

        /// What a body is filled with.
        public enum Filling: String, CaseIterable, Sendable {
            /// Many short comments.
            case comments
            /// White space, which an XML reader may take for one long text.
            case space
        }

        /// A size in bytes.
        public init(size: Int, filling: Filling = .comments) {
            self.size = size
            self.filling = filling
        }
    }

    /// A page as a proxy or the login page of a network sends it, with HTML's content type and none of AWS's headers.
    public struct HTML: Sendable, Equatable {
        /// The HTTP status: 200 is what misleads most.
        public var status: Int

        /// A page with this status.
        public init(status: Int = 200) {
            self.status = status
        }
    }

    /// A document type declaration, which no answer of AWS has, and which a careful reader refuses at sight.
    public enum Doctype: Sendable, Equatable {
        /// One that declares nothing.
        case plain
        /// One that takes its rules, and an entity that the document then names, from a URI. A reader that follows them
        /// shows what the URI holds within the document.
        case external(uri: String)
        /// Entities of entities of entities, "billion laughs": a thousand million words in a few lines.
        case entityBomb

        /// One that takes them from a file that every Unix system has.
        public static let external = Doctype.external(uri: "file:///etc/hosts")
    }

    /// What is wrong with the pages of a list.
    public enum Paging: String, CaseIterable, Sendable {
        /// The page names itself as the next one: a list without end.
        case loop
        /// The page comes twice, and then the list goes on.
        case duplicate
        /// The page says that there is more, but not where.
        case missing
        /// A page without members comes before the page. It is legal: AWS may return fewer results than are there, and
        /// says so by `IsTruncated` alone.
        case empty
    }
}
