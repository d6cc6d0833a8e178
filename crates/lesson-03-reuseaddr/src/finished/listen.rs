//! A listening socket that can be opened again at once.

use std::io;
use std::net::{SocketAddr, TcpListener};

use anyhow::anyhow;
use common::server::Listen;
use lab::hints;

/// Listens at `addr`; `reuse` is [`Listen::reuse_address`].
///
/// On Windows a server that must be safe from programs that set SO_REUSEADDR has SO_EXCLUSIVEADDRUSE for that ("Using
/// SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", Microsoft), which neither std nor socket2 offers and which would need `unsafe` here.
///
/// # Errors
///
/// Those of socket(2), bind(2) and listen(2); for an address in use with the possible reasons.
pub(super) fn listen(addr: SocketAddr, reuse: bool) -> anyhow::Result<TcpListener> {
    Listen::at(addr).reuse_address(reuse).open().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "cannot listen on {addr}: {error}: another program listens there, or a server without SO_REUSEADDR left \
             connections in TIME-WAIT, which takes 60 seconds on Linux; choose another port with --addr, or wait"
        ),
        _ => hints::cannot_listen(addr, &error),
    })
}
