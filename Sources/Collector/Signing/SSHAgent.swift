import FoundationEssentials
import NIOCore
import NIOPosix
import SystemPackage

/// The program that has a user's keys in memory and signs with them (draft-ietf-sshm-ssh-agent).
struct SSHAgent: Sendable {
    /// The path of its socket: what `SSH_AUTH_SOCK` says.
    let socket: String
    /// It may ask the user first.
    static let patience = TimeAmount.seconds(60)

    private enum Message {
        static let requestIdentities: UInt8 = 11
        static let identities: UInt8 = 12
        static let signRequest: UInt8 = 13
        static let signResponse: UInt8 = 14
    }

    /// The public keys that it has, whatever their type.
    func publicKeys() async throws(SigningError) -> [[UInt8]] {
        let answer = try await ask([Message.requestIdentities], expecting: Message.identities)
        var reader = SSHWireReader(answer)
        var keys: [[UInt8]] = []
        do throws(SealFormatError) {
            for _ in 0..<(try reader.uint32()) {
                keys.append(try reader.string())
                // A comment.
                _ = try reader.string()
            }
        } catch { throw SigningError("ssh-agent answers otherwise than agents do: \(error)") }
        return keys
    }

    /// The signature with its type before it.
    func signature(by key: SSHPublicKey, over data: [UInt8]) async throws(SigningError) -> [UInt8] {
        var writer = SSHWireWriter()
        writer.append(raw: [Message.signRequest])
        writer.append(string: key.blob)
        writer.append(string: data)
        writer.append(0)
        let answer = try await ask(writer.bytes, expecting: Message.signResponse)
        var reader = SSHWireReader(answer)
        guard let signature = try? reader.string() else {
            throw SigningError("ssh-agent answers otherwise than agents do")
        }
        return signature
    }

    private func ask(_ message: [UInt8], expecting kind: UInt8) async throws(SigningError) -> [UInt8] {
        let answer: [UInt8]
        do { answer = try await exchange(message) } catch {
            throw SigningError("ssh-agent at \(socket) can't be asked: \(Self.reason(error))")
        }
        guard answer.first == kind else { throw SigningError("ssh-agent at \(socket) refuses") }
        return Array(answer.dropFirst())
    }

    private func exchange(_ message: [UInt8]) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answered = loop.makePromise(of: [UInt8].self)
        do {
            let channel = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AgentAnswer(answered))
                    }
                }
                .connect(unixDomainSocketPath: socket).get()
            let timeout = loop.scheduleTask(in: Self.patience) {
                answered.fail(SigningError("no answer after \(Self.patience.nanoseconds / 1_000_000_000) seconds"))
            }
            var request = channel.allocator.buffer(capacity: message.count + 4)
            request.writeInteger(UInt32(message.count))
            request.writeBytes(message)
            channel.writeAndFlush(request, promise: nil)
            answered.futureResult.whenComplete { _ in
                timeout.cancel()
                channel.close(promise: nil)
            }
            return try await answered.futureResult.get()
        } catch {
            answered.fail(error)
            throw error
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: Errno(rawValue: error.errnoCode).description
        default: "\(error)"
        }
    }
}

/// The one answer to the one question: four bytes of length, and the message.
private final class AgentAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// As agents themselves limit it.
    private static let largest = 256 << 10
    private let promise: EventLoopPromise<[UInt8]>
    private var received = ByteBuffer()

    init(_ promise: EventLoopPromise<[UInt8]>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        guard let length = received.getInteger(at: received.readerIndex, as: UInt32.self) else { return }
        guard length <= Self.largest else { return promise.fail(SigningError("its answer is too large")) }
        if let message = received.getBytes(at: received.readerIndex + 4, length: Int(length)) {
            promise.succeed(message)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(SigningError("it closed the connection"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }
}
