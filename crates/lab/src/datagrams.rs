//! The relay for datagrams: it passes, drops, doubles or swaps them as its script says.
//!
//! ```text
//!   client ──► relay ──► server        fates are dealt out in order, one a datagram and direction;
//!   client ◄── relay ◄── server        when they are used up everything passes
//! ```

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::Context;

use crate::kernel;
use crate::record::{Role, SERVER, Way, What, Who};
use crate::recorder::Recorder;
use crate::watch::Watch;

/// The largest payload of a datagram over IPv4: 65535 - 20 (IP) - 8 (UDP), RFC 768.
const LARGEST: usize = 65_507;

/// What becomes of one datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is handed on.
    Pass,
    /// It is lost.
    Drop,
    /// It is handed on twice.
    Double,
    /// It is held back and handed on behind the next one of its direction.
    Swap,
    /// It is held back and handed on together with the next one of its direction, before it.
    Wait,
}

/// The fates of the datagrams of one play, in the order in which they come.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// Of what clients send.
    pub to_server: Vec<Fate>,
    /// Of what the server sends.
    pub to_client: Vec<Fate>,
}

/// A running relay. Dropping it closes its sockets and waits for its threads.
pub(crate) struct DatagramRelay {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    door: Option<JoinHandle<()>>,
}

struct Shared {
    server: SocketAddr,
    front: UdpSocket,
    recorder: Recorder,
    watch: Watch,
    closing: AtomicBool,
    to_server: Mutex<Line>,
    to_client: Mutex<Line>,
    backs: Mutex<Vec<(Arc<UdpSocket>, JoinHandle<()>)>>,
}

/// One direction: the fates to come and the datagram that waits for the next one.
#[derive(Default)]
struct Line {
    fates: std::vec::IntoIter<Fate>,
    waiting: Option<(Fate, Vec<u8>)>,
}

impl Line {
    /// The datagrams that go on now that this one has come, in order.
    fn deal(&mut self, datagram: Vec<u8>) -> Vec<Vec<u8>> {
        let fate = self.fates.next().unwrap_or(Fate::Pass);
        let mut on = match fate {
            Fate::Pass => vec![datagram],
            Fate::Drop => Vec::new(),
            Fate::Double => vec![datagram.clone(), datagram],
            Fate::Swap | Fate::Wait => {
                return self.waiting.replace((fate, datagram)).map(|(_, earlier)| earlier).into_iter().collect();
            }
        };
        if fate != Fate::Drop {
            match self.waiting.take() {
                Some((Fate::Wait, earlier)) => on.insert(0, earlier),
                Some((_, earlier)) => on.push(earlier),
                None => {}
            }
        }
        on
    }
}

/// A client of the relay, known by its address.
struct Caller {
    who: Who,
    connection: usize,
    /// Stands for the client towards the server.
    back: Arc<UdpSocket>,
}

/// A datagram that was sent before met a port without a socket (ICMP port unreachable, RFC 1122, section 4.1.3.3).
/// Windows calls that a reset.
fn found_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}

impl DatagramRelay {
    pub(crate) fn start(
        server: SocketAddr,
        fates: Fates,
        recorder: Recorder,
        watch: Watch,
    ) -> anyhow::Result<DatagramRelay> {
        let front = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context("the relay cannot bind")?;
        let address = front.local_addr()?;
        watch.port(address.port());
        let shared = Arc::new(Shared {
            server,
            front,
            recorder,
            watch,
            closing: AtomicBool::new(false),
            to_server: Mutex::new(Line { fates: fates.to_server.into_iter(), waiting: None }),
            to_client: Mutex::new(Line { fates: fates.to_client.into_iter(), waiting: None }),
            backs: Mutex::default(),
        });
        let inner = shared.clone();
        let door = thread::spawn(move || {
            // A relay that can no longer receive has nothing left to do.
            let _ = inner.open_door();
        });
        Ok(DatagramRelay { address, shared, door: Some(door) })
    }
}

impl Shared {
    fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    fn open_door(self: &Arc<Self>) -> io::Result<()> {
        self.watch.carrier(kernel::this_thread());
        let mut clients: HashMap<SocketAddr, Caller> = HashMap::new();
        let mut buffer = vec![0; LARGEST];
        loop {
            let (length, client) = match self.front.recv_from(&mut buffer) {
                // Only Windows says here that an answer found nobody any more.
                Err(error) if found_nobody(&error) && !self.closing() => continue,
                received => received?,
            };
            if self.closing() {
                return Ok(());
            }
            let number = clients.len() + 1;
            let caller = match clients.entry(client) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.open_back(client, number)?),
            };
            self.watch.holds();
            let send = |datagram: &[u8]| caller.back.send(datagram);
            self.carry(&self.to_server, caller.who, caller.connection, Way::ToServer, &buffer[..length], &send);
            self.watch.holds_no_more();
        }
    }

    /// The socket that stands for a client towards the server.
    fn open_back(self: &Arc<Self>, client: SocketAddr, number: usize) -> io::Result<Caller> {
        let back = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?);
        back.connect(self.server)?;
        let who = Who { role: Role::Client, number };
        let connection = self.recorder.connection();
        let name = format!("<{who}>");
        self.watch.port(back.local_addr()?.port());
        self.recorder.call(back.local_addr()?, &name);
        self.recorder.call(client, &name);
        let (shared, socket) = (self.clone(), back.clone());
        let thread = thread::spawn(move || {
            // A relay that can no longer receive has nothing left to do.
            let _ = shared.carry_back(&socket, client, connection);
        });
        self.backs.lock().unwrap_or_else(PoisonError::into_inner).push((back.clone(), thread));
        Ok(Caller { who, connection, back })
    }

    fn carry_back(&self, back: &UdpSocket, client: SocketAddr, connection: usize) -> io::Result<()> {
        self.watch.carrier(kernel::this_thread());
        let mut buffer = vec![0; LARGEST];
        loop {
            let received = back.recv(&mut buffer);
            if self.closing() {
                return Ok(());
            }
            match received {
                Ok(length) => {
                    self.watch.holds();
                    let send = |datagram: &[u8]| self.front.send_to(datagram, client);
                    self.carry(&self.to_client, SERVER, connection, Way::ToClient, &buffer[..length], &send);
                    self.watch.holds_no_more();
                }
                // An earlier datagram found nobody at the server's port; later ones may.
                Err(error) if found_nobody(&error) => {
                    self.recorder.add(SERVER, Some(connection), What::Refused);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn carry(
        &self,
        line: &Mutex<Line>,
        who: Who,
        connection: usize,
        way: Way,
        datagram: &[u8],
        send: &dyn Fn(&[u8]) -> io::Result<usize>,
    ) {
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = datagram.to_vec();
        let fate = line.fates.as_slice().first().copied();
        match fate {
            Some(Fate::Drop) => self.recorder.add(who, Some(connection), What::Lost { way, bytes }),
            Some(Fate::Swap) => self.recorder.add(who, Some(connection), What::HeldBack { way, bytes }),
            _ => {}
        }
        let datagrams = line.deal(datagram.to_vec());
        // On record before the reader can have any: its answers must not be told between them.
        let mut before = None;
        for datagram in &datagrams {
            if fate == Some(Fate::Double) && before == Some(datagram) {
                self.recorder.add(who, Some(connection), What::Doubled { way });
            }
            self.recorder.add(who, Some(connection), What::Datagram { way, bytes: datagram.clone() });
            before = Some(datagram);
        }
        for datagram in &datagrams {
            // A datagram that cannot be sent is lost, as datagrams are.
            let _ = send(datagram);
        }
    }
}

impl Drop for DatagramRelay {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        let Ok(bell) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)) else { return };
        let _ = bell.send_to(&[], self.address);
        if let Some(door) = self.door.take() {
            let _ = door.join();
        }
        let backs = std::mem::take(&mut *self.shared.backs.lock().unwrap_or_else(PoisonError::into_inner));
        for (back, thread) in backs {
            // A connected socket hears nobody but the server, so it is connected to the bell first.
            if let (Ok(bell_address), Ok(address)) = (bell.local_addr(), back.local_addr())
                && back.connect(bell_address).is_ok()
                && bell.send_to(&[], address).is_ok()
            {
                let _ = thread.join();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dealt(fates: &[Fate], datagrams: &[&str]) -> Vec<String> {
        let fates = Vec::from(fates).into_iter();
        let mut line = Line { fates, waiting: None };
        let on = datagrams.iter().flat_map(|datagram| line.deal(datagram.as_bytes().to_vec()));
        on.map(|datagram| String::from_utf8(datagram).expect("text")).collect()
    }

    #[test]
    fn each_datagram_meets_its_fate() {
        use Fate::{Double, Drop, Pass, Swap, Wait};
        assert_eq!(dealt(&[], &["a", "b"]), ["a", "b"]);
        assert_eq!(dealt(&[Drop], &["a", "b"]), ["b"]);
        assert_eq!(dealt(&[Pass, Double], &["a", "b"]), ["a", "b", "b"]);
        assert_eq!(dealt(&[Swap], &["a", "b", "c"]), ["b", "a", "c"]);
        assert_eq!(dealt(&[Swap, Drop], &["a", "b", "c"]), ["c", "a"]);
        assert_eq!(dealt(&[Wait], &["a"]), [""; 0]);
        assert_eq!(dealt(&[Wait], &["a", "b", "c"]), ["a", "b", "c"]);
        assert_eq!(dealt(&[Wait, Drop], &["a", "b", "c"]), ["a", "c"]);
    }
}
