//! The stage: a play starts its actors here, lays its trap and waits for conditions.

mod hang;

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use socket2::{Domain, Type};

use crate::attacker::Attacker;
use crate::attacker::datagram::DatagramAttacker;
use crate::directory::{Directory, Goal, Place};
use crate::kernel::{self, Memory, Protocol, Socket, State};
use crate::loopback;
use crate::poll::{PATIENCE, Waiting, lock, until};
use crate::process::actor::Actor;
use crate::process::launch::Launch;
use crate::process::{group, limits};
use crate::record::recorder::Recorder;
use crate::record::{CLIENT, Cast, Exit, Hang, Record, Role, SERVER, What, Who};
use crate::relay::bridge::Bridge;
use crate::relay::datagrams::{DatagramRelay, Fates, beside};
use crate::relay::script::Script;
use crate::relay::{Failure, Relay};
use crate::verdict::Void;
use crate::watch::Watch;
use hang::{Look, Looks};

/// More than a play asks of anybody that does not say otherwise: a program of one's own that sends so many bytes over one
/// connection sends without end.
const MOST_SENT: u64 = 32 * 1024 * 1024;
/// Who is stuck has been waited for: so much longer until nobody is believed to wake for what the play did since.
const QUIET_STUCK: Duration = Duration::from_millis(200);
/// Waiting so long for the last events has to do where the kernel does not tell who sleeps.
const PAUSE: Duration = Duration::from_millis(300);
/// A program of one's own is waited for so long while something moves; and whoever may be spinning gets so long for its
/// processor time.
const PATIENCE_YOURS: Duration = Duration::from_secs(30);
/// A play on a slow line is given up after so long.
const LONGEST_PLAY: Duration = Duration::from_secs(120);
/// Nothing has moved for so long: a server of one's own has come to rest.
const AT_REST: Duration = Duration::from_secs(1);
/// A program of one's own that is busy is waited for so long until it listens: it may have to be built.
const LONGEST_START: Duration = Duration::from_secs(180);
/// A server that listens at another address and not at its own is waited for so long: it may open several.
const LONGEST_ELSEWHERE: Duration = Duration::from_secs(2);
/// Whether it is still busy is looked at this often.
const LOOK_AT_START: Duration = Duration::from_secs(2);
/// A program of one's own is looked at ever more rarely, down to this: each look asks for all of its threads and sockets.
const RAREST_LOOK: Duration = Duration::from_millis(40);
/// How often an actor that is waited for is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// Where a play is performed. Dropping it ends every process and closes every socket.
pub struct Stage {
    launch: Launch,
    cast: Cast,
    recorder: Recorder,
    actors: Vec<Actor>,
    /// Actors that were killed and whose children may live until the play is over.
    survived: Vec<Actor>,
    /// What an actor started may outlive it.
    orphans: bool,
    /// Everybody who was ever started, also those who are gone.
    started: Vec<Who>,
    attackers: usize,
    /// Their connections that stay open until the play is over.
    kept: Vec<Attacker>,
    server: Option<SocketAddr>,
    datagrams: bool,
    watch: Watch,
    relay: Option<Relay>,
    datagram_relay: Option<DatagramRelay>,
    bridges: Vec<Bridge>,
    /// Kept until the play is over, so that no answer finds nobody.
    attacker_sockets: Vec<Arc<UdpSocket>>,
    directory: Directory,
    /// Where clients go, if not to the server.
    goal: Option<Goal>,
    /// Where each client connects to.
    doors: Vec<(Who, SocketAddr)>,
    /// Hold the port numbers of servers that cannot choose one themselves.
    reserved: Vec<socket2::Socket>,
    /// See [`Stage::handed_out`].
    handed_out: bool,
    quiet_for: Duration,
    /// A program of one's own that sends more than so many bytes over one connection sends without end.
    most_sent: u64,
    /// When the play began.
    begin: Instant,
    /// What is waited for now.
    waiting: Arc<Mutex<String>>,
}

impl Stage {
    pub(crate) fn new(launch: Launch, cast: Cast, recorder: Recorder) -> Stage {
        let quiet_for = if launch.yours.is_some() { hang::QUIET_YOURS } else { hang::QUIET };
        Stage {
            launch,
            cast,
            recorder,
            actors: Vec::new(),
            survived: Vec::new(),
            orphans: false,
            started: Vec::new(),
            attackers: 0,
            kept: Vec::new(),
            server: None,
            datagrams: false,
            watch: Watch::default(),
            relay: None,
            datagram_relay: None,
            bridges: Vec::new(),
            attacker_sockets: Vec::new(),
            directory: Directory::default(),
            goal: None,
            doors: Vec::new(),
            reserved: Vec::new(),
            handed_out: false,
            quiet_for,
            most_sent: MOST_SENT,
            begin: Instant::now(),
            waiting: Arc::default(),
        }
    }

    /// Whose performance this is.
    pub fn cast(&self) -> Cast {
        self.cast
    }

    /// The programs of this play wait with timeouts of their own: only when everybody has slept for longer than this
    /// does waiting count as hanging.
    pub fn patience(&mut self, longest_timeout: Duration) {
        self.quiet_for = self.quiet_for.max(longest_timeout);
    }

    /// Says that this play repeats itself until something was seen: equal lines in a row are told without their number.
    pub fn uncounted(&self) {
        self.recorder.do_not_count();
    }

    /// What the experiment's `dissect` calls by one of these names is drawn at random in every run, or computed from
    /// what is: the story tells its name instead of its bytes, which `--wire` shows.
    pub fn varying(&self, names: &'static [&'static str]) {
        self.recorder.varying(names);
    }

    /// Promises that every step of this play waits for the one before: the story is told in that order.
    pub fn lockstep(&self) {
        self.recorder.in_lockstep();
    }

    /// What an actor of this play starts may outlive it until the play is over. Otherwise it ends with the actor. To be
    /// said before the actor is started.
    pub fn orphans(&mut self) {
        self.orphans = true;
    }

    /// The server of this play is at this address, which the play learned from what an actor said.
    pub fn server_at(&mut self, address: SocketAddr) {
        self.recorder.call(address, "<server>");
        self.watch.address(address);
        self.directory.socket(SERVER, Place { address, connection: None });
        self.server = Some(address);
    }

    /// The server of this play receives datagrams. To be said before it is started.
    pub fn datagrams(&mut self) {
        self.datagrams = true;
        self.watch.datagrams();
    }

    /// Starts the server and waits until the kernel says that it listens.
    ///
    /// # Errors
    ///
    /// It ends, or does not listen, instead.
    pub fn server(&mut self) -> anyhow::Result<Who> {
        let (who, address) = self.start_server()?;
        self.server_at(address);
        self.directory.socket(who, Place { address, connection: None });
        Ok(who)
    }

    /// Starts one more server, at an address of its own, and waits until it listens. Clients, the relay and attackers go
    /// on to have to do with the first, unless the play names this one.
    ///
    /// # Errors
    ///
    /// As [`Stage::server`].
    pub fn another_server(&mut self) -> anyhow::Result<Who> {
        let (who, address) = self.start_server()?;
        self.recorder.call(address, &format!("<{who}>"));
        self.watch.address(address);
        self.directory.socket(who, Place { address, connection: None });
        Ok(who)
    }

    /// The server's port is one of those that the kernel hands out to clients. Otherwise it is none of them, so that nobody
    /// else comes to listen there once the server has gone.
    pub fn handed_out(&mut self) {
        self.handed_out = true;
    }

    fn start_server(&mut self) -> anyhow::Result<(Who, SocketAddr)> {
        let who = self.next(Role::Server);
        let own = Launch::plays_own_part(Role::Server, self.cast);
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let wanted = if own && self.handed_out { any } else { self.reserve_port()? };
        self.start(who, self.cast, wanted)?;
        let address = if own { self.announced(who)? } else { wanted };
        self.ready(who, address, own)?;
        Ok((who, address))
    }

    /// Starts the server once more, at the address of the first, and waits until it listens or ends: either may be what
    /// the play is about.
    ///
    /// # Errors
    ///
    /// There was no server before, or it does neither.
    pub fn server_again(&mut self) -> anyhow::Result<Who> {
        self.server_again_of(self.cast)
    }

    /// Starts the server of another cast than the one that performs, at the address of the first.
    ///
    /// # Errors
    ///
    /// As [`Stage::server_again`].
    pub fn server_again_of(&mut self, cast: Cast) -> anyhow::Result<Who> {
        let address = self.address()?;
        let who = self.next(Role::Server);
        self.start(who, cast, address)?;
        self.waits_for(format!("{who} to listen on {address}, or to end"));
        let recorder = self.recorder.clone();
        let own = Launch::plays_own_part(Role::Server, cast);
        let says = |record: &Record| record.lines(who).iter().any(|line| !own || line.contains("listening on "));
        let protocol = if self.datagrams { Protocol::Udp } else { Protocol::Tcp };
        let actor = self.actor(who)?;
        let process = actor.process();
        let mut elsewhere: Option<Instant> = None;
        let settled = until(PATIENCE, || {
            // A program of another language need not say anything: then the kernel does, where it can.
            let at = if own { None } else { kernel::reached_at(process) };
            let listens = match &at {
                None => recorder.read(says),
                Some(at) => at.iter().any(|at| reaches(*at, protocol, address)),
            };
            elsewhere = at.filter(|at| !at.is_empty()).map(|_| elsewhere.unwrap_or_else(Instant::now));
            let lost = elsewhere.is_some_and(|since| since.elapsed() >= LONGEST_ELSEWHERE);
            actor.poll().ok().flatten().is_some() || listens || lost
        });
        let reached = kernel::reached_at(process).is_some_and(|at| at.iter().any(|at| reaches(*at, protocol, address)));
        let ended = self.actor(who)?.poll()?.is_some();
        if !own && !ended && !reached && kernel::sees_sockets() {
            bail!("your {who} {}", self.why_not_reached(process, protocol, address));
        }
        if !settled {
            bail!("{who} neither listened nor ended");
        }
        self.directory.socket(who, Place { address, connection: None });
        if let Some(relay) = &self.relay {
            relay.again(address)?;
        }
        Ok(who)
    }

    fn start(&mut self, who: Who, cast: Cast, address: SocketAddr) -> anyhow::Result<()> {
        let line = self.launch.line(who.role, cast, address)?;
        let mut actor = Actor::start(who, &line, &self.recorder, &self.watch)?;
        actor.leaves_children = self.orphans;
        if who.role == Role::Server {
            actor.end_input();
        }
        self.directory.process(who, actor.process());
        self.actors.push(actor);
        self.started.push(who);
        Ok(())
    }

    /// Starts the client of a play that has no server: what it does, it does alone. Its lines are typed and its standard
    /// input ends.
    ///
    /// # Errors
    ///
    /// The program cannot be started.
    pub fn solo(&mut self, input: &[&str]) -> anyhow::Result<Who> {
        // What is still to be typed is under way, even if everybody sleeps.
        let _busy = self.watch.busy();
        let who = self.talkative_solo()?;
        self.type_all(who, input)
    }

    /// As [`Stage::solo`], but its standard input stays open.
    ///
    /// # Errors
    ///
    /// As [`Stage::solo`].
    pub fn talkative_solo(&mut self) -> anyhow::Result<Who> {
        let who = self.next(Role::Client);
        self.start(who, self.cast, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        Ok(who)
    }

    /// Something in this play is so long, bytes: only who sends far more than that sends without end. To be said before there
    /// is a relay; without it a program of one's own is taken to do so from 32 MiB on.
    pub fn longest(&mut self, bytes: usize) {
        self.most_sent = bytes as u64 + MOST_SENT;
    }

    /// Puts a relay before the server. Connection n follows `scripts[n]`, whoever makes it; later ones are handed on as they
    /// come. Every actor that is started from now on is given an address of the relay that is for it alone. That address
    /// refuses connections while the server does not listen.
    ///
    /// # Errors
    ///
    /// There is no server yet.
    pub fn relay(&mut self, scripts: impl Into<Vec<Script>>) -> anyhow::Result<()> {
        self.server.context("a relay needs a server that is already there")?;
        let most = self.is_yours().then_some(self.most_sent);
        self.relay = Some(Relay::new(scripts.into(), self.recorder.clone(), self.watch.clone(), most));
        Ok(())
    }

    /// Puts a relay for datagrams before the server; these are the fates of what it is given to carry.
    ///
    /// # Errors
    ///
    /// There is no server yet.
    pub fn datagram_relay(&mut self, fates: Fates) -> anyhow::Result<()> {
        self.server.context("a relay needs a server that is already there")?;
        let (directory, recorder) = (self.directory.clone(), self.recorder.clone());
        self.datagram_relay = Some(DatagramRelay::new(fates, directory, recorder, self.watch.clone()));
        Ok(())
    }

    /// Hands on the datagrams whose fate was [`crate::Fate::Hold`].
    pub fn hand_on(&self) {
        if let Some(relay) = &self.datagram_relay {
            relay.hand_on();
        }
    }

    /// Puts a bridge between two datagram servers of this play: each has the address of the other one there, and what it
    /// sends to that address reaches the other. When they have sent `most` datagrams, both together, the bridge hands
    /// nothing on any more and [`What::Stalled`] is on the record, once. Gives the number of their connection, on which
    /// the first is the server and the second the client. Nothing happens until one of them is sent something: see
    /// [`Stage::forge`].
    ///
    /// ```no_run
    /// # fn play(stage: &mut lab::Stage) -> anyhow::Result<()> {
    /// stage.datagrams();
    /// let one = stage.server()?;
    /// let other = stage.another_server()?;
    /// stage.bridge(one, other, 10)?;
    /// stage.forge(other, one, b"x")?; // `one` believes that `other` has asked it
    /// stage.settle() // either the bridge has stopped them, or one of them did not answer
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// One of them is no server of this play.
    pub fn bridge(&mut self, one: Who, other: Who, most: usize) -> anyhow::Result<usize> {
        let servers = [(one, self.address_of(one)?), (other, self.address_of(other)?)];
        let bridge = Bridge::start(servers, most, self.recorder.clone(), self.watch.clone())?;
        let connection = bridge.connection;
        self.bridges.push(bridge);
        Ok(connection)
    }

    /// An attacker sends a datagram to the server `to` and writes the address of the server `from` where the sender's
    /// belongs. There is a bridge between the two. Gives the attacker.
    ///
    /// # Errors
    ///
    /// There is no such bridge, or the datagram is longer than 65507 bytes.
    pub fn forge(&mut self, from: Who, to: Who, bytes: &[u8]) -> anyhow::Result<Who> {
        self.attackers += 1;
        let who = Who { role: Role::Attacker, number: self.attackers };
        let between = |bridge: &&Bridge| bridge.ends == [from, to] || bridge.ends == [to, from];
        let bridge = self.bridges.iter().find(between).context("there is no bridge between these two")?;
        bridge.forge(who, to, bytes)?;
        Ok(who)
    }

    /// Starts a client, types these lines and ends its standard input. The finished program is typed its own lines.
    ///
    /// # Errors
    ///
    /// There is no server yet, or the program cannot be started.
    pub fn client(&mut self, input: &[&str]) -> anyhow::Result<Who> {
        let launch = self.launch.clone();
        let input = launch.input(self.cast, input);
        // What is still to be typed is under way, even if everybody sleeps.
        let _busy = self.watch.busy();
        let who = self.talkative_client()?;
        self.type_all(who, input)
    }

    /// Starts a client whose standard input stays open.
    ///
    /// # Errors
    ///
    /// As [`Stage::client`].
    pub fn talkative_client(&mut self) -> anyhow::Result<Who> {
        let who = self.next(Role::Client);
        let server = self.server.context("a client needs a server that is already there")?;
        let goal = self.goal.unwrap_or(Goal { who: SERVER, address: server });
        let address = self.door(who, goal)?;
        self.doors.push((who, address));
        self.start(who, self.cast, address)?;
        Ok(who)
    }

    /// Where this actor meets its goal: at a door of the relay, or without one at the goal itself.
    fn door(&self, who: Who, goal: Goal) -> anyhow::Result<SocketAddr> {
        match (&self.relay, &self.datagram_relay) {
            (Some(relay), _) => relay.door(who, goal),
            (None, Some(relay)) => relay.door(who, goal),
            (None, None) => Ok(goal.address),
        }
    }

    /// Clients that are started from now on connect to this server, or to this attacker, which says `listening on ADDR`
    /// as servers do: a rogue that poses as the server or stands between. Waits until it listens. A relay stands before
    /// it as it does before the server, so that with one, `client -> attacker` and `attacker -> server` are two
    /// connections on the record.
    ///
    /// ```no_run
    /// # fn play(stage: &mut lab::Stage) -> anyhow::Result<()> {
    /// stage.server()?;
    /// stage.relay([])?;
    /// let rogue = stage.attack()?; // is given the address of the server
    /// stage.clients_go_to(rogue)?;
    /// let client = stage.client(&["hello"])?; // believes that the rogue is the server
    /// stage.ends(client)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// It ends, or does not listen, instead.
    pub fn clients_go_to(&mut self, who: Who) -> anyhow::Result<()> {
        let address = match self.directory.known(who) {
            Some(place) => place.address,
            None => {
                let address = self.announced(who)?;
                self.ready(who, address, true)?;
                self.recorder.call(address, &format!("<{who}>"));
                self.watch.address(address);
                self.directory.socket(who, Place { address, connection: None });
                address
            }
        };
        self.goal = Some(Goal { who, address });
        Ok(())
    }

    fn type_all(&mut self, who: Who, input: &[&str]) -> anyhow::Result<Who> {
        for line in input {
            self.type_line(who, line)?;
        }
        self.end_input(who)?;
        Ok(who)
    }

    /// Types a line on the standard input of an actor and waits until the kernel has taken it. A program that reads none
    /// of its input is not waited for any more once the pipe is full.
    ///
    /// # Errors
    ///
    /// There is no such actor.
    pub fn type_line(&mut self, who: Who, text: &str) -> anyhow::Result<()> {
        self.recorder.add(who, None, What::Typed(text.to_string()));
        self.actor(who)?.type_line(text)
    }

    /// Ends the standard input of an actor.
    ///
    /// # Errors
    ///
    /// There is no such actor.
    pub fn end_input(&mut self, who: Who) -> anyhow::Result<()> {
        self.actor(who)?.end_input();
        Ok(())
    }

    /// A third party, played by the lab itself, connects straight to the server.
    ///
    /// # Errors
    ///
    /// There is no server, or it refuses.
    pub fn attacker(&mut self) -> anyhow::Result<Attacker> {
        self.attacker_with(None)
    }

    /// As [`Stage::attacker`], but its kernel takes only a few thousand bytes that it has not read (SO_RCVBUF, socket(7)):
    /// a server that sends more than that is not done before the attacker reads.
    ///
    /// # Errors
    ///
    /// As [`Stage::attacker`].
    pub fn attacker_with_little_room(&mut self) -> anyhow::Result<Attacker> {
        self.attacker_with(Some(4096))
    }

    fn attacker_with(&mut self, room: Option<usize>) -> anyhow::Result<Attacker> {
        let server = self.server.context("an attacker needs a server that is already there")?;
        self.attackers += 1;
        let who = Who { role: Role::Attacker, number: self.attackers };
        self.waits_for(format!("the server to answer the {who}, whom the lab plays, or to end its connection"));
        Attacker::connect(who, server, room, self.recorder.clone(), &self.watch)
    }

    /// A third party with a datagram socket, played by the lab itself; see [`DatagramAttacker`].
    ///
    /// # Errors
    ///
    /// There is no server.
    pub fn datagram_attacker(&mut self) -> anyhow::Result<DatagramAttacker> {
        let server = self.server.context("an attacker needs a server that is already there")?;
        self.datagram_attacker_bound_to(beside(server))
    }

    /// As [`Stage::datagram_attacker`], at this address of the loopback network (127.0.0.0/8) and at the port number at
    /// which the first client believes the server to be: only the address tells it apart from the server.
    ///
    /// # Errors
    ///
    /// There is no server, or this system has no such address (macOS and Windows have 127.0.0.1 alone).
    pub fn datagram_attacker_at(&mut self, address: Ipv4Addr) -> anyhow::Result<DatagramAttacker> {
        let server = self.server.context("an attacker needs a server that is already there")?;
        let asked = self.doors.iter().find(|(who, _)| *who == CLIENT).map_or(server, |(_, door)| *door);
        self.datagram_attacker_bound_to(SocketAddr::from((address, asked.port())))
    }

    fn datagram_attacker_bound_to(&mut self, address: SocketAddr) -> anyhow::Result<DatagramAttacker> {
        self.attackers += 1;
        let who = Who { role: Role::Attacker, number: self.attackers };
        let socket = Arc::new(UdpSocket::bind(address).with_context(|| format!("the attacker cannot bind {address}"))?);
        self.attacker_sockets.push(socket.clone());
        DatagramAttacker::bind(who, socket, self.directory.clone(), self.recorder.clone(), self.watch.clone())
    }

    /// Leaves the connection of an attacker open until the play is over: what its end would set free is not part of it.
    pub fn keep(&mut self, attacker: Attacker) {
        self.kept.push(attacker);
    }

    /// Starts the attacker's own program against the server. Where there is a relay, it goes through it, and its bytes are
    /// on the record as the attacker's.
    ///
    /// # Errors
    ///
    /// There is no server yet, or the experiment has no such program.
    pub fn attack(&mut self) -> anyhow::Result<Who> {
        let server = self.server.context("an attacker needs a server that is already there")?;
        if !self.launch.attacker {
            bail!("this experiment has no program for its attacker");
        }
        self.attackers += 1;
        let who = Who { role: Role::Attacker, number: self.attackers };
        let address = self.door(who, Goal { who: SERVER, address: server })?;
        self.start(who, self.cast, address)?;
        Ok(who)
    }

    /// Waits until an actor ends or hangs, or sleeps because another one spins; all of it is on the record afterwards.
    ///
    /// # Errors
    ///
    /// [`Void`]: it does neither, since somebody goes on working, or wakes up again and again, beyond all patience.
    pub fn ends(&mut self, who: Who) -> anyhow::Result<()> {
        self.waits_for(format!("the {who} to end, or to hang"));
        let mut looks = Looks::default();
        let mut others = Others::default();
        let mut pace = LOOK;
        let mut waiting = Waiting::with_looks_every(2 * RAREST_LOOK);
        loop {
            if self.actor(who)?.poll()?.is_some() {
                self.has_ended(who);
                return Ok(());
            }
            if self.someone_sends_without_end() {
                return Ok(());
            }
            let busy = others.busy(self, who);
            if let Some(spinner) = busy {
                self.recorder.add(spinner, None, What::Hung(Hang::Spinning));
                return Ok(());
            }
            if let Some(hang) = self.hangs(who, &mut looks)
                && !(hang == Hang::Still && others.at_work())
            {
                self.recorder.add(who, None, What::Hung(hang));
                self.tell_what_was_read();
                return Ok(());
            }
            // Whoever may be spinning has to get its processor time, however many others want some; a program of one's
            // own may take its time as long as something moves, and so may everybody on a slow line.
            let slow = loopback::line().fault().is_some();
            let patience = self.quiet_for
                + if self.is_yours() || others.are_watched() || slow { PATIENCE_YOURS } else { PATIENCE };
            // Where one step waits for the other a thousand times, a slow line makes minutes of it.
            if slow && self.begin.elapsed() > LONGEST_PLAY {
                return Err(Void(format!("{who} was still at work after {} seconds", LONGEST_PLAY.as_secs())).into());
            }
            if waiting.look() > patience {
                if kernel::sees_sockets() && !self.is_yours() {
                    let seconds = patience.as_secs();
                    return Err(Void(format!("{who} neither ended nor hung within {seconds} seconds")).into());
                }
                self.recorder.add(who, None, What::Hung(Hang::Late));
                return Ok(());
            }
            thread::park_timeout(pace);
            if self.is_yours() {
                pace = (pace + pace / 8).min(RAREST_LOOK);
            }
        }
    }

    /// Whether a program of one's own sends more than any play has a use for; it is on the record then.
    fn someone_sends_without_end(&self) -> bool {
        let Cast::Yours(role) = self.cast else { return false };
        let senders = self.relay.as_ref().map(Relay::send_without_end).unwrap_or_default();
        let Some(who) = senders.into_iter().find(|who| who.role == role) else { return false };
        if self.recorder.read(|record| record.hung(who).is_none()) {
            self.recorder.add(who, None, What::Hung(Hang::Endless));
        }
        true
    }

    /// Waits until an actor has ended, however long it sleeps in between.
    ///
    /// # Errors
    ///
    /// [`Void`]: it does not within 10 seconds.
    pub fn exits(&mut self, who: Who) -> anyhow::Result<Exit> {
        self.waits_for(format!("the {who} to end"));
        let actor = self.actor(who)?;
        let mut exit = None;
        until(PATIENCE, || {
            exit = actor.poll().ok().flatten();
            exit.is_some()
        });
        let exit = exit.ok_or_else(|| Void(format!("{who} did not end")))?;
        self.has_ended(who);
        Ok(exit)
    }

    /// Waits until an actor has printed a line that contains this text.
    ///
    /// # Errors
    ///
    /// [`Void`]: it did not.
    pub fn says(&mut self, who: Who, text: &str) -> anyhow::Result<()> {
        self.waits_for(format!("the {who} to print a line with \"{text}\""));
        let said = |record: &Record| record.lines(who).iter().any(|line| line.contains(text));
        if !self.recorder.wait(PATIENCE, said) {
            return Err(Void(format!("{who} never said \"{text}\"")).into());
        }
        Ok(())
    }

    /// Waits for a condition on the record.
    ///
    /// # Errors
    ///
    /// [`Void`] with this reason: it did not come true.
    pub fn wait(&self, what: &str, holds: impl Fn(&Record) -> bool) -> anyhow::Result<()> {
        self.waits_for(format!("this: {what}"));
        if self.recorder.wait(PATIENCE, holds) {
            Ok(())
        } else {
            Err(Void(format!("this did not happen within {} seconds: {what}", PATIENCE.as_secs())).into())
        }
    }

    /// Waits for a condition on the sockets of this play, as the kernel sees them, and says whether it came true.
    pub fn sees(&self, holds: impl Fn(&[Socket]) -> bool) -> bool {
        until(PATIENCE, || self.sockets().is_some_and(|sockets| holds(&sockets)))
    }

    /// The sockets of this play; `None` where the kernel does not tell.
    pub fn sockets(&self) -> Option<Vec<Socket>> {
        self.watch.sockets()
    }

    /// The addresses at which an actor, or a process that it started, listens, whatever their port; none where the kernel
    /// does not tell. [`Stage::sockets`] has those at the addresses of the play only.
    pub fn listens(&self, who: Who) -> Vec<SocketAddr> {
        let process = self.actors.iter().find(|actor| actor.who == who).map(Actor::process);
        let reached = process.and_then(kernel::reached_at).unwrap_or_default();
        reached.into_iter().filter(|(protocol, _)| *protocol == Protocol::Tcp).map(|(_, address)| address).collect()
    }

    /// The sockets of this play at a moment when every actor slept; `None` when one did not, or where the kernel does not
    /// tell. An actor in the middle of a write has bytes in its queue for a moment, whatever becomes of them.
    pub fn sockets_at_rest(&self) -> Option<Vec<Socket>> {
        self.watch.sockets_at_rest()
    }

    /// How many processes live that an actor has started, directly or not, also those that left its process group; the actor
    /// itself may have ended or been killed, if [`Stage::orphans`] lets them outlive it. `None` where this system does not
    /// tell, or there was no such actor.
    pub fn left_behind(&self, who: Who) -> Option<usize> {
        self.actors.iter().chain(&self.survived).find(|actor| actor.who == who)?.started_and_living()
    }

    /// The processor time of an actor and of what it started, so far; `None` where the kernel does not tell, or when it has
    /// ended.
    pub fn processor_time(&mut self, who: Who) -> Option<Duration> {
        kernel::processor_time(self.actor(who).ok()?.process())
    }

    /// Peak memory of an actor; `None` where the kernel does not tell, or when it has ended.
    pub fn memory(&mut self, who: Who) -> Option<Memory> {
        kernel::memory(self.actor(who).ok()?.process())
    }

    /// Puts a fact on the record that the play read from the kernel's tables.
    pub fn fact(&self, who: Who, fact: impl Into<String>) {
        self.recorder.add(who, None, What::Kernel(fact.into()));
    }

    /// Puts a step on the record that would not be seen otherwise.
    pub fn step(&self, who: Who, text: impl Into<String>) {
        self.recorder.add(who, None, What::Step(text.into()));
    }

    /// The address of the server, without the relay.
    ///
    /// # Errors
    ///
    /// There is no server yet.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.server.context("there is no server yet")
    }

    fn address_of(&self, server: Who) -> anyhow::Result<SocketAddr> {
        let place = self.directory.known(server).filter(|_| server.role == Role::Server);
        Ok(place.with_context(|| format!("there is no {server} on the stage"))?.address)
    }

    /// Reads the record so far.
    pub fn record<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        self.recorder.read(look)
    }

    /// Kills an actor, as `kill -9` would.
    ///
    /// # Errors
    ///
    /// There is no such actor.
    pub fn kill(&mut self, who: Who) -> anyhow::Result<()> {
        let place = self.place(who)?;
        let mut actor = self.actors.remove(place);
        if self.orphans {
            actor.kill_alone();
            self.survived.push(actor);
        } else {
            drop(actor);
        }
        self.recorder.add(who, None, What::Killed);
        self.has_ended(who);
        Ok(())
    }

    /// Kills an actor and its process group, also in a play in which what it started may outlive it.
    ///
    /// # Errors
    ///
    /// There is no such actor.
    pub fn kill_group(&mut self, who: Who) -> anyhow::Result<()> {
        let place = self.place(who)?;
        drop(self.actors.remove(place));
        self.recorder.add(who, None, What::Killed);
        self.has_ended(who);
        Ok(())
    }

    /// Whether a socket still listens at the server's address when the server has ended: a process that it started has it.
    /// What was killed may keep its sockets for a moment, until the kernel has ended it.
    pub fn still_listens(&self) -> bool {
        const GOES: Duration = Duration::from_secs(2);
        let Some(server) = self.server.filter(|_| kernel::sees_sockets()) else { return false };
        let listens = |socket: &Socket| socket.state == State::Listen && kernel::same_place(socket.local, server);
        !until(GOES, || self.sockets().is_some_and(|sockets| !sockets.iter().any(listens)))
    }

    /// The doors of the relay to a server that has gone are closed.
    fn has_ended(&self, who: Who) {
        if let (Some(relay), Some(place)) = (&self.relay, self.directory.known(who)) {
            relay.ended(place.address);
        }
    }

    /// Stops an actor by a signal, so that it gets no processor until [`Stage::resume`]. Unix only.
    ///
    /// # Errors
    ///
    /// There is no such actor, or it cannot be stopped. [`Void`]: it did not stop.
    pub fn pause(&mut self, who: Who) -> anyhow::Result<()> {
        let process = self.actor(who)?.process();
        group::hold_group(process, true).with_context(|| format!("{who} cannot be stopped"))?;
        if !until(PATIENCE, || kernel::stopped(process).unwrap_or(true)) {
            return Err(Void(format!("{who} was not stopped")).into());
        }
        self.step(who, "gets no processor for a while");
        Ok(())
    }

    /// Lets an actor go on that was stopped by [`Stage::pause`].
    ///
    /// # Errors
    ///
    /// There is no such actor, or it cannot be woken.
    pub fn resume(&mut self, who: Who) -> anyhow::Result<()> {
        let process = self.actor(who)?.process();
        self.step(who, "goes on");
        group::hold_group(process, false).with_context(|| format!("{who} cannot go on"))
    }

    /// Asks an actor to stop, as Ctrl-C in its terminal would (SIGINT), in the middle of this connection: the story tells
    /// it there. What the actor makes of it is its own affair. Unix only.
    ///
    /// # Errors
    ///
    /// There is no such actor, or it has ended.
    pub fn interrupt(&mut self, who: Who, connection: usize) -> anyhow::Result<()> {
        let process = self.actor(who)?.process();
        self.recorder.add(who, Some(connection), What::Step("is asked to stop: Ctrl-C".to_string()));
        group::interrupt_group(process).with_context(|| format!("{who} cannot be asked to stop"))
    }

    /// Lowers the limit of open files and sockets of an actor, so that it can open so many more and no others. Needs
    /// [`Need::Linux`](crate::Need::Linux) and the [`Need::Program`](crate::Need::Program) `prlimit`.
    ///
    /// # Errors
    ///
    /// There is no such actor, or its limit cannot be set.
    pub fn spare_descriptors(&mut self, who: Who, spare: usize) -> anyhow::Result<()> {
        let process = self.actor(who)?.process();
        limits::spare_descriptors(process, spare).with_context(|| format!("the limit of {who} cannot be set"))?;
        let files =
            if spare == 1 { "one more file or socket".into() } else { format!("{spare} more files or sockets") };
        self.step(who, format!("may open {files}, and no others"));
        Ok(())
    }

    /// Lowers the limit of address space of an actor, so that it can have so many more bytes. Needs as
    /// [`Stage::spare_descriptors`] does.
    ///
    /// # Errors
    ///
    /// There is no such actor, or its limit cannot be set.
    pub fn spare_memory(&mut self, who: Who, bytes: u64) -> anyhow::Result<()> {
        let process = self.actor(who)?.process();
        limits::spare_memory(process, bytes).with_context(|| format!("the limit of {who} cannot be set"))?;
        self.step(who, format!("may have {} KiB more memory, and no more", bytes / 1024));
        Ok(())
    }

    /// Waits until everybody sleeps with nothing under way, or until this actor has used more processor time than any
    /// of our programs needs for anything; true where it was that. Needs [`Need::SocketTables`](crate::Need::SocketTables).
    ///
    /// # Errors
    ///
    /// There is no such actor. [`Void`]: neither came to pass.
    pub fn spins(&mut self, who: Who) -> anyhow::Result<bool> {
        self.spins_within(PATIENCE, who)
    }

    fn spins_within(&mut self, patience: Duration, who: Who) -> anyhow::Result<bool> {
        let process = self.actor(who)?.process();
        let used = || Duration::from_nanos(kernel::activity(process).map_or(0, |activity| activity.cpu));
        let most = if self.is_yours() { hang::SPIN_YOURS } else { hang::SPIN };
        let (start, begin) = (used(), Instant::now());
        let mut spins = false;
        let known = until(patience, || {
            spins = used().saturating_sub(start) > most;
            spins || self.watch.sleeps_since(begin)
        });
        // One that has ended sleeps too; how it ended belongs on the record.
        self.actor(who)?.poll()?;
        if known { Ok(spins) } else { Err(Void(format!("{who} neither slept nor was busy")).into()) }
    }

    /// Waits until everybody sleeps with nothing under way, at a moment when this actor has nothing to do. That it keeps a
    /// processor busy instead is on the record, and no form allows it. Looks at nothing where the kernel does not tell.
    ///
    /// # Errors
    ///
    /// As [`Stage::spins`].
    pub fn has_to_rest(&mut self, who: Who) -> anyhow::Result<()> {
        self.waits_for(format!("the {who} to come to rest"));
        if kernel::sees_sockets() && self.spins_within(PATIENCE_YOURS, who)? {
            self.recorder.add(who, None, What::Hung(Hang::Spinning));
        }
        Ok(())
    }

    /// Waits until every actor has ended or sleeps with nothing under way: what happens last is on the record then.
    ///
    /// # Errors
    ///
    /// An actor cannot be waited for. [`Void`]: the relay could not do what its script asks for. A program of one's own
    /// may be the reason, so there it is left to the judge.
    pub fn settle(&mut self) -> anyhow::Result<()> {
        let hung = |hang| self.recorder.read(|record| record.events.iter().any(|e| e.what == What::Hung(hang)));
        // Neither comes to rest.
        let spins = self.someone_sends_without_end() || hung(Hang::Spinning) || hung(Hang::Late);
        if !spins && kernel::sees_sockets() {
            let hope = if hung(Hang::Stuck) { QUIET_STUCK } else { hang::QUIET_QUEUED };
            self.watch.settles(hope, || self.relay.as_ref().is_none_or(Relay::trap_is_laid));
        } else if !spins {
            until(PAUSE, || false);
        }
        for place in 0..self.actors.len() {
            if self.actors[place].poll()?.is_some() {
                self.has_ended(self.actors[place].who);
            }
        }
        if !spins {
            self.rests();
        }
        if let Some(why) = self.lab_failure() {
            bail!(why);
        }
        match self.trap_failure() {
            Some(why) if !self.is_yours() => Err(Void(why).into()),
            _ => Ok(()),
        }
    }

    fn next(&self, role: Role) -> Who {
        let same = self.started.iter().filter(|who| who.role == role).count();
        Who { role, number: same + 1 }
    }

    fn place(&self, who: Who) -> anyhow::Result<usize> {
        self.actors.iter().position(|actor| actor.who == who).with_context(|| format!("there is no {who} on the stage"))
    }

    fn actor(&mut self, who: Who) -> anyhow::Result<&mut Actor> {
        let place = self.place(who)?;
        Ok(&mut self.actors[place])
    }

    /// A port for a server, from below the range that the kernel hands out. Until the play is over, the same number of the
    /// other protocol is held, so that no other lab takes it meanwhile.
    fn reserve_port(&mut self) -> anyhow::Result<SocketAddr> {
        const HELD_AT: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
        const FIRST: u64 = 20_000;
        const PORTS: u64 = 12_000;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static START: OnceLock<u64> = OnceLock::new();
        let start = START.get_or_init(|| RandomState::new().build_hasher().finish());
        for _ in 0..PORTS {
            let port = FIRST + start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS;
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port as u16));
            let other = if self.datagrams { Type::STREAM } else { Type::DGRAM };
            // At another address of this machine, where a program that uses the wrong protocol is not in its way. Systems
            // that have 127.0.0.1 alone do without.
            let held = bound(other, SocketAddr::from((HELD_AT, port as u16)));
            let taken = held.as_ref().is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
            let free = [Type::STREAM, Type::DGRAM].into_iter().all(|kind| bound(kind, address).is_ok());
            if free && !taken {
                self.reserved.extend(held);
                return Ok(address);
            }
        }
        bail!("no free port between {FIRST} and {}", FIRST + PORTS)
    }

    /// The address on the line that every server of a lesson prints first.
    fn announced(&mut self, who: Who) -> anyhow::Result<SocketAddr> {
        let recorder = self.recorder.clone();
        let find = |record: &Record| {
            record
                .lines(who)
                .iter()
                .find_map(|line| line.split_once("listening on ")?.1.split_whitespace().next()?.parse().ok())
        };
        let actor = self.actor(who)?;
        until(PATIENCE, || recorder.read(find).is_some() || actor.poll().ok().flatten().is_some());
        recorder.read(find).with_context(|| {
            let said = recorder.read(|record| record.complaints(who).join("; "));
            format!(
                "the {} did not say where it listens{}{said}",
                who.role.name(),
                if said.is_empty() { "" } else { ": " }
            )
        })
    }

    /// Waits until this actor, and nobody else, can be reached at this address.
    fn ready(&mut self, who: Who, address: SocketAddr, own: bool) -> anyhow::Result<()> {
        let role = who.role.name();
        let whose = if own { "the" } else { "your" };
        self.waits_for(format!("{whose} {role} to listen on {address}"));
        let protocol = if self.datagrams { Protocol::Udp } else { Protocol::Tcp };
        let recorder = self.recorder.clone();
        let actor = self.actor(who)?;
        let process = actor.process();
        let mut gone = None;
        let (mut bound, mut elsewhere) = (false, None);
        let mut probe = Probe { next: Instant::now() };
        let mut listens = || {
            gone = actor.poll().ok().flatten();
            let at = kernel::reached_at(process);
            // Where there are no tables, the first line of output has to do, or that nobody else can have the port.
            bound = at.as_ref().map_or_else(
                || own || recorder.read(|record| !record.lines(who).is_empty()) || probe.is_taken(protocol, address),
                |at| at.iter().any(|at| reaches(*at, protocol, address)),
            );
            let since = match at.as_deref() {
                None | Some([]) => None,
                Some(_) => Some(elsewhere.unwrap_or_else(Instant::now)),
            };
            elsewhere = since;
            gone.is_some() || bound || since.is_some_and(|since| since.elapsed() >= LONGEST_ELSEWHERE)
        };
        let mut ready = until(PATIENCE, &mut listens);
        // A program that has to be built first, or a large runtime, is busy until then.
        let begin = Instant::now();
        let busy_since =
            |since: u64| kernel::activity(process).is_some_and(|now| now.cpu + now.starved > since + 500_000_000);
        while !ready && !own && begin.elapsed() < LONGEST_START {
            let used = kernel::activity(process).map_or(0, |now| now.cpu + now.starved);
            ready = until(LOOK_AT_START, &mut listens);
            if !ready && !busy_since(used) {
                break;
            }
        }
        if let Some(exit) = gone {
            let said = self.recorder.read(|record| record.complaints(who).last().map(ToString::to_string));
            let said = said.map(|text| format!(": {text}")).unwrap_or_default();
            bail!("{whose} {role} {exit} before it listened on port {}{said}", address.port());
        }
        if !bound {
            bail!("{whose} {role} {}", self.why_not_reached(process, protocol, address));
        }
        Ok(())
    }

    /// Why a program that runs cannot be reached, and what to do.
    fn why_not_reached(&self, process: u32, protocol: Protocol, address: SocketAddr) -> String {
        let elsewhere = kernel::reached_at(process).unwrap_or_default();
        let not_here = format!("does not listen on {address} ({protocol})");
        let told = self
            .launch
            .yours
            .as_ref()
            .is_none_or(|yours| yours.command.iter().any(|word| word.to_string_lossy().contains("{port}")));
        let hint = if told { "" } else { "; the command has no {port}: put it where your program takes its port" };
        // The same command has listened at this address before.
        let again = self.server == Some(address);
        match elsewhere.first() {
            Some((other, at)) if *other != protocol && at.port() == address.port() => {
                format!("{not_here}: it uses {other} there, and the wire of this experiment is {protocol}")
            }
            Some((other, at)) => format!("{not_here} but on {at} ({other}){hint}"),
            None if again => format!(
                "{not_here} within {} seconds, nor anywhere else, and has not ended: it may be waiting for the address",
                PATIENCE.as_secs()
            ),
            None if hint.is_empty() => {
                let seconds = PATIENCE.as_secs();
                // What was not looked for is not said to be nowhere.
                let nowhere = if kernel::sees_sockets() { ", nor anywhere else" } else { "" };
                format!("{not_here} within {seconds} seconds{nowhere}: does it take the address as its arguments?")
            }
            None => format!("{not_here}{hint}"),
        }
    }

    fn is_yours(&self) -> bool {
        matches!(self.cast, Cast::Yours(_))
    }

    /// Whether this actor hangs by now.
    fn hangs(&mut self, who: Who, looks: &mut Looks) -> Option<Hang> {
        if !kernel::sees_sockets() {
            return None;
        }
        let look = self.look(who)?;
        looks.look(Instant::now(), self.quiet_for, &look)
    }

    /// What is seen of an actor and of the conversation now; `None` when it is gone.
    fn look(&mut self, who: Who) -> Option<Look> {
        let process = self.actor(who).ok()?.process();
        let activity = kernel::activity(process)?;
        let yours = self.is_yours();
        let own_program = self.cast == Cast::Yours(who.role);
        Some(Look {
            quiet: self.watch.quiet(),
            // Only looked at for a program of one's own.
            conversation: if yours { self.conversation() } else { 0 },
            cpu: Duration::from_nanos(activity.cpu),
            starved: Duration::from_nanos(activity.starved),
            peer_is_gone: if own_program { self.peer_is_gone_for(process) } else { self.peer_is_gone() },
            laid: self.relay.as_ref().is_none_or(Relay::trap_is_laid),
            yours,
            on_its_own: own_program
                && who.role == Role::Client
                && kernel::network_sockets(process).is_some_and(|inodes| inodes.is_empty()),
        })
    }

    /// A number that changes whenever something moves: an event, a byte in a queue, the state of a connection.
    fn conversation(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.recorder.moves().hash(&mut hasher);
        for socket in self.watch.connections().into_iter().flatten() {
            let ends = (socket.local, socket.remote, socket.state as u8);
            (ends, socket.unread, socket.unacknowledged, socket.received).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// A connection exists whose other end has sent its FIN, or all connections are gone.
    fn peer_is_gone(&self) -> bool {
        let Some(sockets) = self.watch.connections() else { return false };
        let open = |socket: &&Socket| !matches!(socket.state, State::Listen | State::TimeWait);
        let half_closed = sockets.iter().any(|socket| socket.state == State::CloseWait && socket.unread == 0);
        half_closed || sockets.iter().filter(open).count() == 0
    }

    /// The same for one process: its own end of a connection, or a connection that was reset.
    fn peer_is_gone_for(&self, process: u32) -> bool {
        let Some(own) = self.sockets_of(process) else { return false };
        let open = |socket: &&Socket| !matches!(socket.state, State::Listen | State::TimeWait | State::Closed);
        let reset = || self.recorder.read(|record| record.events.iter().any(|e| matches!(e.what, What::Rst { .. })));
        own.iter().any(is_left_open) || own.iter().filter(open).count() == 0 || reset()
    }

    /// The sockets of this play that a process has open; `None` where the kernel does not tell.
    fn sockets_of(&self, process: u32) -> Option<Vec<Socket>> {
        let inodes = kernel::network_sockets(process)?;
        Some(self.watch.connections()?.into_iter().filter(|socket| inodes.contains(&socket.inode)).collect())
    }

    /// Puts on the record how much a program of one's own has read of what came to it: whether bytes lie in its queue or
    /// in a buffer of its own is the first question where somebody hangs.
    fn tell_what_was_read(&self) {
        let Cast::Yours(role) = self.cast else { return };
        for actor in self.actors.iter().filter(|actor| actor.who.role == role) {
            let sockets = self.sockets_of(actor.process()).unwrap_or_default();
            let open = |socket: &&Socket| matches!(socket.state, State::Established | State::CloseWait);
            // More than one connection would have to be told apart.
            let [socket] = sockets.iter().filter(open).collect::<Vec<_>>()[..] else { continue };
            let came = socket.received.saturating_sub(u64::from(socket.state == State::CloseWait));
            let text = match (came, u64::from(socket.unread)) {
                (0, _) => continue,
                (came, 0) => format!("has read all of the {came} bytes that came"),
                (came, left) => {
                    let read = came.saturating_sub(left);
                    format!("has read {read} of the {came} bytes that came; {left} are left in its receive queue")
                }
            };
            self.step(actor.who, text);
        }
    }

    /// What the lab waits for, as long as this stage is there.
    pub(crate) fn waiting(&self) -> Arc<Mutex<String>> {
        self.waiting.clone()
    }

    /// What the lab waits for now: told to who waits for a verdict.
    fn waits_for(&self, what: impl Into<String>) {
        *lock(&self.waiting) = what.into();
    }

    /// Why the relay could not carry out its script, if so.
    pub(crate) fn trap_failure(&self) -> Option<String> {
        match self.relay.as_ref().and_then(Relay::failure)? {
            Failure::Script(why) => Some(why),
            Failure::Lab(_) => None,
        }
    }

    /// Why a relay could not do its work, if so: no program of the play is the reason.
    fn lab_failure(&self) -> Option<String> {
        match self.relay.as_ref().and_then(Relay::failure) {
            Some(Failure::Lab(why)) => Some(why),
            _ => self.datagram_relay.as_ref().and_then(DatagramRelay::failure),
        }
    }

    /// The true sentence, if this machine kept the actors from running or delays what they send, so that an unexpected
    /// outcome proves nothing.
    pub(crate) fn disturbance(&self) -> Option<String> {
        self.watch.disturbance()
    }

    /// A program of one's own after its conversation: whether it spins, and whether it leaves a stream open that its peer
    /// has ended. Both are on the record afterwards.
    fn rests(&mut self) {
        let Cast::Yours(role) = self.cast else { return };
        if role != Role::Server || !kernel::sees_sockets() {
            return;
        }
        self.waits_for("your server to come to rest");
        let servers: Vec<(Who, u32)> =
            self.actors.iter().filter(|a| a.who.role == role).map(|a| (a.who, a.process())).collect();
        for (who, process) in servers {
            let mut looks = Looks::default();
            let mut still: Option<(u64, Instant)> = None;
            let left_open = |stage: &Stage| {
                stage.sockets_of(process).map_or(0, |sockets| sockets.iter().filter(|s| is_left_open(s)).count())
            };
            until(PATIENCE_YOURS, || {
                if self.actor(who).ok().and_then(|actor| actor.poll().ok()).flatten().is_some() {
                    return true;
                }
                // Whoever serves may wait.
                if self.hangs(who, &mut looks) == Some(Hang::Spinning) {
                    self.recorder.add(who, None, What::Hung(Hang::Spinning));
                    return true;
                }
                let now = self.conversation();
                let since = match still {
                    Some((before, since)) if before == now => since,
                    _ => still.insert((now, Instant::now())).1,
                };
                let open = left_open(self);
                let asleep = self.watch.quiet().is_some_and(|quiet| !quiet.queued);
                if open == 0 {
                    return asleep || since.elapsed() >= AT_REST && !looks.is_busy();
                }
                let over = since.elapsed() >= self.quiet_for;
                if over {
                    self.recorder.add(who, None, What::LeftOpen(open));
                }
                over
            });
        }
    }
}

/// A socket of this type at this address, at which nobody can be reached: it neither listens nor is it read from.
fn bound(kind: Type, address: SocketAddr) -> std::io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(address), kind, None)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

/// Finds out without socket tables whether somebody has a port: then it cannot be bound once more (bind(2)).
struct Probe {
    next: Instant,
}

impl Probe {
    /// Rarely: for the moment that a try takes, the port is taken for everybody else.
    const PACE: Duration = Duration::from_millis(50);

    fn is_taken(&mut self, protocol: Protocol, address: SocketAddr) -> bool {
        if Instant::now() < self.next {
            return false;
        }
        self.next = Instant::now() + Probe::PACE;
        let kind = if protocol == Protocol::Udp { Type::DGRAM } else { Type::STREAM };
        bound(kind, address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    }
}

/// Whether who is bound to this local address is reached by who connects to `wanted`.
fn reaches((protocol, bound): (Protocol, SocketAddr), wanted_protocol: Protocol, wanted: SocketAddr) -> bool {
    // A socket that is bound to every IPv6 address takes IPv4 as well, unless IPV6_V6ONLY is set (ipv6(7)): then the
    // connection is refused, and told as that.
    protocol == wanted_protocol && kernel::same_place(bound, wanted)
}

/// Its peer has ended the stream, all of it was read, and it is still open.
fn is_left_open(socket: &Socket) -> bool {
    socket.state == State::CloseWait && socket.unread == 0
}

/// Actors that may keep a processor busy while another one is waited for.
#[derive(Default)]
struct Others {
    /// Of our own: processor time when their peer had gone.
    from: Vec<(Who, u64)>,
    /// Programs of one's own.
    yours: Vec<(Who, Looks)>,
}

impl Others {
    /// An actor that spins, while `who` is waited for.
    fn busy(&mut self, stage: &mut Stage, who: Who) -> Option<Who> {
        if !kernel::sees_sockets() {
            return None;
        }
        let others: Vec<(Who, u32)> =
            stage.actors.iter().filter(|actor| actor.who != who).map(|actor| (actor.who, actor.process())).collect();
        let cast = stage.cast;
        for (other, _) in others.iter().filter(|(other, _)| cast == Cast::Yours(other.role)) {
            let place = self.yours.iter().position(|(known, _)| known == other).unwrap_or_else(|| {
                self.yours.push((*other, Looks::default()));
                self.yours.len() - 1
            });
            if stage.hangs(*other, &mut self.yours[place].1) == Some(Hang::Spinning) {
                return Some(*other);
            }
        }
        let asleep = kernel::activity(stage.actor(who).ok()?.process())?.asleep;
        if !asleep || !stage.peer_is_gone() {
            self.from.clear();
            return None;
        }
        for (other, process) in others.into_iter().filter(|(other, _)| stage.cast != Cast::Yours(other.role)) {
            let Some(activity) = kernel::activity(process) else { continue };
            match self.from.iter().find(|(known, _)| *known == other) {
                Some((_, start)) if activity.cpu.saturating_sub(*start) > hang::SPIN_UNLAID.as_nanos() as u64 => {
                    return Some(other);
                }
                Some(_) => {}
                None => self.from.push((other, activity.cpu)),
            }
        }
        None
    }

    /// Whether a program of one's own is busy now.
    fn at_work(&self) -> bool {
        self.yours.iter().any(|(_, looks)| looks.is_busy())
    }

    fn are_watched(&self) -> bool {
        !self.from.is_empty()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.recorder.curtain();
        self.actors.clear();
        self.survived.clear();
        self.kept.clear();
    }
}
