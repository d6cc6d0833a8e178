//! The client: every address of a name in order, until one answers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::connect::to_somebody_else;
use common::deadline::Deadline;
use lab::clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use lab::options;
use socket2::{Domain, Protocol, Socket, Type};

use super::{LONGEST_ANSWER, WELCOME};
use crate::resolver;

/// What is said of an address at which there is no server.
const NOBODY: &str = "nobody listens there";

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("NAME[:PORT]")
                .value_parser(|text: &str| Host::read(text))
                .action(ArgAction::Append)
                .conflicts_with("name")
                .help(
                    "Where to connect to, a name or an address, instead of --addr: every address of it is tried, in \
                     order. Without a port, that of --addr. May be given several times",
                ),
        )
        .arg(
            Arg::new("from")
                .long("from")
                .value_name("ADDR")
                .value_parser(value_parser!(IpAddr))
                .conflicts_with("name")
                .help("Connect from this address of this machine"),
        )
        .arg(super::timeout_option("Give an address up after so long, once for the connection and once for the answer"))
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let timeout = options::get(matches, "timeout")?;
    let from = matches.get_one::<IpAddr>("from").copied();
    let hosts: Vec<&Host> = matches.get_many("to").into_iter().flatten().collect();
    let addresses = if hosts.is_empty() { vec![addr] } else { resolve(&hosts, addr.port(), timeout)? };
    let mut nobody = true;
    for address in &addresses {
        match ask(*address, from, timeout) {
            Ok(answer) => {
                writeln!(io::stdout(), "{} answers: {answer}", address.ip())?;
                return Ok(if answer.ends_with(WELCOME) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Err(error) => {
                nobody &= error.to_string() == NOBODY;
                writeln!(io::stdout(), "{} does not answer: {error:#}", address.ip())?;
            }
        }
    }
    let start = "; start the server, in another terminal: cargo run -p lesson-00-addresses -- serve --addr";
    match addresses[..] {
        [address] if nobody => bail!("{address} does not answer{start} {address}"),
        [address] => bail!("{address} does not answer"),
        [first, ..] if nobody => bail!("none of the {} addresses answers{start} {first}", addresses.len()),
        _ => bail!("none of the {} addresses answers", addresses.len()),
    }
}

/// What a user asks for: a name or an address, and perhaps a port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    fn read(text: &str) -> Result<Host, String> {
        if text.parse::<IpAddr>().is_ok() {
            return Ok(Host { name: text.to_string(), port: None });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Host { name: address.ip().to_string(), port: Some(address.port()) });
        }
        match text.split_once(':') {
            None if !text.is_empty() => Ok(Host { name: text.to_string(), port: None }),
            Some((name, port)) if !name.is_empty() => match port.parse() {
                Ok(port) => Ok(Host { name: name.to_string(), port: Some(port) }),
                Err(_) => Err("the port must be a number from 0 to 65535, as in localhost:8900 or [::1]:8900".into()),
            },
            _ => Err("give a name or an address, such as localhost:8900".into()),
        }
    }
}

/// The addresses of all hosts, one after the other, without repetitions.
fn resolve(hosts: &[&Host], port: u16, timeout: Duration) -> anyhow::Result<Vec<SocketAddr>> {
    let mut addresses = Vec::new();
    for host in hosts {
        for address in resolver::resolve(&host.name, host.port.unwrap_or(port), timeout)? {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    Ok(addresses)
}

/// The answer of the server at one address, without its end of line.
fn ask(address: SocketAddr, from: Option<IpAddr>, timeout: Duration) -> anyhow::Result<String> {
    let stream = connect(address, from, timeout)?;
    let mut line = Vec::new();
    BufReader::new(Deadline::after(timeout).over(&stream).take(LONGEST_ANSWER)).read_until(b'\n', &mut line).map_err(
        |error| match error.kind() {
            io::ErrorKind::TimedOut if line.is_empty() => anyhow!("it accepts the connection and says nothing"),
            io::ErrorKind::TimedOut => anyhow!("its answer was not whole within {timeout:?}"),
            _ => error.into(),
        },
    )?;
    match line.strip_suffix(b"\n") {
        Some(answer) if answer.starts_with(b"you come from ") && answer.iter().all(|b| (b' '..=b'~').contains(b)) => {
            Ok(String::from_utf8_lossy(answer).into_owned())
        }
        Some(_) => bail!("it says \"{}\", which is no answer of this service", line.escape_ascii()),
        None => bail!("it closes the connection before its answer is whole"),
    }
}

fn connect(address: SocketAddr, from: Option<IpAddr>, timeout: Duration) -> anyhow::Result<TcpStream> {
    let connected = match from {
        None => common::connect::connect(address, timeout),
        Some(from) if from.is_ipv4() != address.is_ipv4() => bail!("{from} is of the other family"),
        Some(from) => {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
            socket.bind(&SocketAddr::new(from, 0).into()).with_context(|| format!("cannot connect from {from}"))?;
            socket.connect_timeout(&address.into(), timeout).and_then(|()| to_somebody_else(socket.into()))
        }
    };
    connected.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => anyhow!(NOBODY),
        io::ErrorKind::TimedOut => anyhow!("no connection within {timeout:?}"),
        _ => error.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_have_a_port() {
        for (text, name, port) in [
            ("localhost", "localhost", None),
            ("localhost:80", "localhost", Some(80)),
            ("127.0.0.1", "127.0.0.1", None),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            ("::1", "::1", None),
            ("[::1]:80", "::1", Some(80)),
        ] {
            assert_eq!(Host::read(text), Ok(Host { name: name.to_string(), port }));
        }
        for text in ["", ":80", "localhost:", "localhost:65536", "localhost:http", "::1:x"] {
            assert!(Host::read(text).is_err(), "{text}");
        }
    }
}
