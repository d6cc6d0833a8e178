//! Notices when nothing is under way: everybody on the stage sleeps and every queue is looked at.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::kernel::{self, Activity, Socket, State};
use crate::loopback::{self, Line};
use crate::poll::{PATIENCE, Waiting, lock, until};

/// A thread that has waited longer than this for a processor was late for whatever it had to do.
const LATE: Duration = Duration::from_millis(50);

/// What belongs to one stage; shared by the stage and its relay.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// The actors' processes.
    processes: Mutex<Vec<u32>>,
    /// The lab's own threads that carry bytes: of the relay, and those that take down what actors print.
    carriers: Mutex<Vec<u32>>,
    /// Addresses whose sockets belong to the play.
    addresses: Mutex<Vec<SocketAddr>>,
    /// Connections through a relay, as pairs of addresses; asking for these is far cheaper than looking through tables.
    /// Those that were seen to be over are forgotten.
    pairs: Mutex<Vec<(SocketAddr, SocketAddr)>>,
    /// Sockets of relays, this end and the other one, that are not read from for now: what lies in them is meant to.
    held_back: Mutex<Vec<(SocketAddr, SocketAddr)>>,
    /// There was a pair.
    paired: AtomicBool,
    /// The longest that a thread of an actor has waited for a processor, as far as it was seen, nanoseconds.
    waited: AtomicU64,
    /// How many [`Busy`] there are.
    busy: AtomicUsize,
    /// How many there were.
    moves: AtomicU64,
    /// What was seen at the last look, and since when.
    last: Mutex<Option<(Moment, Instant)>>,
    /// There is a relay: every connection of the play is among the pairs.
    relayed: AtomicBool,
    /// The sockets of the play are datagram sockets.
    datagrams: AtomicBool,
}

/// A moment in which everybody slept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quiet {
    activities: Vec<Activity>,
    /// Bytes lay in a queue: nobody reads them, or nobody acknowledges them.
    pub(crate) queued: bool,
}

/// All that changes when something happens in the play.
#[derive(PartialEq, Eq)]
struct Moment {
    activities: Vec<Activity>,
    /// Both ends, the state, and what is unread, unacknowledged and received.
    sockets: Vec<(SocketAddr, SocketAddr, State, u32, u32, u64)>,
    /// How often the lab has done something.
    moves: u64,
    /// See [`is_moving`].
    is_moving: bool,
}

#[cfg(test)]
impl Quiet {
    /// A moment that nobody saw, for tests of what is made of it.
    pub(crate) fn made_up(queued: bool) -> Quiet {
        Quiet { activities: Vec::new(), queued }
    }
}

/// The lab has something in its hands that is in no kernel queue, such as bytes on their way through the relay or a line
/// that is still to be typed. Until this is dropped, something is under way.
#[must_use = "what is dropped at once says nothing"]
pub(crate) struct Busy(Arc<Inner>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

/// How long every actor has slept without waking once, as far as the lab could look meanwhile.
pub(crate) struct Rest {
    since: Option<(Vec<Activity>, Waiting)>,
    /// A look costs something, and most waits are over before it would be the time for the first.
    next: Instant,
}

impl Rest {
    const PACE: Duration = Duration::from_millis(50);

    pub(crate) fn new() -> Rest {
        Rest { since: None, next: Instant::now() + Rest::PACE }
    }

    /// Everybody has rested for so long that nobody will read what is in a queue. False where the kernel does not tell.
    pub(crate) fn is_hopeless(&mut self, watch: &Watch) -> bool {
        const HOPELESS: Duration = Duration::from_secs(6);
        if Instant::now() < self.next {
            return false;
        }
        self.next = Instant::now() + Rest::PACE;
        let activities = watch.activities().filter(|activities| !activities.is_empty());
        match (activities, &mut self.since) {
            (Some(now), Some((before, waiting))) if *before == now => waiting.look() >= HOPELESS,
            (now, since) => {
                *since = now.map(|now| (now, Waiting::with_looks_every(2 * Rest::PACE)));
                false
            }
        }
    }
}

/// A thread that is watched until this is dropped.
struct Carrier {
    watch: Watch,
    thread: Option<u32>,
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.watch.not_carrier(self.thread);
    }
}

impl Watch {
    pub(crate) fn process(&self, process: u32) {
        lock(&self.0.processes).push(process);
    }

    /// Starts a thread that carries bytes of the play. From the return of this until the thread ends, nothing counts as
    /// quiet unless the thread sleeps.
    ///
    /// # Errors
    ///
    /// There is no room for another thread.
    pub(crate) fn spawn_carrier(&self, run: impl FnOnce() + Send + 'static) -> anyhow::Result<JoinHandle<()>> {
        let watch = self.clone();
        let (number, numbered) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || {
            let carrier = Carrier { watch, thread: kernel::this_thread() };
            carrier.watch.carrier(carrier.thread);
            // Whoever started this thread waits for that.
            let _ = number.send(());
            run();
        });
        let thread = thread.context("cannot start a thread")?;
        let _ = numbered.recv();
        Ok(thread)
    }

    pub(crate) fn carrier(&self, thread: Option<u32>) {
        lock(&self.0.carriers).extend(thread);
    }

    pub(crate) fn not_carrier(&self, thread: Option<u32>) {
        lock(&self.0.carriers).retain(|carrier| Some(*carrier) != thread);
    }

    pub(crate) fn datagrams(&self) {
        self.0.datagrams.store(true, Ordering::SeqCst);
    }

    pub(crate) fn relayed(&self) {
        self.0.relayed.store(true, Ordering::SeqCst);
    }

    /// Sockets at this address belong to the play, and those that are connected with one.
    pub(crate) fn address(&self, address: SocketAddr) {
        lock(&self.0.addresses).push(address);
    }

    pub(crate) fn pair(&self, one: SocketAddr, other: SocketAddr) {
        lock(&self.0.pairs).extend([(one, other), (other, one)]);
        self.0.paired.store(true, Ordering::SeqCst);
    }

    pub(crate) fn holds_back(&self, socket: Option<(SocketAddr, SocketAddr)>) {
        lock(&self.0.held_back).extend(socket);
    }

    pub(crate) fn reads_again(&self, socket: Option<(SocketAddr, SocketAddr)>) {
        lock(&self.0.held_back).retain(|held| Some(*held) != socket);
    }

    /// Something is under way as long as the guard lives, even if everybody sleeps.
    pub(crate) fn busy(&self) -> Busy {
        self.0.busy.fetch_add(1, Ordering::SeqCst);
        self.0.moves.fetch_add(1, Ordering::SeqCst);
        Busy(self.0.clone())
    }

    /// The sockets of this play; `None` where the kernel does not tell.
    pub(crate) fn sockets(&self) -> Option<Vec<Socket>> {
        let addresses = lock(&self.0.addresses).clone();
        let ports: Vec<u16> = addresses.iter().map(SocketAddr::port).collect();
        // A port number of one protocol is another one's in the other: it may be a stranger's.
        let datagrams = self.0.datagrams.load(Ordering::SeqCst);
        let mut sockets = if datagrams { kernel::udp_sockets(&ports)? } else { kernel::tcp_sockets(&ports)? };
        // Another program's socket may have the same port number at another address.
        let ours = |end: SocketAddr| addresses.iter().any(|address| kernel::same_place(end, *address));
        sockets.retain(|socket| ours(socket.local) || ours(socket.remote));
        Some(sockets)
    }

    /// The sockets of this play at a moment when every actor slept: nobody was in the middle of a call then.
    pub(crate) fn sockets_at_rest(&self) -> Option<Vec<Socket>> {
        let before = self.activities()?;
        let sockets = self.sockets()?;
        (self.activities()? == before).then_some(sockets)
    }

    /// The sockets that can hold bytes of the play.
    pub(crate) fn connections(&self) -> Option<Vec<Socket>> {
        let pairs = lock(&self.0.pairs).clone();
        // Before the relay has accepted anything there is only the client's side, in whatever state.
        let seen = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        if !seen(&self.0.paired) || !seen(&self.0.relayed) {
            return self.sockets();
        }
        let mut sockets = Vec::new();
        let mut over = Vec::new();
        for (local, remote) in pairs {
            match kernel::tcp_pair(local, remote)? {
                Some(socket) if socket.state != State::TimeWait => sockets.push(socket),
                _ => over.push((local, remote)),
            }
        }
        if !over.is_empty() {
            lock(&self.0.pairs).retain(|pair| !over.contains(pair));
        }
        Some(sockets)
    }

    /// Whether everybody sleeps and nothing is under way. On a slow line that has to last for several times as long as what
    /// is sent takes, since it is in nobody's queue meanwhile. `None`: not so, or this system does not tell.
    pub(crate) fn quiet(&self) -> Option<Quiet> {
        let (quiet, moment) = self.look()?;
        self.has_lasted(moment).then_some(quiet)
    }

    /// As [`Watch::quiet`], for those who wake now and then: everybody sleeps at this moment, and since `begin` the line
    /// has had the time that it needs.
    pub(crate) fn sleeps_since(&self, begin: Instant) -> bool {
        let Some((_, moment)) = self.look() else { return false };
        begin.elapsed() >= loopback::line().rest(moment.is_moving)
    }

    /// Whether everybody sleeps, nothing is in the lab's hands and nobody ran while the queues were looked at, so that all
    /// of it was true at one moment.
    fn look(&self) -> Option<(Quiet, Moment)> {
        let moves = self.0.moves.load(Ordering::SeqCst);
        let before = self.activities()?;
        if self.0.busy.load(Ordering::SeqCst) > 0 {
            return None;
        }
        let held_back = lock(&self.0.held_back).clone();
        // On a slow line also the connections that are only being made, of which a relay does not know yet.
        let sockets = if loopback::line().fault().is_some() { self.sockets()? } else { self.connections()? };
        let queued = sockets.iter().any(|socket| {
            let open = !matches!(socket.state, State::Listen | State::TimeWait);
            let unread = socket.unread > 0 && !held_back.contains(&(socket.local, socket.remote));
            // What waits at its sender for room in a socket that is left unread is held back as well.
            let under_way = socket.unacknowledged > 0 && !held_back.contains(&(socket.remote, socket.local));
            open && (unread || under_way)
        });
        let carriers = lock(&self.0.carriers).clone();
        let asleep = carriers.into_iter().all(|thread| kernel::thread_asleep(thread).unwrap_or(false));
        let still = asleep && self.0.busy.load(Ordering::SeqCst) == 0 && self.activities()? == before;
        if !still {
            return None;
        }
        let is_moving = sockets.iter().any(is_moving);
        let open = sockets.into_iter().filter(|socket| !matches!(socket.state, State::Listen | State::TimeWait));
        let mut sockets: Vec<_> =
            open.map(|s| (s.local, s.remote, s.state, s.unread, s.unacknowledged, s.received)).collect();
        sockets.sort_unstable_by_key(|socket| (socket.0, socket.1));
        let moment = Moment { activities: before.clone(), sockets, moves, is_moving };
        Some((Quiet { activities: before, queued }, moment))
    }

    /// Whether nothing has changed for as long as the line needs for anything.
    fn has_lasted(&self, now: Moment) -> bool {
        let rest = loopback::line().rest(now.is_moving);
        if rest.is_zero() {
            return true;
        }
        let mut last = lock(&self.0.last);
        match &*last {
            Some((before, since)) if *before == now => since.elapsed() >= rest,
            _ => {
                *last = Some((now, Instant::now()));
                false
            }
        }
    }

    /// Waits until nothing is under way and `also` holds. Bytes that lie in a queue because nobody reads them count as
    /// under way for as long as `hope`, and so does a condition that does not come true: a clock only decides when to stop
    /// hoping, what is reported afterwards is what the kernel says. False when the time is up.
    pub(crate) fn settles(&self, hope: Duration, also: impl Fn() -> bool) -> bool {
        let mut stuck: Option<(Quiet, Instant)> = None;
        until(PATIENCE, || {
            // The condition first: what it releases is then seen as under way.
            let also = also();
            let Some(quiet) = self.quiet() else {
                stuck = None;
                return false;
            };
            if !quiet.queued && also {
                return true;
            }
            match &stuck {
                Some((before, since)) if *before == quiet => since.elapsed() >= hope,
                _ => {
                    stuck = Some((quiet, Instant::now()));
                    false
                }
            }
        })
    }

    /// What the living actors do; `None` as soon as one of them does not sleep.
    fn activities(&self) -> Option<Vec<Activity>> {
        let processes = lock(&self.0.processes).clone();
        let living = processes.into_iter().filter_map(kernel::activity);
        let seen = living.inspect(|activity| {
            self.0.waited.fetch_max(activity.waited, Ordering::SeqCst);
        });
        seen.map(|activity| activity.asleep.then_some(activity)).collect()
    }

    /// What may have kept an honest program from doing what it does on an undisturbed machine, as a sentence. `None`:
    /// nothing is known of that kind.
    pub(crate) fn disturbance(&self) -> Option<String> {
        // Those who are still there are looked at once more.
        let _ = self.activities();
        disturbance(Duration::from_nanos(self.0.waited.load(Ordering::SeqCst)), loopback::line())
    }
}

/// Something of this connection is on its way, or is sent again until it comes: a part of a handshake or of an ending, or
/// bytes that have left and are not acknowledged.
fn is_moving(socket: &Socket) -> bool {
    let halfway = [State::SynSent, State::SynReceived, State::FinWait1, State::Closing, State::LastAck];
    let open = !matches!(socket.state, State::Listen | State::TimeWait);
    halfway.contains(&socket.state) || open && socket.unacknowledged > socket.unsent
}

fn disturbance(waited: Duration, line: Line) -> Option<String> {
    let late = || {
        let milliseconds = waited.as_millis();
        format!("this machine was busy: a program of the play waited {milliseconds} ms for a processor")
    };
    line.fault().or_else(|| (waited > LATE).then(late))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_and_a_slow_line_are_named_and_an_idle_one_is_not() {
        let line = |milliseconds| Line { delay: Duration::from_millis(milliseconds), loses: false };
        assert_eq!(disturbance(LATE, line(1)), None);
        let busy = disturbance(Duration::from_millis(51), line(0)).expect("busy");
        assert_eq!(busy, "this machine was busy: a program of the play waited 51 ms for a processor");
        let slow = disturbance(Duration::from_millis(51), line(2)).expect("slow");
        assert_eq!(slow, "this machine's loopback interface delays what is sent by up to 2 ms");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_port_of_the_other_protocol_is_somebody_elses() {
        use std::io::Write;
        use std::net::{TcpListener, TcpStream, UdpSocket};
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let address = tcp.local_addr().expect("its address");
        let udp = UdpSocket::bind(address).expect("the same number is free for datagrams");
        let mut client = TcpStream::connect(address).expect("a connection");
        client.write_all(b"not read").expect("it is taken");
        udp.send_to(b"not read", address).expect("it is taken");
        let of = |datagrams: bool| {
            let watch = Watch::default();
            watch.address(address);
            if datagrams {
                watch.datagrams();
            }
            watch.sockets().expect("the kernel tells")
        };
        if kernel::sees_sockets() {
            assert_eq!(
                of(true).iter().map(|socket| (socket.local, socket.unread > 0)).collect::<Vec<_>>(),
                [(address, true)]
            );
            assert!(of(false).iter().any(|socket| socket.state == State::Listen));
            assert_eq!(of(false).iter().filter(|socket| socket.unread == 8).count(), 1);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_that_waits_for_a_processor_is_seen_and_remembered() {
        use std::process::{Child, Command};
        /// Ends with the test, however that ends.
        struct Loop(Child);
        impl Drop for Loop {
            fn drop(&mut self) {
                let _ = self.0.kill();
                let _ = self.0.wait();
            }
        }
        let watch = Watch::default();
        // One more than there are processors: one of two has to wait.
        let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let busy = |_| Loop(Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("sh"));
        let loops: Vec<Loop> = (0..=processors).map(busy).collect();
        loops.iter().for_each(|busy| watch.process(busy.0.id()));
        assert!(until(PATIENCE, || {
            // Nobody sleeps, and that is seen at the first of them.
            lock(&watch.0.processes).rotate_left(1);
            watch.activities().is_none() && watch.0.waited.load(Ordering::SeqCst) > 0
        }));
        drop(loops);
        let before = watch.0.waited.load(Ordering::SeqCst);
        assert!(watch.disturbance().is_none() || before > 0);
        assert!(watch.0.waited.load(Ordering::SeqCst) >= before);
    }
}
