//! A connection to a server: in time, and to somebody else.
//!
//! Where nobody listens on a port that the kernel hands out to clients, a connection to it may be made to itself: the kernel
//! gives it that very port, and its SYN meets itself (RFC 9293, section 3.5: simultaneous open). A client that tries until its
//! server is there comes to this sooner or later, and talks to itself. When it closes, the port stays in TIME-WAIT, and the
//! server cannot start.
//!
//! ```
//! use common::connect::connect;
//! use std::net::TcpListener;
//! use std::time::Duration;
//!
//! # fn main() -> std::io::Result<()> {
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let stream = connect(listener.local_addr()?, Duration::from_secs(5))?;
//! # let _ = stream;
//! # Ok(())
//! # }
//! ```

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::SockRef;

/// Connects within this time.
///
/// # Errors
///
/// Those of connect(2), `TimedOut`, and `ConnectionRefused` also for a connection that was made to itself: nobody listens
/// there.
pub fn connect(address: SocketAddr, within: Duration) -> io::Result<TcpStream> {
    to_somebody_else(TcpStream::connect_timeout(&address, within)?)
}

/// Gives a connection back unless it was made to itself; then it is reset, since a close would leave its port in TIME-WAIT.
///
/// # Errors
///
/// `ConnectionRefused` for a connection that was made to itself; those of getsockname(2) and getpeername(2).
pub fn to_somebody_else(stream: TcpStream) -> io::Result<TcpStream> {
    if stream.local_addr()? != stream.peer_addr()? {
        return Ok(stream);
    }
    // SO_LINGER with no time: dropping the socket sends a RST (socket(7)).
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    Err(io::Error::new(ErrorKind::ConnectionRefused, "nobody listens there: the connection was made to itself"))
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use socket2::{Domain, Socket, Type};

    use super::*;

    #[test]
    #[cfg_attr(windows, ignore = "not known of Windows")]
    fn a_connection_that_was_made_to_itself_is_refused_and_leaves_its_port_free() {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("any port");
        let address = socket.local_addr().expect("it is bound");
        // Nobody listens there: the socket meets its own SYN.
        socket.connect(&address).expect("a connection with one end");
        let error = to_somebody_else(socket.into()).expect_err("there is nobody else");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        // std sets SO_REUSEADDR, which would not help against a TIME-WAIT of a socket that did not have it.
        TcpListener::bind(address.as_socket().expect("an IPv4 address")).expect("the port is free at once");
    }

    #[test]
    fn a_listener_is_somebody_else() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("any port");
        let address = listener.local_addr().expect("its address");
        assert!(connect(address, Duration::from_secs(10)).is_ok());
    }
}
