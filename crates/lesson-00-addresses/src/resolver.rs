//! Names into addresses, in time.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};

/// The longest name, characters: 255 bytes on the wire, RFC 1035 section 2.3.4.
const LONGEST: usize = 253;

/// Every address of a host, without repetitions, in the order in which getaddrinfo(3) gives them and a client should try
/// them (RFC 6724). A numeric address is its own only address.
///
/// # Errors
///
/// The name is empty or too long, or has no address, or the answer takes longer than `timeout`. getaddrinfo has no
/// deadline of its own: it is left to itself on a thread that ends when it does.
pub(crate) fn resolve(name: &str, port: u16, timeout: Duration) -> anyhow::Result<Vec<SocketAddr>> {
    if name.is_empty() {
        bail!("the name is empty; give one such as localhost");
    }
    if name.len() > LONGEST {
        bail!("the name has {} characters; a name has at most {LONGEST} (RFC 1035)", name.len());
    }
    if name.parse::<SocketAddr>().is_ok() || name.rsplit_once(':').is_some_and(|(host, _)| !host.contains(':')) {
        bail!("{}: give the name alone, and the port with --port", name.escape_debug());
    }
    if name.contains(|c: char| c.is_control() || c.is_whitespace() || c == '/') {
        bail!("\"{}\" is no name; give a host's name alone, such as localhost", name.escape_debug());
    }
    let answer = within(timeout, (name.to_string(), port))?;
    let found = answer.map_err(|error| {
        anyhow!("cannot resolve {name}: {error}; check the spelling, or whether a name server can be reached from here")
    })?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() { Err(anyhow!("{name} has no address")) } else { Ok(addresses) }
}

fn within(timeout: Duration, host: (String, u16)) -> anyhow::Result<io::Result<Vec<SocketAddr>>> {
    let (sender, answer) = mpsc::channel();
    let name = host.0.clone();
    thread::Builder::new()
        .spawn(move || {
            let found = (host.0.as_str(), host.1).to_socket_addrs().map(Iterator::collect);
            // Nobody waits for it any more when the time is up.
            let _ = sender.send(found);
        })
        .context("cannot start a thread to resolve the name")?;
    answer.recv_timeout(timeout).map_err(|error| match error {
        RecvTimeoutError::Timeout => {
            anyhow!("no answer about {name} within {} seconds; is a name server within reach?", timeout.as_secs())
        }
        RecvTimeoutError::Disconnected => anyhow!("the resolver failed on {name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> Result<Vec<SocketAddr>, String> {
        resolve(name, 80, Duration::from_secs(30)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_numeric_address_is_its_own_only_address() {
        for (name, address) in
            [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("::ffff:1.2.3.4", "[::ffff:1.2.3.4]:80")]
        {
            assert_eq!(found(name), Ok(vec![address.parse().expect("an address")]));
        }
    }

    #[test]
    fn what_is_no_name_is_not_asked_about() {
        let long = "a".repeat(254);
        for (name, why) in [
            ("", "empty"),
            (&long, "at most 253"),
            ("a b", "is no name"),
            ("a\0b", "is no name"),
            ("http://a/b", "with --port"),
            ("a/b", "is no name"),
            ("localhost:80", "with --port"),
            ("[::1]:80", "with --port"),
        ] {
            let error = found(name).expect_err(name);
            assert!(error.contains(why), "{name}: {error}");
        }
    }
}
