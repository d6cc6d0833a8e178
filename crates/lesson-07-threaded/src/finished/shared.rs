//! What all forms share: the log, who has a place, and how a client is served by one thread and leaves.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use super::blocking::{guarded, hold};
use super::ending::{End, Limits, told};
use super::parting::Parting;
use super::places::{Place, Places};
use super::wire::FULL;

/// Why there is no form `processes`.
#[cfg(not(unix))]
pub(super) const UNIX_ONLY: &str =
    "a process for each client is for Unix: elsewhere a connection cannot be another process's standard input";

/// One line of the log. That nobody reads it any more is no reason to end.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Who has a place and is to be served.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    pub(super) address: SocketAddr,
    pub(super) place: Place,
}

pub(super) struct Server {
    pub(super) limits: Limits,
    pub(super) places: Places,
    pub(super) parting: Parting,
}

impl Server {
    /// Serves one client to its end.
    pub(super) fn converse(&self, client: Client) {
        let Client { stream, address, place } = client;
        let stream = Arc::new(stream);
        place.waits_at(&stream);
        let (commands, end) = guarded(|| hold(&stream, self.limits, || self.places.stopping()));
        place.leave(|| {
            // The place had a share in it, and has given it back.
            if let Some(stream) = Arc::into_inner(stream) {
                self.part(stream, &end);
            }
            say(&format!("{address} {}", told(commands, &end)));
        });
    }

    /// The end of one client that has been served.
    pub(super) fn leave(&self, place: Place, stream: TcpStream, address: SocketAddr, commands: u64, end: &End) {
        place.leave(|| {
            self.part(stream, end);
            say(&format!("{address} {}", told(commands, end)));
        });
    }

    /// Nobody can be had to serve this one.
    pub(super) fn refuse(&self, client: Client, error: &io::Error) {
        let Client { stream, address, place } = client;
        place.leave(|| {
            self.parting.part(stream, FULL);
            say(&format!("{address} was refused: {error}"));
        });
    }

    fn part(&self, stream: TcpStream, end: &End) {
        match end {
            End::Client | End::InALine | End::Broken(_) => drop(stream),
            _ => self.parting.part(stream, end.last_word()),
        }
    }
}
