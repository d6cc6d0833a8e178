//! The client: one greeting.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use common::deadline::Deadline;
use lab::clap::{ArgMatches, Command};
use lab::options;

use super::{HELLO, HI};

pub(super) fn options(command: Command) -> Command {
    command.arg(super::timeout_option("Give up after so long, once for the connection and once for the answer"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let timeout = options::get(matches, "timeout")?;
    let mut stream = TcpStream::connect_timeout(&addr, timeout).map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => anyhow!("nobody listens on {addr}; start the server first: {error}"),
        _ => anyhow!("cannot connect to {addr}: {error}"),
    })?;
    if is_own(&stream)? {
        bail!("nobody listens on {addr}: the connection was made to itself; start the server first");
    }
    stream.write_all(HELLO).with_context(|| format!("cannot say hello to {addr}"))?;
    let mut answer = [0; HI.len()];
    Deadline::after(timeout).over(&stream).read_exact(&mut answer).map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => anyhow!("no answer from {addr} within {timeout:?}"),
        io::ErrorKind::UnexpectedEof => anyhow!("{addr} closed the connection without an answer"),
        _ => anyhow!("no answer from {addr}: {error}"),
    })?;
    if answer != *HI {
        bail!("{addr} answered \"{}\" instead of \"{}\"", answer.escape_ascii(), HI.escape_ascii());
    }
    writeln!(io::stdout(), "{}", HI.escape_ascii())?;
    // The server closes first and keeps the TIME-WAIT, so the client waits for that; its answer is there in any case.
    let _ = Deadline::after(timeout).over(&stream).read_exact(&mut [0]);
    Ok(ExitCode::SUCCESS)
}

/// Whether a connection was made to itself. Without a listener, that may happen at a port that the kernel hands out
/// (RFC 9293, section 3.5: simultaneous open).
fn is_own(stream: &TcpStream) -> io::Result<bool> {
    Ok(stream.local_addr()? == stream.peer_addr()?)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use socket2::{Domain, Socket, Type};

    use super::*;

    #[test]
    #[cfg_attr(windows, ignore = "not known of Windows")]
    fn a_connection_that_was_made_to_itself_is_noticed() {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("any port");
        // Nobody listens there: the socket meets its own SYN.
        socket.connect(&socket.local_addr().expect("it is bound")).expect("a connection with one end");
        assert!(is_own(&socket.into()).expect("it is connected"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("any port");
        let stream = TcpStream::connect(listener.local_addr().expect("it listens")).expect("a connection");
        assert!(!is_own(&stream).expect("it is connected"));
    }
}
