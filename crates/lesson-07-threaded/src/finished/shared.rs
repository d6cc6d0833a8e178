//! What all forms share: what clients are allowed, who has a permit, and how a client is served by one thread and leaves.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use common::server::{Client, Permit, Permits, say};

use super::blocking::{guarded, hold};
use super::ending::{End, Limits, told};
use super::parting::Parting;

/// Why there is no form `processes`.
#[cfg(not(unix))]
pub(super) const UNIX_ONLY: &str =
    "a process for each client is for Unix: elsewhere a connection cannot be another process's standard input";

pub(super) struct Server {
    pub(super) limits: Limits,
    pub(super) permits: Permits,
    pub(super) parting: Parting,
}

impl Server {
    /// Serves one client to its end.
    pub(super) fn converse(&self, client: Client) {
        let Client { stream, address, permit } = client;
        let stream = Arc::new(stream);
        permit.waits_at(&stream);
        let (commands, end) = guarded(|| hold(&stream, self.limits, || self.permits.is_stopping()));
        permit.leave(|| {
            // The permit had a share in it, and has given it back.
            if let Some(stream) = Arc::into_inner(stream) {
                self.part(stream, &end);
            }
            say(format_args!("{address} {}", told(commands, &end)));
        });
    }

    /// The end of one client that has been served.
    pub(super) fn leave(&self, permit: Permit, stream: TcpStream, address: SocketAddr, commands: u64, end: &End) {
        permit.leave(|| {
            self.part(stream, end);
            say(format_args!("{address} {}", told(commands, end)));
        });
    }

    fn part(&self, stream: TcpStream, end: &End) {
        match end {
            End::Client | End::InALine | End::Broken(_) => drop(stream),
            _ => self.parting.part(stream, end.last_word()),
        }
    }
}
