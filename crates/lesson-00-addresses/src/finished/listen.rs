//! A listening socket of one family, or of both when told.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use anyhow::anyhow;
use socket2::{Domain, Protocol, Socket, Type};

/// Connections that may wait for `accept`; the kernel may allow fewer (Linux: `net.core.somaxconn`).
const BACKLOG: i32 = 128;

/// Listens at `addr`. With `both`, IPv4 clients come in at an IPv6 socket, with IPv4-mapped addresses (RFC 3493 section
/// 3.7); an IPv4 address is then written as a mapped one. Without it an IPv6 socket takes IPv6 clients alone, also where
/// the system would give it both: IPV6_V6ONLY is always set, since its default differs (Linux 0, Windows 1).
///
/// # Errors
///
/// Those of socket(2), setsockopt(2), bind(2) and listen(2), with the address.
pub(super) fn listen(addr: SocketAddr, both: bool) -> anyhow::Result<TcpListener> {
    let addr = if both { mapped(addr) } else { addr };
    open(addr, both).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("cannot listen on {addr}: {error}; end the other program or choose a port with --addr")
        }
        io::ErrorKind::AddrNotAvailable => {
            anyhow!("cannot listen on {addr}: {error}; `here` shows the addresses of this machine")
        }
        _ => anyhow!("cannot listen on {addr}: {error}"),
    })
}

fn mapped(addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) => SocketAddr::from((ip.to_ipv6_mapped(), addr.port())),
        IpAddr::V6(_) => addr,
    }
}

fn open(addr: SocketAddr, both: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if addr.is_ipv6() {
        socket.set_only_v6(!both)?;
    }
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
