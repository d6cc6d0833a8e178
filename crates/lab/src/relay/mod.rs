//! The relay stands between client and server and hands the bytes on exactly as its script says. Every client has a door
//! of its own, so that it is certain whose a connection is, and a door is closed when the server has gone.
//!
//! ```text
//!   client ──► relay ──► server        a script acts on one direction of one connection;
//!   client ◄── relay ◄── server        everything else is handed on as it comes
//! ```
//!
//! It is two TCP connections, so it hides whatever belongs to one: the backlog, TIME_WAIT, how `close` differs from a
//! half-close, and a connect that is refused while others are served. Plays about those do without it.

pub(crate) mod bridge;
pub(crate) mod datagrams;
mod position;
mod pump;
pub(crate) mod script;

use std::collections::VecDeque;
use std::mem;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;

use crate::directory::Goal;
use crate::kernel;
use crate::poll::{PATIENCE, join, lock};
use crate::process::descriptors;
use crate::record::recorder::Recorder;
use crate::record::{CLIENT, Way, What, Who};
use crate::relay::pump::Pump;
use crate::relay::script::Script;
use crate::watch::Watch;

/// Connecting to itself takes no longer than this where it works at all.
const KNOCK: Duration = Duration::from_secs(1);

/// A running relay. Dropping it closes its sockets and waits for its threads.
pub(crate) struct Relay(Arc<Shared>);

struct Shared {
    recorder: Recorder,
    /// Of the connections to come.
    scripts: Mutex<VecDeque<Script>>,
    /// The scripts begin anew after the last one, and no door is ever closed.
    lasting: Option<Vec<Script>>,
    closing: AtomicBool,
    /// Pumps that still have steps of a trap before them.
    trapping: AtomicUsize,
    doors: Mutex<Vec<Door>>,
    /// Connections are made one after the other, whichever door they come through.
    turn: Mutex<()>,
    pairs: Mutex<Vec<Weak<Pair>>>,
    watch: Watch,
    pumps: Mutex<Vec<JoinHandle<()>>>,
    /// More than so many bytes are not carried for one sender; `None`: no limit.
    most: Option<u64>,
    /// Who has sent more than that.
    without_end: Mutex<Vec<Who>>,
    /// Why the relay could not do its work.
    failure: Mutex<Option<Failure>>,
}

/// Why the relay could not do its work.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The trap could not be laid. Where a program of the learner's own plays, it may be the reason.
    Script(String),
    /// The lab itself failed.
    Lab(String),
}

/// A listener for one actor alone, so that it is certain whose a connection is.
struct Door {
    sign: Arc<Sign>,
    /// `None`: it is closed.
    open: Option<(Arc<TcpListener>, JoinHandle<()>)>,
}

/// What is written on a door.
struct Sign {
    caller: Who,
    to: Goal,
    address: SocketAddr,
    closed: AtomicBool,
}

impl Door {
    fn open(listener: TcpListener, sign: Arc<Sign>, shared: &Arc<Shared>) -> anyhow::Result<Door> {
        sign.closed.store(false, Ordering::SeqCst);
        let listener = Arc::new(listener);
        let (inner, its, at) = (shared.clone(), sign.clone(), listener.clone());
        // A connection that waits for a door which has not got its turn is under way.
        let thread = shared.watch.spawn_carrier(move || inner.attend(&at, &its))?;
        Ok(Door { sign, open: Some((listener, thread)) })
    }

    /// Returns when the kernel refuses whoever knocks.
    fn close(&mut self) {
        self.sign.closed.store(true, Ordering::SeqCst);
        let Some((listener, thread)) = self.open.take() else { return };
        join(thread, || {
            // On Linux this ends accept(2), whatever has become of the loopback interface. Systems that only shut
            // connections down say so, and there somebody has to knock.
            if socket2::SockRef::from(&*listener).shutdown(Shutdown::Both).is_err() {
                let _ = TcpStream::connect_timeout(&self.sign.address, KNOCK);
            }
        });
        descriptors::close(listener);
    }

    fn is_closed(&self) -> bool {
        self.open.as_ref().is_none_or(|(_, thread)| thread.is_finished())
    }
}

/// Both sockets of one connection.
struct Pair {
    client: TcpStream,
    server: TcpStream,
    reset: AtomicBool,
}

impl Pair {
    fn ends(&self, way: Way) -> (&TcpStream, &TcpStream) {
        match way {
            Way::ToServer => (&self.client, &self.server),
            Way::ToClient => (&self.server, &self.client),
        }
    }

    /// Makes the close of both sockets a reset, and wakes whoever reads from them. False: that was done before.
    fn reset(&self) -> bool {
        let first = !self.reset.swap(true, Ordering::SeqCst);
        for socket in [&self.client, &self.server] {
            // Either may have gone already, which is as good as reset.
            let _ = socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO));
            let _ = socket.shutdown(Shutdown::Read);
        }
        first
    }
}

/// What both directions of one connection have to do with.
struct Link {
    pair: Arc<Pair>,
    caller: Who,
    to: Goal,
    /// Its number on the record.
    connection: usize,
}

impl Relay {
    /// Connection n follows `scripts[n]`; later ones are handed on as they come. Who sends more than `most` bytes over one
    /// connection is not read from any more.
    pub(crate) fn new(scripts: Vec<Script>, recorder: Recorder, watch: Watch, most: Option<u64>) -> Relay {
        Relay(Arc::new(Shared { most, ..Shared::new(scripts, recorder, watch, None) }))
    }

    /// A relay between two terminals: it listens at this address for as long as it lives, whoever comes and goes, and every
    /// connection follows the next of these scripts, after the last one the first again.
    ///
    /// # Errors
    ///
    /// The address is taken, or not one of this machine.
    pub(crate) fn between(
        address: SocketAddr,
        to: Goal,
        scripts: Vec<Script>,
        recorder: Recorder,
        watch: Watch,
    ) -> anyhow::Result<(Relay, SocketAddr)> {
        let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(Vec::new(), recorder, watch, Some(scripts)));
        let sign = Arc::new(Sign { caller: CLIENT, to, address, closed: AtomicBool::new(false) });
        lock(&shared.doors).push(Door::open(listener, sign, &shared)?);
        Ok((Relay(shared), address))
    }

    /// An address that stands for `to` towards this actor alone. Where `to` does not listen any more, neither does this.
    pub(crate) fn door(&self, caller: Who, to: Goal) -> anyhow::Result<SocketAddr> {
        let shared = &self.0;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("the relay cannot listen")?;
        let address = listener.local_addr()?;
        shared.watch.address(address);
        shared.recorder.call(address, &format!("<{}>", to.who));
        let sign = Arc::new(Sign { caller, to, address, closed: AtomicBool::new(false) });
        lock(&shared.doors).push(Door::open(listener, sign, shared)?);
        if kernel::listens_at(to.address) == Some(false) {
            shared.close_doors(to.address);
        }
        Ok(address)
    }

    /// Somebody at this address has ended: unless another one listens there, the doors to it close.
    pub(crate) fn ended(&self, address: SocketAddr) {
        if kernel::listens_at(address) != Some(true) {
            self.0.close_doors(address);
        }
    }

    /// Somebody may listen at this address again.
    pub(crate) fn again(&self, address: SocketAddr) -> anyhow::Result<()> {
        if kernel::listens_at(address) == Some(false) {
            return Ok(());
        }
        for door in lock(&self.0.doors).iter_mut().filter(|door| door.sign.to.address == address && door.is_closed()) {
            door.close();
            let listener = TcpListener::bind(door.sign.address).context("the relay cannot listen again")?;
            *door = Door::open(listener, door.sign.clone(), &self.0)?;
        }
        Ok(())
    }

    /// Every script has been carried out.
    pub(crate) fn trap_is_laid(&self) -> bool {
        self.0.trapping.load(Ordering::SeqCst) == 0
    }

    /// Who has sent more than is carried for anybody.
    pub(crate) fn send_without_end(&self) -> Vec<Who> {
        lock(&self.0.without_end).clone()
    }

    /// Why the relay could not do its work, if so.
    pub(crate) fn failure(&self) -> Option<Failure> {
        lock(&self.0.failure).clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let shared = &self.0;
        shared.closing.store(true, Ordering::SeqCst);
        lock(&shared.doors).iter_mut().for_each(Door::close);
        for pair in lock(&shared.pairs).iter().filter_map(Weak::upgrade) {
            let _ = pair.client.shutdown(Shutdown::Both);
            let _ = pair.server.shutdown(Shutdown::Both);
        }
        let pumps = mem::take(&mut *lock(&shared.pumps));
        for pump in pumps {
            join(pump, || {});
        }
    }
}

impl Shared {
    fn new(scripts: Vec<Script>, recorder: Recorder, watch: Watch, lasting: Option<Vec<Script>>) -> Shared {
        watch.relayed();
        Shared {
            recorder,
            scripts: Mutex::new(scripts.into()),
            lasting,
            most: None,
            without_end: Mutex::default(),
            closing: AtomicBool::new(false),
            watch,
            trapping: AtomicUsize::new(0),
            doors: Mutex::default(),
            turn: Mutex::default(),
            pairs: Mutex::default(),
            pumps: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    fn is_without_end(&self, who: Who) {
        lock(&self.without_end).push(who);
    }

    fn sends_without_end(&self, who: Who) -> bool {
        lock(&self.without_end).contains(&who)
    }

    fn fail(&self, why: Failure) {
        lock(&self.failure).get_or_insert(why);
    }

    fn close_doors(&self, address: SocketAddr) {
        if self.lasting.is_some() {
            return;
        }
        for door in lock(&self.doors).iter_mut().filter(|door| door.sign.to.address == address) {
            door.close();
        }
    }

    fn attend(self: &Arc<Self>, listener: &TcpListener, sign: &Sign) {
        let (caller, to) = (sign.caller, sign.to);
        loop {
            let accepted = listener.accept();
            let closed = self.closing() || sign.closed.load(Ordering::SeqCst);
            let client = match accepted {
                Ok((client, _)) => client,
                Err(_) if closed => return,
                Err(error) => return self.fail(Failure::Lab(format!("the relay cannot accept a connection: {error}"))),
            };
            if closed {
                // Nobody will serve it: the kernel resets what waits at a listener that goes.
                let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
                return descriptors::close(client);
            }
            // Until its pumps run, what the client sends is in nobody's sight.
            let _busy = self.watch.busy();
            let _turn = lock(&self.turn);
            self.connect(client, caller, to);
        }
    }

    /// Connects a client with whom it wants, and starts what hands on its bytes.
    fn connect(self: &Arc<Self>, client: TcpStream, caller: Who, to: Goal) {
        let mut scripts = lock(&self.scripts);
        if scripts.is_empty() {
            scripts.extend(self.lasting.iter().flatten().cloned());
        }
        let Script { to_server, to_client, layout } = scripts.pop_front().unwrap_or_else(Script::open);
        drop(scripts);
        let connection = self.recorder.connection(caller, to.who);
        let Ok(server) = TcpStream::connect_timeout(&to.address, PATIENCE) else {
            self.recorder.add(to.who, Some(connection), What::Refused);
            let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
            return descriptors::close(client);
        };
        // A slice must leave at once, or the kernel joins it with the next one.
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        for socket in [&client, &server] {
            if let (Ok(local), Ok(remote)) = (socket.local_addr(), socket.peer_addr()) {
                self.watch.pair(local, remote);
            }
        }
        if let Ok(address) = server.local_addr() {
            self.watch.address(address);
            self.recorder.call(address, &format!("<{caller}>"));
        }
        let pair = Arc::new(Pair { client, server, reset: AtomicBool::new(false) });
        let mut pairs = lock(&self.pairs);
        pairs.retain(|pair| pair.strong_count() > 0);
        pairs.push(Arc::downgrade(&pair));
        drop(pairs);
        let mut pumps = lock(&self.pumps);
        pumps.retain(|pump| !pump.is_finished());
        for (way, steps) in [(Way::ToServer, to_server), (Way::ToClient, to_client)] {
            let link = Link { pair: pair.clone(), caller, to, connection };
            let pump = Pump::new(self.clone(), link, way, layout, !steps.is_empty());
            match self.watch.spawn_carrier(move || pump.run(&steps)) {
                Ok(thread) => pumps.push(thread),
                Err(error) => {
                    self.fail(Failure::Lab(format!("{error:#}")));
                    pair.reset();
                }
            }
        }
    }
}
