//! A listening socket of one family, or of both when told.

use std::io;
use std::net::{SocketAddr, TcpListener};

use anyhow::anyhow;
use common::server::Listen;
use lab::hints;

/// Listens at `addr`, or, with `both`, at an IPv6 socket that takes IPv4 clients too ([`Listen::dual_stack`]).
///
/// # Errors
///
/// Those of socket(2), setsockopt(2), bind(2) and listen(2), with the address.
pub(super) fn listen(addr: SocketAddr, both: bool) -> anyhow::Result<TcpListener> {
    let socket = Listen::at(addr).dual_stack(both);
    let addr = socket.address();
    socket.open().map_err(|error| match error.kind() {
        io::ErrorKind::AddrNotAvailable => {
            anyhow!("cannot listen on {addr}: {error}; `here` shows the addresses of this machine")
        }
        _ => hints::cannot_listen(addr, &error),
    })
}
