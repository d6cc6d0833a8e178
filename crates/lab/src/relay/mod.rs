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
pub(crate) mod script;

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::mem;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;

use crate::directory::Goal;
use crate::kernel;
use crate::kernel::gate::has_taken;
use crate::poll::{PATIENCE, until};
use crate::process::descriptors;
use crate::record::recorder::Recorder;
use crate::record::{Way, What, Who};
use crate::relay::script::{At, Extent, Layout, Script, Step};
use crate::watch::{Busy, Watch};

/// A script cannot hold back more than this many bytes.
const MOST_HELD: usize = 16 * 1024 * 1024;

/// Bytes in a queue that nobody reads count as under way for so long while everybody settles.
const HOPE: Duration = Duration::from_millis(500);

/// Where the kernel does not tell, waiting this long has to do.
const PAUSE: Duration = Duration::from_millis(50);

/// A running relay. Dropping it closes its sockets and waits for its threads.
pub(crate) struct Relay(Arc<Shared>);

struct Shared {
    recorder: Recorder,
    scripts: Mutex<Scripts>,
    closing: AtomicBool,
    /// Pumps that still have steps of a trap before them.
    trapping: AtomicUsize,
    doors: Mutex<Vec<Door>>,
    /// Connections are made one after the other, whichever door they come through.
    turn: Mutex<()>,
    pairs: Mutex<Vec<Weak<Pair>>>,
    watch: Watch,
    pumps: Mutex<Vec<JoinHandle<()>>>,
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

/// The scripts of the connections to come.
#[derive(Default)]
struct Scripts {
    /// For whoever has none of its own.
    common: VecDeque<Script>,
    own: Vec<(Who, VecDeque<Script>)>,
}

impl Scripts {
    fn next(&mut self, caller: Who) -> Script {
        let own = self.own.iter_mut().find(|(who, _)| *who == caller);
        own.map_or(&mut self.common, |(_, scripts)| scripts).pop_front().unwrap_or_else(Script::open)
    }
}

/// A listener for one actor alone, so that it is certain whose a connection is.
struct Door {
    sign: Arc<Sign>,
    /// `None`: it is closed.
    thread: Option<JoinHandle<()>>,
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
        let (inner, its) = (shared.clone(), sign.clone());
        // A connection that waits for a door which has not got its turn is under way.
        let thread = shared.watch.spawn_carrier(move || {
            inner.attend(&listener, &its);
            descriptors::close(listener);
        })?;
        Ok(Door { sign, thread: Some(thread) })
    }

    /// Returns when the kernel refuses whoever knocks.
    fn close(&mut self) {
        self.sign.closed.store(true, Ordering::SeqCst);
        let Some(thread) = self.thread.take() else { return };
        // Wakes the thread in accept; whether this connects or not, the flag is seen next.
        let _ = TcpStream::connect_timeout(&self.sign.address, Duration::from_secs(1));
        let _ = thread.join();
    }

    fn is_closed(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
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

impl Relay {
    /// Connection n follows `scripts[n]`; later ones are handed on as they come.
    pub(crate) fn new(scripts: Vec<Script>, recorder: Recorder, watch: Watch) -> Relay {
        watch.relayed();
        Relay(Arc::new(Shared {
            recorder,
            scripts: Mutex::new(Scripts { common: scripts.into(), own: Vec::new() }),
            closing: AtomicBool::new(false),
            watch,
            trapping: AtomicUsize::new(0),
            doors: Mutex::default(),
            turn: Mutex::default(),
            pairs: Mutex::default(),
            pumps: Mutex::default(),
            failure: Mutex::default(),
        }))
    }

    /// An address that stands for `to` towards this actor alone. Where `to` does not listen any more, neither does this.
    pub(crate) fn door(&self, caller: Who, to: Goal) -> anyhow::Result<SocketAddr> {
        let shared = &self.0;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("the relay cannot listen")?;
        let address = listener.local_addr()?;
        shared.watch.port(address.port());
        shared.recorder.call(address, &format!("<{}>", to.who));
        let sign = Arc::new(Sign { caller, to, address, closed: AtomicBool::new(false) });
        lock(&shared.doors).push(Door::open(listener, sign, shared)?);
        if kernel::tcp_listening(to.address.port()) == Some(false) {
            shared.close_doors(to.address);
        }
        Ok(address)
    }

    /// Somebody at this address has ended: unless another one listens there, the doors to it close.
    pub(crate) fn ended(&self, address: SocketAddr) {
        if kernel::tcp_listening(address.port()) != Some(true) {
            self.0.close_doors(address);
        }
    }

    /// Somebody may listen at this address again.
    pub(crate) fn again(&self, address: SocketAddr) -> anyhow::Result<()> {
        if kernel::tcp_listening(address.port()) == Some(false) {
            return Ok(());
        }
        for door in lock(&self.0.doors).iter_mut().filter(|door| door.sign.to.address == address && door.is_closed()) {
            door.close();
            let listener = TcpListener::bind(door.sign.address).context("the relay cannot listen again")?;
            *door = Door::open(listener, door.sign.clone(), &self.0)?;
        }
        Ok(())
    }

    /// The next connections of this actor, or of whoever has none of its own, follow these.
    pub(crate) fn scripts(&self, whose: Option<Who>, more: Vec<Script>) {
        let mut scripts = lock(&self.0.scripts);
        match whose {
            None => scripts.common.extend(more),
            Some(whose) => match scripts.own.iter_mut().find(|(who, _)| *who == whose) {
                Some((_, own)) => own.extend(more),
                None => scripts.own.push((whose, more.into())),
            },
        }
    }

    /// Every script has been carried out.
    pub(crate) fn trap_is_laid(&self) -> bool {
        self.0.trapping.load(Ordering::SeqCst) == 0
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
            pump.thread().unpark();
            let _ = pump.join();
        }
    }
}

impl Shared {
    fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    fn fail(&self, why: Failure) {
        lock(&self.failure).get_or_insert(why);
    }

    fn close_doors(&self, address: SocketAddr) {
        for door in lock(&self.doors).iter_mut().filter(|door| door.sign.to.address == address) {
            door.close();
        }
    }

    fn attend(self: &Arc<Self>, listener: &TcpListener, sign: &Sign) {
        let (caller, to) = (sign.caller, sign.to);
        loop {
            let client = match listener.accept() {
                Ok((client, _)) => client,
                Err(error) => return self.fail(Failure::Lab(format!("the relay cannot accept a connection: {error}"))),
            };
            if self.closing() || sign.closed.load(Ordering::SeqCst) {
                // Nobody will serve it: the kernel resets what waits at a listener that goes.
                let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
                return descriptors::close(client);
            }
            // Until its pumps run, what the client sends is in nobody's sight.
            let _busy = self.watch.busy();
            let turn = lock(&self.turn);
            let script = lock(&self.scripts).next(caller);
            let connection = self.recorder.connection(caller, to.who);
            let Ok(server) = TcpStream::connect_timeout(&to.address, PATIENCE) else {
                self.recorder.add(to.who, Some(connection), What::Refused);
                let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
                descriptors::close(client);
                continue;
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
                self.watch.port(address.port());
                self.recorder.call(address, &format!("<{caller}>"));
            }
            let pair = Arc::new(Pair { client, server, reset: AtomicBool::new(false) });
            let mut pairs = lock(&self.pairs);
            pairs.retain(|pair| pair.strong_count() > 0);
            pairs.push(Arc::downgrade(&pair));
            drop(pairs);
            let mut pumps = lock(&self.pumps);
            pumps.retain(|pump| !pump.is_finished());
            for (way, steps) in [(Way::ToServer, script.to_server), (Way::ToClient, script.to_client)] {
                if !steps.is_empty() {
                    self.trapping.fetch_add(1, Ordering::SeqCst);
                }
                let (who, reader) = if way == Way::ToServer { (caller, to.who) } else { (to.who, caller) };
                let trapping = !steps.is_empty();
                let (layout, shared, pair) = (script.layout, self.clone(), pair.clone());
                let watch = self.watch.clone();
                let mut pump = Pump {
                    shared,
                    pair,
                    way,
                    who,
                    reader,
                    to: to.address,
                    connection,
                    layout,
                    held: Vec::new(),
                    sent: 0,
                    dropped: 0,
                    inserted: 0,
                    frame: 0,
                    begun: Vec::new(),
                    sizes: None,
                    ended: false,
                    finished: false,
                    trapping,
                    in_hand: None,
                };
                let thread = watch.spawn_carrier(move || {
                    pump.run(&steps);
                    pump.close();
                });
                match thread {
                    Ok(thread) => pumps.push(thread),
                    Err(error) => self.fail(Failure::Lab(format!("{error:#}"))),
                }
            }
            drop(turn);
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One direction of one connection.
struct Pump {
    shared: Arc<Shared>,
    pair: Arc<Pair>,
    way: Way,
    who: Who,
    reader: Who,
    /// The address of whom the relay has connected to.
    to: SocketAddr,
    connection: usize,
    layout: Layout,
    /// Bytes that came in and were not handed on yet.
    held: Vec<u8>,
    /// Bytes of the stream that went on.
    sent: usize,
    /// Bytes of the stream that were thrown away.
    dropped: usize,
    /// Bytes that went on and do not belong to the stream.
    inserted: usize,
    /// Where the current frame begins.
    frame: usize,
    /// The bytes of the current frame that have left while its sizes are not known.
    begun: Vec<u8>,
    /// The sizes of the current frame, once its header has come.
    sizes: Option<Extent>,
    ended: bool,
    /// The script has ended this direction.
    finished: bool,
    trapping: bool,
    in_hand: Option<Busy>,
}

/// Why a pump stops before its script is done.
enum Stop {
    /// The sender reset the connection.
    Reset,
    /// The reader has gone.
    ReaderGone,
    /// The stage is being cleared.
    Closing,
}

impl Pump {
    fn run(&mut self, steps: &[Step]) {
        let mut outcome = Ok(());
        let mut stalled = false;
        for step in steps {
            stalled = *step == Step::Stall;
            outcome = self.perform(step);
            if outcome.is_err() {
                break;
            }
        }
        self.trap_done();
        if outcome.is_ok() && stalled {
            self.hand_is_empty();
            self.wait_for_close();
            return;
        }
        if outcome.is_ok() {
            outcome = self.rest();
        }
        self.hand_is_full();
        match outcome {
            Err(Stop::Reset) => {
                self.look_whether_gone(Way::ToClient);
                if self.pair.reset() {
                    self.tell(What::Rst { way: self.way });
                }
            }
            Err(Stop::ReaderGone) => {
                self.look_whether_gone(Way::ToServer);
                if self.pair.reset() {
                    let what = What::Rst { way: self.way.back() };
                    self.shared.recorder.add(self.reader, Some(self.connection), what);
                }
            }
            Ok(()) | Err(Stop::Closing) => {}
        }
    }

    /// Lets go of both sockets, which closes them when the other direction is over as well. Until then this counts as
    /// under way.
    fn close(self) {
        let _busy = self.shared.watch.busy();
        descriptors::close(self);
    }

    fn perform(&mut self, step: &Step) -> Result<(), Stop> {
        match step {
            Step::Hold(at) => self.fill(*at).map(|_| ()),
            Step::Send(at) => {
                let end = self.fill(*at)?;
                self.hand_on(end - self.sent - self.dropped)?;
                self.advance_frame(*at, end);
                Ok(())
            }
            Step::Gate => self.gate(false),
            Step::Settle => self.gate(true),
            Step::Said(who, text) => {
                let said = |record: &crate::record::Record| record.lines(*who).iter().any(|line| line.contains(text));
                let recorder = self.shared.recorder.clone();
                if !until(PATIENCE, || self.shared.closing() || recorder.read(said)) {
                    self.shared.fail(Failure::Script(format!("{who} never said \"{text}\"")));
                }
                Ok(())
            }
            Step::Drop(at) => {
                let end = self.fill(*at)?;
                let total = end - self.sent - self.dropped;
                let bytes = self.let_go(total);
                self.dropped += total;
                self.advance_frame(*at, end);
                self.tell(What::Dropped { way: self.way, bytes, total });
                Ok(())
            }
            Step::Flip(at, mask) => self.change(*at, 1, |bytes| bytes.iter_mut().for_each(|byte| *byte ^= mask)),
            Step::Change(at, new) => self.change(*at, new.len(), |bytes| bytes.copy_from_slice(&new[..bytes.len()])),
            Step::Insert(at, bytes) => {
                let end = self.fill(*at)?;
                self.hand_on(end - self.sent - self.dropped)?;
                self.advance_frame(*at, end);
                self.inserted += bytes.len();
                self.tell(What::Inserted { way: self.way, bytes: bytes.clone() });
                self.pair.ends(self.way).1.write_all(bytes).map_err(|_| Stop::ReaderGone)
            }
            Step::Stall => {
                self.tell(What::Stalled { way: self.way });
                Ok(())
            }
            Step::Fin => {
                self.tell(What::Fin { way: self.way });
                self.ended = true;
                self.finished = true;
                self.held.clear();
                let _ = self.pair.ends(self.way).1.shutdown(Shutdown::Write);
                Ok(())
            }
            Step::Rst => {
                self.tell(What::Rst { way: self.way });
                self.pair.reset();
                Err(Stop::Closing)
            }
        }
    }

    fn tell(&self, what: What) {
        self.shared.recorder.add(self.who, Some(self.connection), what);
    }

    /// In this direction, what ends the stream may be that the server has ended altogether. Before the client learns of
    /// it the doors are closed, so that it is refused when it comes back.
    fn look_whether_gone(&self, way: Way) {
        if way == self.way && !self.shared.closing() && kernel::tcp_listening(self.to.port()) == Some(false) {
            self.shared.close_doors(self.to);
        }
    }

    /// Changes so many bytes from this place on before they are handed on.
    fn change(&mut self, at: At, length: usize, how: impl FnOnce(&mut [u8])) -> Result<(), Stop> {
        let start = self.fill(at)?;
        let end = self.fill(At::Byte(start + length))?;
        // The sizes of the frame are those that its sender meant.
        self.measure();
        let begin = self.sent + self.dropped;
        if self.place(at).is_some_and(|place| place < begin) || end < start + length {
            let why = format!("the script changes {length} bytes that are not there, at byte {start}");
            self.shared.fail(Failure::Script(why));
            return Ok(());
        }
        let bytes = &mut self.held[start - begin..end - begin];
        let was = bytes.to_vec();
        how(bytes);
        let now = bytes.to_vec();
        self.tell(What::Changed { way: self.way, offset: start, was, now });
        Ok(())
    }

    /// Reads until the stream is there up to this place and says where that is. Where the stream ends earlier, that is
    /// the place.
    fn fill(&mut self, at: At) -> Result<usize, Stop> {
        loop {
            let here = self.sent + self.dropped + self.held.len();
            if let Some(place) = self.place(at)
                && place <= here
            {
                return Ok(place.max(self.sent + self.dropped));
            }
            if self.held.len() >= MOST_HELD {
                self.shared.fail(Failure::Script(format!("the script holds back more than {MOST_HELD} bytes")));
            }
            if self.ended || self.held.len() >= MOST_HELD {
                return Ok(here);
            }
            self.take()?;
        }
    }

    /// The place as an offset in the stream, when enough of it is known.
    fn place(&mut self, at: At) -> Option<usize> {
        match at {
            At::Byte(offset) => Some(offset),
            At::Header(offset) => Some(self.frame + offset),
            At::StreamEnd => None,
            At::BeforeEnd(length) => {
                let end = self.sent + self.dropped + self.held.len();
                self.ended.then(|| end.saturating_sub(length))
            }
            At::Body(offset) => Some(self.frame + self.measure()?.header + offset),
            At::FrameEnd => {
                let extent = self.measure()?;
                Some(self.frame + extent.header + extent.payload)
            }
        }
    }

    /// The sizes of the current frame, of which a part may have left already.
    fn measure(&mut self) -> Option<Extent> {
        if self.sizes.is_none() {
            let start = self.frame.saturating_sub(self.sent + self.dropped);
            self.sizes = (self.layout)(&[&self.begun, self.held.get(start..)?].concat());
        }
        self.sizes
    }

    /// Lets the first bytes go. What a script may still need of them is kept.
    fn let_go(&mut self, length: usize) -> Vec<u8> {
        let known = !self.trapping || self.measure().is_some();
        let piece: Vec<u8> = self.held.drain(..length).collect();
        if !known {
            self.begun.extend_from_slice(&piece);
        }
        piece
    }

    fn advance_frame(&mut self, at: At, end: usize) {
        if at == At::FrameEnd {
            self.frame = end;
            self.begun.clear();
            self.sizes = None;
        }
    }

    /// Takes what comes next from the sender, at least one byte, or notices the end.
    #[expect(clippy::disallowed_methods, reason = "a relay hands on any part of the stream as it comes")]
    fn take(&mut self) -> Result<(), Stop> {
        let pair = self.pair.clone();
        let mut from = pair.ends(self.way).0;
        // Looking before taking: while the byte is in the kernel's queue everybody can see that it is under way.
        self.hand_is_empty();
        let looked = from.peek(&mut [0]);
        self.hand_is_full();
        let mut buffer = [0; 16 * 1024];
        match looked.and_then(|_| from.read(&mut buffer)) {
            _ if self.shared.closing() || pair.reset.load(Ordering::SeqCst) => Err(Stop::Closing),
            Ok(0) => {
                self.ended = true;
                Ok(())
            }
            Ok(length) => {
                self.held.extend_from_slice(&buffer[..length]);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(Stop::Reset),
        }
    }

    fn hand_on(&mut self, length: usize) -> Result<(), Stop> {
        if length == 0 {
            return Ok(());
        }
        let piece = self.let_go(length);
        self.sent += length;
        // On record before the reader can have it: its answer must not be told first.
        self.shared.recorder.add_bytes(self.who, self.connection, self.way, &piece);
        self.pair.ends(self.way).1.write_all(&piece).map_err(|_| Stop::ReaderGone)
    }

    /// Waits until the reader has taken everything: it has received as many bytes as were sent, and its receive queue is
    /// empty.
    fn gate(&mut self, settle: bool) -> Result<(), Stop> {
        let to = self.pair.ends(self.way).1;
        if let (Ok(local), Ok(remote)) = (to.local_addr(), to.peer_addr()) {
            let sent = (self.sent + self.inserted) as u64;
            let taken = until(PATIENCE, || self.shared.closing() || has_taken(local, remote, sent));
            if !taken && !self.shared.closing() {
                let text = "the reader did not take what was sent before the lab lost its patience";
                self.tell(What::Step(text.to_string()));
                self.shared.fail(Failure::Script(text.to_string()));
            }
        }
        if self.shared.closing() {
            return Err(Stop::Closing);
        }
        if settle {
            self.settle();
        }
        if self.reader_has_reset() {
            return Err(Stop::ReaderGone);
        }
        if self.sent > 0 {
            self.shared.recorder.add_gate(self.who, self.connection, self.way);
        }
        Ok(())
    }

    /// The reader closed before it had taken everything, and its kernel has said so: the connection has no other end any
    /// more. An orderly end leaves it one.
    fn reader_has_reset(&self) -> bool {
        self.pair.ends(self.way).1.peer_addr().is_err()
    }

    /// Waits until nobody does anything. What this pump holds, or leaves in its socket, does not count: that is the trap.
    fn settle(&mut self) {
        let (watch, thread) = (self.shared.watch.clone(), kernel::this_thread());
        let from = self.pair.ends(self.way).0;
        let from = from.local_addr().ok().zip(from.peer_addr().ok());
        self.hand_is_empty();
        watch.not_carrier(thread);
        watch.holds_back(from);
        if kernel::sees_sockets() {
            watch.settles(HOPE, || true);
        } else {
            until(PAUSE, || false);
        }
        watch.reads_again(from);
        watch.carrier(thread);
        self.hand_is_full();
    }

    /// Hands on everything else.
    fn rest(&mut self) -> Result<(), Stop> {
        loop {
            self.hand_on(self.held.len())?;
            if self.ended {
                self.look_whether_gone(Way::ToClient);
                let to = self.pair.ends(self.way).1;
                if !self.finished {
                    self.tell(What::Fin { way: self.way });
                }
                // The reader may have gone, which ends this direction as well.
                let _ = to.shutdown(Shutdown::Write);
                return Ok(());
            }
            self.take()?;
        }
    }

    fn wait_for_close(&self) {
        while !self.shared.closing() {
            thread::park();
        }
    }

    fn trap_done(&mut self) {
        if self.trapping {
            self.trapping = false;
            self.shared.trapping.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn hand_is_full(&mut self) {
        self.in_hand.get_or_insert_with(|| self.shared.watch.busy());
    }

    fn hand_is_empty(&mut self) {
        self.in_hand = None;
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.trap_done();
    }
}
