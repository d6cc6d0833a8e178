//! The door of the server: which errors of accept(2) are about one connection, which about this machine, and which mean
//! that it is over.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, anyhow};
use common::accept::accept;
use socket2::{Domain, Protocol, Socket, Type};

use super::places::Places;
use super::shared::say;

/// So many connections may wait for accept; the system may allow fewer (`net.core.somaxconn`, 4096 on Linux). It is not the
/// number of clients. A thousand that come at the same moment fill the 128 that std asks for.
///
/// Those left over may wait for ever: with its queues full, Linux answers a SYN with a cookie and forgets it
/// (`tcp_syncookies`, tcp(7)), then drops the last segment of the handshake. That client has a connection, the server has
/// none, and since in this protocol the server speaks first, nothing is sent that could bring it to light.
const BACKLOG: i32 = 4096;
/// How long to wait for a descriptor when nobody leaves: somebody else may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);

pub(super) struct Door {
    listener: TcpListener,
    places: Places,
}

impl Door {
    /// # Errors
    ///
    /// Those of bind(2), each with what to do about it.
    pub(super) fn open(addr: SocketAddr, places: Places) -> anyhow::Result<Door> {
        let listener = listen(addr).map_err(|error| {
            let hint = match error.kind() {
                ErrorKind::AddrInUse => "; end the other program or choose a port with --addr",
                ErrorKind::PermissionDenied => "; choose a port from 1024 up with --addr",
                ErrorKind::AddrNotAvailable => "; choose an address of this machine with --addr",
                _ => "",
            };
            anyhow!("cannot listen on {addr}: {error}{hint}")
        })?;
        Ok(Door { listener, places })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The next connection.
    ///
    /// When this machine has no descriptor left, accept(2) fails at once and the connection stays in the queue: to try again
    /// at once is an endless loop that nobody gains from, so it waits until a connection is closed.
    ///
    /// # Errors
    ///
    /// There will be no more connections.
    pub(super) fn next(&self) -> anyhow::Result<(TcpStream, SocketAddr)> {
        let mut short = false;
        let accepted = accept(&self.listener, |error, times| {
            if times == 1 {
                short = true;
                say(&format!("no connection can be accepted for now: {error}"));
            }
            self.places.wait_until_one_less(SHORTAGE);
        });
        if short {
            say("connections are accepted again");
        }
        accepted.context("cannot accept connections any more")
    }
}

/// As `TcpListener::bind` does it, but for the backlog.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    // Not on Windows, where it would let any program take the port.
    socket.set_reuse_address(cfg!(unix))?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
