import NIOCore

extension Delivery {
    /// Sends the answer as it is meant to be sent. What was given to the connection's writer before is sent before.
    ///
    /// All of it is with the socket when this returns. Closing a channel drops what it still holds, which a writer
    /// doesn't wait for: the end of a large body would be lost.
    ///
    /// - Returns: whether the connection can go on. If not, it is the caller's to close, unless it was reset.
    /// - Throws: when the task is cancelled, also while it waits for the time or for the client, and when the client is
    ///   gone.
    func carryOut(on channel: any Channel) async throws -> Bool {
        try await withTaskCancellationHandler {
            if delay > .zero { try await wait(delay, on: channel) }
            try await send(on: channel)
            if ending == .reset { try await channel.reset() }
            try Task.checkCancellation()
            return ending == .open
        } onCancel: {
            // Nothing else ends a write to a client that doesn't read.
            channel.close(promise: nil)
        }
    }

    private func send(on channel: any Channel) async throws {
        var pieces = body[...]
        var start = head
        if drip == nil, case .bytes(let bytes)? = pieces.first {
            // One packet for a small answer.
            start.writeImmutableBuffer(bytes)
            pieces = pieces.dropFirst()
        }
        if start.readableBytes > 0 { try await channel.writeAndFlush(start).get() }
        for piece in pieces {
            var chunks = Chunks(of: piece, size: drip?.bytes)
            while let chunk = chunks.next() {
                if let drip { try await wait(drip.every, on: channel) }
                // Waits for the socket, so that no more than a chunk is ever in memory.
                try await channel.writeAndFlush(chunk).get()
            }
        }
    }

    /// Waits, but not for a client that is gone.
    private func wait(_ duration: Duration, on channel: any Channel) async throws {
        let end = ContinuousClock.now + duration
        while channel.isActive, ContinuousClock.now < end {
            try await Task.sleep(until: min(end, .now + .seconds(1)))
        }
        if !channel.isActive { throw ChannelError.ioOnClosedChannel }
    }
}

/// A piece of a body, in buffers of a size.
private struct Chunks: IteratorProtocol {
    private var rest: ByteBuffer
    private let block: ByteBuffer
    private var left: Int
    private let size: Int

    /// - Parameter size: bytes in a buffer; as large as is good for the network where it is nil.
    init(of piece: Delivery.Piece, size: Int?) {
        switch piece {
        case .bytes(let buffer):
            block = ByteBuffer()
            rest = buffer
            left = buffer.readableBytes
            self.size = max(1, size ?? left)
        case .padding(let pattern, let count):
            // 64 KiB of the pattern, which every chunk is a part of.
            var block = ByteBuffer()
            for _ in 0..<max(1, (1 << 16) / max(1, pattern.readableBytes)) { block.writeImmutableBuffer(pattern) }
            self.block = block
            rest = block
            left = count
            self.size = max(1, size ?? block.readableBytes)
        }
    }

    mutating func next() -> ByteBuffer? {
        guard left > 0 else { return nil }
        if rest.readableBytes == 0 { rest = block }
        guard let chunk = rest.readSlice(length: min(size, left, rest.readableBytes)), chunk.readableBytes > 0 else {
            return nil
        }
        left -= chunk.readableBytes
        return chunk
    }
}
