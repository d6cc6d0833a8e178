//! The relay for datagrams: it passes, drops, doubles, swaps or holds them as its script says.
//!
//! ```text
//!   client ──► relay ──► server        fates are dealt out in order, one a datagram and direction;
//!   client ◄── relay ◄── server        when they are used up everything passes
//! ```

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use anyhow::Context;

use crate::directory::Goal;
use crate::directory::{Directory, Place};
use crate::poll::{join, lock};
use crate::record::recorder::Recorder;
use crate::record::{Way, What, Who};
use crate::watch::Watch;

/// The largest payload of a datagram over IPv4: 65535 - 20 (IP) - 8 (UDP), RFC 768.
pub(crate) const LARGEST: usize = 65_507;

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
    /// It is held back until the play says [`crate::Stage::hand_on`]. Later ones go past it.
    Hold,
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
pub(crate) struct DatagramRelay(Arc<Shared>);

struct Shared {
    recorder: Recorder,
    watch: Watch,
    directory: Directory,
    closing: AtomicBool,
    to_server: Mutex<Line<Parcel>>,
    to_client: Mutex<Line<Parcel>>,
    /// Every socket and the thread that receives from it.
    sockets: Mutex<Vec<(Arc<UdpSocket>, JoinHandle<()>)>>,
    /// Why a door has to stay closed, or a client goes without answers.
    failure: Mutex<Option<String>>,
}

/// A datagram on its way through the relay.
#[derive(Clone)]
struct Parcel {
    who: Who,
    connection: usize,
    way: Way,
    bytes: Vec<u8>,
    socket: Arc<UdpSocket>,
    /// Where the socket is not connected.
    to: Option<SocketAddr>,
}

/// One direction: the fates to come and what was held back.
struct Line<T> {
    fates: std::vec::IntoIter<Fate>,
    /// Waits for the next one.
    waiting: Option<(Fate, T)>,
    /// Waits for the play.
    held: Vec<T>,
}

impl<T: Clone> Line<T> {
    fn new(fates: Vec<Fate>) -> Line<T> {
        Line { fates: fates.into_iter(), waiting: None, held: Vec::new() }
    }

    /// The datagrams that go on now that this one has come, in order.
    fn deal(&mut self, datagram: T) -> Vec<T> {
        let fate = self.fates.next().unwrap_or(Fate::Pass);
        let mut on = match fate {
            Fate::Pass => vec![datagram],
            Fate::Drop => return Vec::new(),
            Fate::Double => vec![datagram.clone(), datagram],
            Fate::Swap | Fate::Wait => {
                return self.waiting.replace((fate, datagram)).map(|(_, earlier)| earlier).into_iter().collect();
            }
            Fate::Hold => {
                self.held.push(datagram);
                return Vec::new();
            }
        };
        match self.waiting.take() {
            Some((Fate::Wait, earlier)) => on.insert(0, earlier),
            Some((_, earlier)) => on.push(earlier),
            None => {}
        }
        on
    }
}

/// A datagram that was sent before met a port without a socket (ICMP port unreachable, RFC 1122, section 4.1.3.3).
/// Windows calls that a reset.
pub(crate) fn found_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}

/// A free port of the loopback address of the same family.
pub(crate) fn beside(address: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    SocketAddr::new(loopback, 0)
}

/// Ends the `recv` of a thread.
pub(crate) fn wake(socket: &UdpSocket) {
    // On Linux that does it, although for a socket without a peer this is called an error.
    let _ = socket2::SockRef::from(socket).shutdown(Shutdown::Both);
    // Elsewhere an empty datagram does.
    let ring = || -> io::Result<()> {
        let address = socket.local_addr()?;
        let bell = UdpSocket::bind((address.ip(), 0))?;
        // A connected socket hears nobody but its peer, so that is the bell first.
        socket.connect(bell.local_addr()?)?;
        bell.send_to(&[], address).map(|_| ())
    };
    // It may get lost, and is sent again as long as the thread has not ended.
    let _ = ring();
}

impl DatagramRelay {
    pub(crate) fn new(fates: Fates, directory: Directory, recorder: Recorder, watch: Watch) -> DatagramRelay {
        DatagramRelay(Arc::new(Shared {
            recorder,
            watch,
            directory,
            closing: AtomicBool::new(false),
            to_server: Mutex::new(Line::new(fates.to_server)),
            to_client: Mutex::new(Line::new(fates.to_client)),
            sockets: Mutex::default(),
            failure: Mutex::default(),
        }))
    }

    /// An address that stands for `to` towards this actor alone.
    pub(crate) fn door(&self, who: Who, to: Goal) -> anyhow::Result<SocketAddr> {
        let shared = &self.0;
        let front = Arc::new(UdpSocket::bind(beside(to.address)).context("the relay cannot bind")?);
        let address = front.local_addr()?;
        shared.watch.address(address);
        shared.recorder.call(address, &format!("<{}>", to.who));
        let inner = front.clone();
        shared.receive(front, move |shared| shared.open_door(&inner, who, to))?;
        Ok(address)
    }

    /// Hands on what was held back for the play.
    pub(crate) fn hand_on(&self) {
        let _busy = self.0.watch.busy();
        for line in [&self.0.to_server, &self.0.to_client] {
            let held = std::mem::take(&mut lock(line).held);
            self.0.send(&held, false);
        }
    }

    /// Why datagrams could not be handed on, if so.
    pub(crate) fn failure(&self) -> Option<String> {
        lock(&self.0.failure).clone()
    }
}

impl Shared {
    fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Starts a thread that receives from a socket.
    fn receive(
        self: &Arc<Self>,
        socket: Arc<UdpSocket>,
        run: impl FnOnce(&Arc<Shared>) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let shared = self.clone();
        let thread = self.watch.spawn_carrier(move || {
            if let Err(error) = run(&shared) {
                lock(&shared.failure).get_or_insert(format!("the relay cannot hand on datagrams: {error:#}"));
            }
        })?;
        lock(&self.sockets).push((socket, thread));
        Ok(())
    }

    fn open_door(self: &Arc<Self>, front: &Arc<UdpSocket>, who: Who, to: Goal) -> anyhow::Result<()> {
        // The sockets of this actor, the connection of each on the record and what stands for it towards the server.
        let mut callers: Vec<(SocketAddr, usize, Arc<UdpSocket>)> = Vec::new();
        let mut buffer = vec![0; LARGEST];
        loop {
            let (length, client) = match front.recv_from(&mut buffer) {
                // Only Windows says here that an answer found nobody any more.
                Err(error) if found_nobody(&error) && !self.closing() => continue,
                received => received?,
            };
            if self.closing() {
                return Ok(());
            }
            let _busy = self.watch.busy();
            let known = callers.iter().find(|(address, ..)| *address == client).cloned();
            let (_, connection, back) = match known {
                Some(known) => known,
                None => {
                    let new = self.open_back(front, client, who, to)?;
                    callers.push(new.clone());
                    new
                }
            };
            let bytes = buffer[..length].to_vec();
            self.carry(Parcel { who, connection, way: Way::ToServer, bytes, socket: back, to: None });
        }
    }

    /// The socket that stands for a client towards the server.
    fn open_back(
        self: &Arc<Self>,
        front: &Arc<UdpSocket>,
        client: SocketAddr,
        who: Who,
        to: Goal,
    ) -> anyhow::Result<(SocketAddr, usize, Arc<UdpSocket>)> {
        let back = Arc::new(UdpSocket::bind(beside(to.address))?);
        back.connect(to.address)?;
        let connection = self.recorder.connection(who, to.who);
        let name = format!("<{who}>");
        self.watch.address(back.local_addr()?);
        self.watch.address(client);
        self.recorder.call(back.local_addr()?, &name);
        self.recorder.call(client, &name);
        self.directory.socket(who, Place { address: client, connection: Some(connection) });
        let (socket, front) = (back.clone(), front.clone());
        self.receive(back.clone(), move |shared| shared.carry_back(&socket, to.who, &front, client, connection))?;
        Ok((client, connection, back))
    }

    fn carry_back(
        &self,
        back: &UdpSocket,
        who: Who,
        front: &Arc<UdpSocket>,
        client: SocketAddr,
        connection: usize,
    ) -> anyhow::Result<()> {
        let mut buffer = vec![0; LARGEST];
        loop {
            let received = back.recv(&mut buffer);
            if self.closing() {
                return Ok(());
            }
            match received {
                Ok(length) => {
                    let _busy = self.watch.busy();
                    let (bytes, socket) = (buffer[..length].to_vec(), front.clone());
                    let way = Way::ToClient;
                    self.carry(Parcel { who, connection, way, bytes, socket, to: Some(client) });
                }
                // An earlier datagram found nobody at the server's port; later ones may.
                Err(error) if found_nobody(&error) => {
                    self.recorder.add(who, Some(connection), What::Refused);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn carry(&self, parcel: Parcel) {
        let line = if parcel.way == Way::ToServer { &self.to_server } else { &self.to_client };
        let mut line = lock(line);
        let (who, connection, way) = (parcel.who, parcel.connection, parcel.way);
        let bytes = parcel.bytes.clone();
        let fate = line.fates.as_slice().first().copied();
        match fate {
            Some(Fate::Drop) => self.recorder.add(who, Some(connection), What::Lost { way, bytes }),
            Some(Fate::Swap | Fate::Hold) => self.recorder.add(who, Some(connection), What::HeldBack { way, bytes }),
            _ => {}
        }
        let parcels = line.deal(parcel);
        self.send(&parcels, fate == Some(Fate::Double));
    }

    /// Hands these on, in this order.
    fn send(&self, parcels: &[Parcel], mut doubled: bool) {
        // On record before the reader can have any: its answers must not be told between them.
        let mut before = None;
        for parcel in parcels {
            let (who, connection, way) = (parcel.who, Some(parcel.connection), parcel.way);
            // Once: another datagram with the same bytes may come behind the doubled one.
            if doubled && before == Some(&parcel.bytes) {
                doubled = false;
                self.recorder.add(who, connection, What::Doubled { way });
            }
            self.recorder.add(who, connection, What::Datagram { way, bytes: parcel.bytes.clone() });
            before = Some(&parcel.bytes);
        }
        for Parcel { bytes, socket, to, .. } in parcels {
            // A datagram that cannot be sent is lost, as datagrams are.
            let _ = match to {
                Some(to) => socket.send_to(bytes, to),
                None => socket.send(bytes),
            };
        }
    }
}

impl Drop for DatagramRelay {
    fn drop(&mut self) {
        self.0.closing.store(true, Ordering::SeqCst);
        loop {
            // A door that was just knocked at may still open another socket.
            let sockets = std::mem::take(&mut *lock(&self.0.sockets));
            if sockets.is_empty() {
                return;
            }
            for (socket, thread) in sockets {
                join(thread, || wake(&socket));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dealt(fates: &[Fate], datagrams: &[&str]) -> Vec<String> {
        let mut line = Line::new(Vec::from(fates));
        let on = datagrams.iter().flat_map(|datagram| line.deal(datagram.as_bytes().to_vec()));
        on.map(|datagram| String::from_utf8(datagram).expect("text")).collect()
    }

    #[test]
    fn each_datagram_meets_its_fate() {
        use Fate::{Double, Drop, Hold, Pass, Swap, Wait};
        assert_eq!(dealt(&[], &["a", "b"]), ["a", "b"]);
        assert_eq!(dealt(&[Drop], &["a", "b"]), ["b"]);
        assert_eq!(dealt(&[Pass, Double], &["a", "b"]), ["a", "b", "b"]);
        assert_eq!(dealt(&[Swap], &["a", "b", "c"]), ["b", "a", "c"]);
        assert_eq!(dealt(&[Swap, Drop], &["a", "b", "c"]), ["c", "a"]);
        assert_eq!(dealt(&[Wait], &["a"]), [""; 0]);
        assert_eq!(dealt(&[Wait], &["a", "b", "c"]), ["a", "b", "c"]);
        assert_eq!(dealt(&[Hold], &["a", "b", "c"]), ["b", "c"]);
        assert_eq!(dealt(&[Wait, Drop], &["a", "b", "c"]), ["a", "c"]);
    }
}
