//! One datagram, many receivers: a multicast group that stays on this machine.
//!
//! ```text
//! cargo run -p lesson-02-udp --example one-to-many -- listen     in two or three terminals
//! cargo run -p lesson-02-udp --example one-to-many -- say        in one more: each line goes to all of them
//! ```
//!
//! A further argument is the port, if 23457 is taken. The group is one of those that are free for use within an
//! organisation (239.0.0.0/8, RFC 2365). Its datagrams leave through the loopback interface with a TTL of 0, so that no
//! other machine receives any (RFC 1112, section 6.1). Python: setsockopt with IP_ADD_MEMBERSHIP, IP_MULTICAST_IF,
//! IP_MULTICAST_TTL and IP_MULTICAST_LOOP.

use std::env;
use std::io::{self, Error, Write};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::process::ExitCode;

use socket2::{Domain, Protocol, Socket, Type};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 0, 1);
/// The interface of both sides, named by its address.
const INTERFACE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const PORT: u16 = 23457;
/// The largest payload over IPv4, bytes (RFC 768).
const LARGEST: usize = 65_507;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (what, port) = match words[..] {
        [what] => (what, Some(PORT)),
        [what, port] => (what, port.parse().ok().filter(|port| *port != 0)),
        _ => ("", None),
    };
    let done = match (what, port) {
        ("listen", Some(port)) => listen(SocketAddrV4::new(GROUP, port)),
        ("say", Some(port)) => say(SocketAddrV4::new(GROUP, port)),
        _ => {
            eprintln!("usage: one-to-many listen|say [PORT]");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = done {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Prints what comes, until it is stopped.
fn listen(group: SocketAddrV4) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    // Several listeners share the port; the BSDs and macOS want the second option for that.
    socket.set_reuse_address(true)?;
    #[cfg(all(unix, not(target_os = "linux")))]
    socket.set_reuse_port(true)?;
    // Bound to the group, the socket hears nothing that was sent elsewhere. Windows cannot bind to a group.
    let bound = if cfg!(windows) { INTERFACE } else { GROUP };
    socket.bind(&SocketAddrV4::new(bound, group.port()).into())?;
    socket.join_multicast_v4(&GROUP, &INTERFACE).map_err(|error| explained("join", &error))?;
    let socket = UdpSocket::from(socket);
    say_line(&format!("listening on {group}"))?;
    let mut buffer = vec![0; LARGEST];
    loop {
        let (got, _) = socket.recv_from(&mut buffer)?;
        let text = String::from_utf8_lossy(&buffer[..got]);
        let shown: String = text.chars().map(|c| if c.is_control() { '.' } else { c }).collect();
        say_line(&format!("hears: {shown}"))?;
    }
}

/// Sends each line of standard input once. How many receive it, it does not learn.
fn say(group: SocketAddrV4) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_multicast_if_v4(&INTERFACE).map_err(|error| explained("use", &error))?;
    socket.set_multicast_ttl_v4(0)?;
    socket.set_multicast_loop_v4(true)?;
    let socket = UdpSocket::from(socket);
    for line in io::stdin().lines() {
        let line = line?;
        socket.send_to(line.as_bytes(), group).map_err(|error| explained("send to", &error))?;
        say_line(&format!("sends one datagram of {} bytes", line.len()))?;
    }
    Ok(())
}

fn explained(what: &str, error: &Error) -> Error {
    Error::other(format!("cannot {what} a multicast group on the loopback interface here: {error}"))
}

/// Unlike `println!`, an error when nobody reads it any more.
fn say_line(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
