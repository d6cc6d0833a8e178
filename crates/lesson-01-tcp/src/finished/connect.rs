//! How to connect well.
//!
//! * A name may have several addresses, and a server need not listen at each of them: **all are tried, in the order
//!   given** (RFC 6724 is how the resolver orders them).
//! * **Each attempt has a deadline of its own.** Where nothing answers at all, the kernel goes on for more than two
//!   minutes (Linux, tcp(7): `tcp_syn_retries`).
//! * When no address answered, there is a **pause, and then another round**: the server may just be starting. The pauses
//!   grow, so that a server in trouble is not kept there by those who ask for it, and each has a random length, so that
//!   a thousand clients which lost the same server at the same moment do not come back at the same moment.
//! * **All of it together has a limit**, and then an error says what to do.
//!
//! What this does not do is to try two addresses at the same time. A client that people wait for begins with the next
//! address 250 milliseconds after the one before, without giving that one up, and keeps whichever answers first (RFC 8305,
//! "Happy Eyeballs"): there a dead first address costs a quarter of a second instead of the deadline of one attempt.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use rand::TryRng;
use rand::rngs::SysRng;

/// The longest first pause; it doubles from round to round.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// The most addresses that are tried in one round.
const MOST_ADDRESSES: usize = 32;

/// How long it may take to connect.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// One attempt at one address.
    pub(super) attempt: Duration,
    /// All of them and the pauses.
    pub(super) total: Duration,
}

/// Every address of these servers, each `NAME:PORT`, in the order in which they are to be tried.
///
/// # Errors
///
/// A name is unknown, or is no name with a port. How long the system takes to find that out is for the system to say
/// (resolv.conf(5)): std offers no limit.
pub(super) fn resolve<'a>(servers: impl Iterator<Item = &'a String>) -> anyhow::Result<Vec<SocketAddr>> {
    let mut addresses = Vec::new();
    for server in servers {
        let found = server.to_socket_addrs().with_context(|| {
            format!(
                "cannot find {server}: give a name and a port, such as localhost:23456, that this machine can resolve"
            )
        })?;
        for address in found {
            if !addresses.contains(&address) && addresses.len() < MOST_ADDRESSES {
                addresses.push(address);
            }
        }
    }
    if addresses.is_empty() {
        bail!("the name has no address");
    }
    Ok(addresses)
}

/// Connects to one of these addresses.
///
/// # Errors
///
/// None answered before the limit: names the address and the error of the last attempt.
pub(super) fn connect(addresses: &[SocketAddr], limits: Limits) -> anyhow::Result<TcpStream> {
    let end = Instant::now() + limits.total;
    let mut pause = FIRST_PAUSE;
    let mut told = false;
    // Of any round: the last one may find that its time was over before it began.
    let mut last = None;
    loop {
        for address in addresses {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match attempt(*address, limits.attempt.min(left)) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some((*address, error)),
            }
        }
        let left = end.saturating_duration_since(Instant::now());
        let now = random_up_to(pause);
        if left <= now {
            return Err(match last {
                Some((address, error)) => given_up(address, &error, limits.total),
                None => anyhow!("no connection within {:?}", limits.total),
            });
        }
        if !told && let Some((address, error)) = &last {
            eprintln!("no answer from {address} yet ({error}); trying for up to {:?}", limits.total);
            told = true;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "nothing tells when a server will be there: this waits for the clock"
        )]
        thread::sleep(now);
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

fn attempt(address: SocketAddr, within: Duration) -> io::Result<TcpStream> {
    common::connect::connect(address, within)
}

fn given_up(address: SocketAddr, error: &io::Error, total: Duration) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => anyhow!(
            "nobody listens on {address}, tried for {total:?}; start the server, in another terminal: cargo run -p {} -- \
             serve --addr {address}",
            env!("CARGO_PKG_NAME")
        ),
        io::ErrorKind::TimedOut => {
            anyhow!(
                "no answer from {address}, tried for {total:?}: no such machine, a firewall, or a server that is full"
            )
        }
        _ => anyhow!("cannot connect to {address}, tried for {total:?}: {error}"),
    }
}

/// A random time up to this one.
fn random_up_to(most: Duration) -> Duration {
    // Without random numbers the whole pause is as good, for one client.
    let part = SysRng.try_next_u32().unwrap_or(u32::MAX);
    most.mul_f64(f64::from(part) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_random_and_within_its_limit() {
        let pauses: Vec<_> = (0..64).map(|_| random_up_to(LONGEST_PAUSE)).collect();
        assert!(pauses.iter().all(|pause| *pause <= LONGEST_PAUSE));
        assert!(pauses.iter().any(|pause| pause != &pauses[0]));
    }

    #[test]
    fn an_address_is_tried_once_a_round() {
        let servers = ["127.0.0.1:1", "127.0.0.1:1", "[::1]:1"].map(ToString::to_string);
        let addresses = resolve(servers.iter()).expect("they are numeric");
        assert_eq!(addresses, ["127.0.0.1:1".parse().expect("an address"), "[::1]:1".parse().expect("an address")]);
        let error = resolve([&"no port".to_string()].into_iter()).expect_err("that is no address");
        assert!(error.to_string().contains("give a name and a port"));
    }
}
