//! Where the actors of a play are: what a third party has to know before it can send to one of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::kernel;
use crate::poll::{PATIENCE, lock, until};
use crate::record::Who;

/// Whom the relay connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    pub(crate) who: Who,
    pub(crate) address: SocketAddr,
}

/// Shared by a stage, its relays and its attackers.
#[derive(Clone, Default)]
pub(crate) struct Directory(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    sockets: Vec<(Who, Place)>,
    processes: Vec<(Who, u32)>,
}

/// A socket of an actor that receives datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    /// The connection on the record to which belongs what comes here, where the actor has one.
    pub(crate) connection: Option<usize>,
}

impl Directory {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        lock(&self.0)
    }

    pub(crate) fn process(&self, who: Who, process: u32) {
        self.lock().processes.push((who, process));
    }

    pub(crate) fn socket(&self, who: Who, place: Place) {
        self.lock().sockets.push((who, place));
    }

    /// Whose address this is.
    pub(crate) fn owner(&self, address: SocketAddr) -> Option<Who> {
        self.lock().sockets.iter().rev().find(|(_, place)| place.address == address).map(|(who, _)| *who)
    }

    /// The newest socket of an actor, from what the relay has seen or else from the kernel's table; waits until there is
    /// one. `None`: there is none, or this system does not tell.
    pub(crate) fn find(&self, who: Who) -> Option<Place> {
        let mut found = None;
        until(PATIENCE, || {
            found = self.known(who).or_else(|| self.in_the_table(who));
            found.is_some() || !kernel::sees_sockets()
        });
        found
    }

    /// The newest socket of an actor that the lab itself has seen.
    pub(crate) fn known(&self, who: Who) -> Option<Place> {
        self.lock().sockets.iter().rev().find(|(owner, _)| *owner == who).map(|(_, place)| *place)
    }

    fn in_the_table(&self, who: Who) -> Option<Place> {
        let process = self.lock().processes.iter().rev().find(|(owner, _)| *owner == who)?.1;
        let socket = kernel::udp_of(process)?.into_iter().rfind(|socket| socket.local.port() != 0)?;
        let mut address = socket.local;
        // A socket that is bound to every address is reached at the loopback's.
        match address.ip() {
            IpAddr::V4(any) if any.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(any) if any.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        Some(Place { address, connection: None })
    }
}
