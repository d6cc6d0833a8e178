//! A listening socket that can be opened again at once.

use std::io;
use std::net::{SocketAddr, TcpListener};

use anyhow::anyhow;
use socket2::{Domain, Protocol, Socket, Type};

/// Connections that may wait for `accept`; the kernel may allow fewer (Linux: `net.core.somaxconn`).
const BACKLOG: i32 = 128;

/// Listens at `addr`. On Unix `reuse` sets SO_REUSEADDR, before `bind`: connections in TIME-WAIT then do not keep the
/// port, as long as they too belong to a socket that had the option (socket(7); measured on Linux). A second live
/// listener at the same address is refused all the same.
///
/// On Windows the option is left alone, since there it lets any program take the port of a running server, and an
/// old connection in TIME-WAIT does not keep the port anyway. A server that must be safe from programs that do set it has
/// SO_EXCLUSIVEADDRUSE for that ("Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", Microsoft), which neither std nor socket2
/// offers and which would need `unsafe` here.
///
/// # Errors
///
/// Those of socket(2), bind(2) and listen(2); for an address in use with the possible reasons.
pub(super) fn listen(addr: SocketAddr, reuse: bool) -> anyhow::Result<TcpListener> {
    open(addr, reuse).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "cannot listen on {addr}: {error}: another program listens there, or a server without SO_REUSEADDR left \
             connections in TIME-WAIT, which takes 60 seconds on Linux; choose another port with --addr, or wait"
        ),
        _ => anyhow!("cannot listen on {addr}: {error}"),
    })
}

fn open(addr: SocketAddr, reuse: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if cfg!(unix) && reuse {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
