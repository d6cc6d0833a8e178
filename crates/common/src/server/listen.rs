use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// So many connections may wait for accept(2); the system may allow fewer (`net.core.somaxconn`, 4096 on Linux). It is not
/// the number of clients. A thousand that come at the same moment fill the 128 that std asks for.
///
/// Those left over may wait for ever: with its queues full, Linux answers a SYN with a cookie and forgets it
/// (`tcp_syncookies`, tcp(7)), then drops the last segment of the handshake. That client has a connection, the server has
/// none, and where the server speaks first, nothing is sent that could bring it to light.
pub const BACKLOG: i32 = 4096;

/// A listening socket that is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Listen {
    address: SocketAddr,
    backlog: i32,
    reuse_address: bool,
    dual_stack: bool,
}

impl Listen {
    /// At this address; port 0 lets the system choose.
    pub fn at(address: SocketAddr) -> Listen {
        Listen { address, backlog: BACKLOG, reuse_address: true, dual_stack: false }
    }

    /// How many connections may wait for accept(2), instead of [`BACKLOG`].
    pub fn backlog(self, backlog: u16) -> Listen {
        Listen { backlog: backlog.into(), ..self }
    }

    /// Whether SO_REUSEADDR is set on Unix, before bind(2); it is unless this says otherwise. Connections in TIME-WAIT then
    /// do not keep the port, as long as they too belong to a socket that had the option (socket(7)). A second live listener
    /// at the same address is refused all the same.
    ///
    /// On Windows the option is never set: there it lets any program take the port of a running server, and an old
    /// connection in TIME-WAIT does not keep the port anyway ("Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", Microsoft).
    pub fn reuse_address(self, reuse_address: bool) -> Listen {
        Listen { reuse_address, ..self }
    }

    /// Whether IPv4 clients come in at an IPv6 socket too, with IPv4-mapped addresses (RFC 3493, section 3.7); an IPv4
    /// address is then written as a mapped one. Without it an IPv6 socket takes IPv6 clients alone: IPV6_V6ONLY is always
    /// set, since its default differs (Linux 0, Windows 1).
    pub fn dual_stack(self, dual_stack: bool) -> Listen {
        Listen { dual_stack, ..self }
    }

    /// The address that is bound: with [`Listen::dual_stack`] an IPv6 one.
    pub fn address(&self) -> SocketAddr {
        match self.address.ip() {
            IpAddr::V4(ip) if self.dual_stack => SocketAddr::from((ip.to_ipv6_mapped(), self.address.port())),
            _ => self.address,
        }
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// Those of socket(2), setsockopt(2), bind(2) and listen(2).
    pub fn open(&self) -> io::Result<TcpListener> {
        let address = self.address();
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            socket.set_only_v6(!self.dual_stack)?;
        }
        socket.set_reuse_address(cfg!(unix) && self.reuse_address)?;
        socket.bind(&address.into())?;
        socket.listen(self.backlog)?;
        Ok(socket.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_address_is_bound_for_both_families_and_no_other_way() {
        let v4: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        assert_eq!(Listen::at(v4).address(), v4);
        assert_eq!(Listen::at(v4).dual_stack(true).address(), "[::ffff:127.0.0.1]:0".parse().expect("an address"));
        let v6 = "[::1]:0".parse().expect("an address");
        assert_eq!(Listen::at(v6).dual_stack(true).address(), v6);
    }

    #[test]
    fn two_live_listeners_at_one_address_are_refused() {
        let first = Listen::at("127.0.0.1:0".parse().expect("an address")).open().expect("a listener");
        let address = first.local_addr().expect("its address");
        let error = Listen::at(address).open().expect_err("somebody listens there");
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_burst_of_clients_finds_room_before_any_is_accepted() {
        let listener = Listen::at("127.0.0.1:0".parse().expect("an address")).open().expect("a listener");
        let address = listener.local_addr().expect("its address");
        let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").expect("a limit");
        let burst = 200.min(most.trim().parse::<usize>().expect("a number"));
        let clients: Vec<_> = (0..burst).map(|_| std::net::TcpStream::connect(address).expect("room")).collect();
        for _ in &clients {
            listener.accept().expect("each was queued");
        }
    }
}
