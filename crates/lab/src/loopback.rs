//! The line between the actors: 127.0.0.1 leads back to this machine, on most of them at once and without loss.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{anyhow, bail};

/// What to look at when 127.0.0.1 leads nowhere.
const ADVICE: &str = if cfg!(target_os = "linux") {
    "is the loopback interface up (`ip link show lo`), and does a firewall let it pass (`iptables -S`, `nft list ruleset`)?"
} else {
    "is the loopback interface up, and does a firewall let it pass?"
};

/// Connects to a socket of its own; done once, the answer is kept.
///
/// # Errors
///
/// That does not work: the message says why, and what to look at.
pub(crate) fn reachable() -> anyhow::Result<()> {
    static ANSWER: OnceLock<Result<(), String>> = OnceLock::new();
    let answer = ANSWER.get_or_init(|| try_to_connect().map_err(|error| error.to_string()));
    answer.clone().map_err(|why| anyhow!("127.0.0.1 cannot be reached: {why}; {ADVICE}"))
}

fn try_to_connect() -> anyhow::Result<()> {
    /// Two seconds together. Several tries, since the kernel sends a lost SYN again only after a second.
    const TRIES: [u64; 3] = [300, 600, 1100];
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    for milliseconds in TRIES {
        match TcpStream::connect_timeout(&address, Duration::from_millis(milliseconds)) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("a connection to itself was not made within {} seconds", TRIES.iter().sum::<u64>() / 1000)
}
