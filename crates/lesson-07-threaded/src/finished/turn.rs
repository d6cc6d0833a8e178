//! The handler for the workers of the pool: it does what can be done now and never waits for the client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use common::server::{Client, Permit};
use mio::Registry;
use mio::net::TcpStream;

use super::conversation::{Conversation, Next, PIECE};
use super::ending::{End, Patience};
use super::shared::Server;
use super::wire::GREETING;

/// A connection that is ended by the server is read so often once more, for what had already arrived.
const LAST_PIECES: usize = 64;

/// One client: what a thread of its own would have on its stack.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) patience: Patience,
    address: SocketAddr,
    permit: Permit,
    conversation: Conversation,
}

/// What came of one turn.
pub(super) enum Turn {
    /// There may be more to read.
    Answered,
    /// There was nothing to read.
    Nothing,
    Over(End),
}

impl Connection {
    pub(super) fn new(client: Client, server: &Server) -> io::Result<Connection> {
        let Client { stream, address, permit } = client;
        // Answers are short and the client waits for them.
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Connection {
            stream: TcpStream::from_std(stream),
            patience: Patience::new(server.limits),
            address,
            permit,
            conversation: Conversation::new(server.limits.lines),
        })
    }

    /// There is room for it in the buffer of a new socket.
    pub(super) fn greet(&mut self) -> io::Result<()> {
        self.stream.write_all(GREETING.as_bytes())
    }

    /// One piece and the answers to it. A mistake in here costs one client the connection, and the worker goes on.
    pub(super) fn turn(&mut self) -> Turn {
        catch_unwind(AssertUnwindSafe(|| self.exchange())).unwrap_or(Turn::Over(End::Panic))
    }

    fn exchange(&mut self) -> Turn {
        let mut piece = [0; PIECE];
        #[expect(clippy::disallowed_methods, reason = "whatever one read gives is a piece")]
        let got = match self.stream.read(&mut piece) {
            Ok(0) if self.conversation.in_a_line() => return Turn::Over(End::InALine),
            Ok(0) => return Turn::Over(End::Client),
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Turn::Nothing,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Turn::Answered,
            Err(error) => return Turn::Over(End::Broken(error)),
        };
        let mut answers = Vec::new();
        let next = self.conversation.feed(&piece[..got], &mut answers);
        if !answers.is_empty() {
            self.patience.renew();
        }
        // All at once or not at all: the answers to one piece fit into the empty buffer of any socket.
        match (self.stream.write_all(&answers), next) {
            (Err(error), _) if error.kind() == ErrorKind::WouldBlock => Turn::Over(End::NotTaken),
            (Err(error), _) => Turn::Over(End::Broken(error)),
            (Ok(()), Next::Read) => Turn::Answered,
            (Ok(()), Next::Exit) => Turn::Over(End::Exit),
            (Ok(()), Next::TooLong) => Turn::Over(End::TooLong),
        }
    }

    /// Answers what had arrived, then ends.
    pub(super) fn stop(mut self, server: &Server, registry: &Registry) {
        for _ in 0..LAST_PIECES {
            match self.turn() {
                Turn::Answered => {}
                Turn::Nothing => break,
                Turn::Over(end) => return self.end(server, registry, &end),
            }
        }
        self.end(server, registry, &End::Stopped);
    }

    pub(super) fn end(mut self, server: &Server, registry: &Registry, end: &End) {
        // It fails when it was never registered; from here on somebody else may wait at this socket.
        let _ = registry.deregister(&mut self.stream);
        server.leave(self.permit, self.stream.into(), self.address, self.conversation.commands(), end);
    }
}
