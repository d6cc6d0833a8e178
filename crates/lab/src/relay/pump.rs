//! One direction of one connection: reads from its sender, does what the script says, writes to its reader.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::kernel;
use crate::kernel::gate::{Taken, taken};
use crate::poll::{PATIENCE, until};
use crate::process::descriptors;
use crate::record::{Record, Way, What, Who};
use crate::relay::position::Position;
use crate::relay::script::{At, Layout, Step};
use crate::relay::{Failure, Link, Shared};
use crate::watch::{Busy, Rest};

/// A script cannot hold back more than this many bytes.
const MOST_HELD: usize = 16 * 1024 * 1024;

/// Bytes in a queue that nobody reads count as under way for so long while everybody settles.
const HOPE: Duration = Duration::from_millis(500);

/// Where the kernel does not tell, waiting this long has to do.
const PAUSE: Duration = Duration::from_millis(50);

/// One direction of one connection.
pub(super) struct Pump {
    shared: Arc<Shared>,
    link: Link,
    way: Way,
    who: Who,
    reader: Who,
    position: Position,
    /// Bytes that have come from the sender.
    came: u64,
    /// The script has ended this direction.
    finished: bool,
    /// The script has steps left.
    trapping: bool,
    /// The reader has let the lab lose its patience once; for that it is not waited again.
    idle_reader: bool,
    /// Bytes that are in no queue of the kernel, or will be in a moment.
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
    pub(super) fn new(shared: Arc<Shared>, link: Link, way: Way, layout: Layout, trapping: bool) -> Pump {
        let (who, reader) = if way == Way::ToServer { (link.caller, link.to.who) } else { (link.to.who, link.caller) };
        if trapping {
            shared.trapping.fetch_add(1, Ordering::SeqCst);
        }
        let position = Position::new(layout, trapping);
        let (finished, idle_reader, in_hand) = (false, false, None);
        Pump { shared, link, way, who, reader, position, came: 0, finished, trapping, idle_reader, in_hand }
    }

    /// Does what the script says, hands on the rest, and lets go of both sockets. That closes them when the other
    /// direction is over as well, and until then it counts as under way.
    pub(super) fn run(mut self, steps: &[Step]) {
        let scripted = steps.iter().try_for_each(|step| self.perform(step));
        self.trap_done();
        let outcome = scripted.and_then(|()| self.rest());
        let _busy = self.shared.watch.busy();
        match outcome {
            Err(Stop::Reset) => {
                self.look_whether_gone(Way::ToClient);
                if self.link.pair.reset() {
                    self.tell(What::Rst { way: self.way });
                }
            }
            Err(Stop::ReaderGone) => {
                self.look_whether_gone(Way::ToServer);
                if self.link.pair.reset() {
                    self.tell_of_reader(What::Rst { way: self.way.back() });
                }
            }
            Ok(()) | Err(Stop::Closing) => {}
        }
        descriptors::close(self);
    }

    fn perform(&mut self, step: &Step) -> Result<(), Stop> {
        match step {
            Step::Hold(at) => self.fill(*at).map(|_| ()),
            Step::Send(at) => self.send(*at),
            Step::Gate => self.gate(false),
            Step::Settle => self.gate(true),
            Step::Said(who, text) => self.wait_until_said(*who, text),
            Step::Pause(time) => self.pause(*time),
            Step::Drop(at) => self.discard(*at),
            Step::Flip(at, mask) => self.flip(*at, *mask),
            Step::Insert(at, bytes) => self.insert(*at, bytes),
            Step::Fin => self.fin(),
            Step::Rst => self.rst(),
        }
    }

    fn tell(&self, what: What) {
        self.shared.recorder.add(self.who, Some(self.link.connection), what);
    }

    fn tell_of_reader(&self, what: What) {
        self.shared.recorder.add(self.reader, Some(self.link.connection), what);
    }

    /// Reads until the stream is there up to this place and says where that is: see [`Position::reached`].
    fn fill(&mut self, at: At) -> Result<usize, Stop> {
        loop {
            if let Some(end) = self.position.reached(at) {
                return Ok(end);
            }
            if self.position.held() >= MOST_HELD {
                self.shared.fail(Failure::Script(format!("the script holds back more than {MOST_HELD} bytes")));
                return Ok(self.position.here());
            }
            self.take()?;
        }
    }

    fn send(&mut self, at: At) -> Result<(), Stop> {
        let end = self.fill(at)?;
        let piece = self.position.send(at, end);
        if piece.is_empty() {
            return Ok(());
        }
        // On record before the reader can have it: its answer must not be told first.
        self.shared.recorder.add_bytes(self.who, self.link.connection, self.way, &piece);
        self.write(&piece)
    }

    fn discard(&mut self, at: At) -> Result<(), Stop> {
        let end = self.fill(at)?;
        let bytes = self.position.discard(at, end);
        self.tell(What::Dropped { way: self.way, total: bytes.len(), bytes });
        Ok(())
    }

    fn flip(&mut self, at: At, mask: u8) -> Result<(), Stop> {
        let offset = self.fill(at)?;
        self.fill(At::Byte(offset + 1))?;
        match self.position.flip(at, mask) {
            Some(flipped) => {
                let (was, now) = (vec![flipped.was], vec![flipped.now]);
                self.tell(What::Changed { way: self.way, offset: flipped.offset, was, now });
            }
            None => {
                self.shared.fail(Failure::Script(format!("the script changes byte {offset}, which is not there")));
            }
        }
        Ok(())
    }

    fn insert(&mut self, at: At, bytes: &[u8]) -> Result<(), Stop> {
        self.send(at)?;
        self.position.insert(bytes.len());
        self.tell(What::Inserted { way: self.way, bytes: bytes.to_vec() });
        self.write(bytes)
    }

    fn fin(&mut self) -> Result<(), Stop> {
        self.tell(What::Fin { way: self.way });
        self.position.cut();
        self.finished = true;
        // The reader may have gone, which ends this direction as well.
        let _ = self.link.pair.ends(self.way).1.shutdown(Shutdown::Write);
        Ok(())
    }

    fn rst(&mut self) -> Result<(), Stop> {
        self.tell(What::Rst { way: self.way });
        self.link.pair.reset();
        Err(Stop::Closing)
    }

    fn wait_until_said(&mut self, who: Who, text: &str) -> Result<(), Stop> {
        let said = |record: &Record| record.lines(who).iter().any(|line| line.contains(text));
        if !until(PATIENCE, || self.shared.closing() || self.shared.recorder.read(said)) {
            self.shared.fail(Failure::Script(format!("{who} never said \"{text}\"")));
        }
        Ok(())
    }

    /// What this pump has counts as under way meanwhile, so that nobody is found to hang.
    fn pause(&mut self, time: Duration) -> Result<(), Stop> {
        let _busy = self.shared.watch.busy();
        self.tell(What::Step(format!("sends nothing for {time:?}")));
        let end = Instant::now() + time;
        until(time.max(PATIENCE), || self.shared.closing() || Instant::now() >= end);
        if self.shared.closing() { Err(Stop::Closing) } else { Ok(()) }
    }

    /// Waits until the reader has taken everything that was handed on, and with `settle` until nobody does anything with it
    /// any more. Says so where the reader has read it, and only there.
    fn gate(&mut self, settle: bool) -> Result<(), Stop> {
        let taken = self.wait_until_taken();
        if self.shared.closing() {
            return Err(Stop::Closing);
        }
        if settle {
            self.settle();
        }
        if taken == Some(Taken::Gone) || self.reader_has_reset() {
            return Err(Stop::ReaderGone);
        }
        if taken.is_none() {
            if !self.idle_reader {
                self.tell_of_reader(What::Step("did not read this".to_string()));
            }
            self.idle_reader = true;
            self.shared.fail(Failure::Script(format!("the {} did not read what it was sent", self.reader)));
        } else if self.position.sent() > 0 {
            self.shared.recorder.add_gate(self.who, self.link.connection, self.way);
        }
        Ok(())
    }

    /// Waits until the reader has received as many bytes as were written to it, and its receive queue is empty. `None`: it
    /// did not come to that.
    fn wait_until_taken(&self) -> Option<Taken> {
        let to = self.link.pair.ends(self.way).1;
        let (Ok(local), Ok(remote)) = (to.local_addr(), to.peer_addr()) else { return Some(Taken::Gone) };
        let patience = if self.idle_reader { Duration::ZERO } else { PATIENCE };
        let mut outcome = None;
        let mut rest = Rest::new();
        until(patience, || {
            outcome = taken(local, remote, self.position.written() as u64);
            let gone = outcome.is_some() || self.shared.closing() || self.shared.sends_without_end(self.reader);
            gone || rest.is_hopeless(&self.shared.watch)
        });
        outcome
    }

    /// The reader closed before it had taken everything, and its kernel has said so: the connection has no other end any
    /// more. An orderly end leaves it one.
    fn reader_has_reset(&self) -> bool {
        self.link.pair.ends(self.way).1.peer_addr().is_err()
    }

    /// Waits until nobody does anything. What this pump holds, or leaves in its socket, does not count: that is the trap.
    fn settle(&mut self) {
        let (watch, thread) = (self.shared.watch.clone(), kernel::this_thread());
        let from = self.link.pair.ends(self.way).0;
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
            self.send(At::Byte(self.position.here()))?;
            if self.position.ended() {
                self.look_whether_gone(Way::ToClient);
                if !self.finished {
                    self.tell(What::Fin { way: self.way });
                }
                // The reader may have gone, which ends this direction as well.
                let _ = self.link.pair.ends(self.way).1.shutdown(Shutdown::Write);
                return Ok(());
            }
            self.take()?;
        }
    }

    /// In this direction, what ends the stream may be that the server has ended altogether. Before the client learns of
    /// it the doors are closed, so that it is refused when it comes back.
    fn look_whether_gone(&self, way: Way) {
        let server: SocketAddr = self.link.to.address;
        if way == self.way && !self.shared.closing() && kernel::listens_at(server) == Some(false) {
            self.shared.close_doors(server);
        }
    }

    /// Takes what comes next from the sender, at least one byte, or notices the end.
    #[expect(clippy::disallowed_methods, reason = "a relay hands on any part of the stream as it comes")]
    fn take(&mut self) -> Result<(), Stop> {
        let pair = self.link.pair.clone();
        let mut from = pair.ends(self.way).0;
        // Looking before taking: while the byte is in the kernel's queue everybody can see that it is under way.
        self.hand_is_empty();
        let looked = from.peek(&mut [0]);
        self.hand_is_full();
        let mut buffer = [0; 16 * 1024];
        match looked.and_then(|_| from.read(&mut buffer)) {
            _ if self.shared.closing() || pair.reset.load(Ordering::SeqCst) => Err(Stop::Closing),
            Ok(0) => {
                self.position.end();
                Ok(())
            }
            Ok(length) => {
                self.position.came(&buffer[..length]);
                self.came += length as u64;
                if self.shared.most.is_some_and(|most| self.came > most) {
                    return self.read_no_more();
                }
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(Stop::Reset),
        }
    }

    /// The sender has sent more than is carried for anybody. The other direction and the other connections go on.
    fn read_no_more(&mut self) -> Result<(), Stop> {
        self.shared.is_without_end(self.who);
        self.trap_done();
        self.hand_is_empty();
        let ended = || self.shared.closing() || self.link.pair.reset.load(Ordering::SeqCst);
        while !until(PATIENCE, ended) {}
        Err(Stop::Closing)
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Stop> {
        self.link.pair.ends(self.way).1.write_all(bytes).map_err(|_| Stop::ReaderGone)
    }

    fn trap_done(&mut self) {
        if self.trapping {
            self.trapping = false;
            self.position.script_is_over();
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
