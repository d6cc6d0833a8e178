//! The record of one performance: who did what, in which order, with which bytes.
//!
//! One record serves the story on the screen, the JSON form and the judgement.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::experiment::Cast;

/// At most so many payload bytes are kept for one performance; beyond that they are only counted.
const BYTES_KEPT: usize = 4 * 1024 * 1024;
/// At most so many lines of one actor are kept; beyond that one event says that there were more.
const LINES_KEPT: usize = 400;
/// At most so many events of connections are kept; beyond that one event says that there were more.
const EVENTS_KEPT: usize = 200_000;

/// A part in the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The side that waits for connections.
    Server,
    /// The side that connects.
    Client,
    /// A third party that the lab plays itself.
    Attacker,
}

/// One actor: its part and its number, counted from 1 within the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The part.
    pub role: Role,
    /// 1 for the first of its part.
    pub number: usize,
}

/// The server of a play that has only one.
pub const SERVER: Who = Who { role: Role::Server, number: 1 };
/// The first client.
pub const CLIENT: Who = Who { role: Role::Client, number: 1 };

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Server => "server",
            Role::Client => "client",
            Role::Attacker => "attacker",
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => f.write_str(self.role.name()),
            number => write!(f, "{} {number}", self.role.name()),
        }
    }
}

/// A direction on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the side that connected.
    ToServer,
    /// From the side that accepted.
    ToClient,
}

/// Standard output or standard error of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With this exit status.
    Status(i32),
    /// Killed by this signal (Unix).
    Signal(i32),
}

impl Exit {
    /// Status 0.
    pub fn is_success(self) -> bool {
        self == Exit::Status(0)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Status(status) => write!(f, "ends with status {status}"),
            Exit::Signal(6) => f.write_str("is aborted (signal 6)"),
            Exit::Signal(number) => write!(f, "is killed by signal {number}"),
        }
    }
}

/// How a process hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hang {
    /// It sleeps, so does everybody else, and nothing is under way that could wake it.
    Waiting,
    /// It sleeps although bytes are queued: it does not read, or nobody reads from it.
    Stuck,
    /// It keeps a processor busy although its peer has gone.
    Spinning,
    /// It did not end before the deadline; this system lets the lab say no more.
    Late,
}

impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hang::Waiting => "waits in vain: everybody sleeps and nothing is under way",
            Hang::Stuck => "is stuck: everybody sleeps and bytes stay in the queues",
            Hang::Spinning => "spins: its peer has gone and it keeps a processor busy",
            Hang::Late => "did not end before the deadline",
        })
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Bytes went on to the other side of a connection. `total` counts them; `bytes` may hold fewer of a long run.
    Bytes {
        /// The direction.
        way: Way,
        /// The bytes, as far as they are kept.
        bytes: Vec<u8>,
        /// How many there were.
        total: usize,
    },
    /// One datagram went on.
    Datagram {
        /// The direction.
        way: Way,
        /// Its payload.
        bytes: Vec<u8>,
    },
    /// The reader has taken everything that was sent so far in this direction.
    Gate {
        /// The direction.
        way: Way,
    },
    /// From here on the relay passes nothing on in this direction.
    Stalled {
        /// The direction.
        way: Way,
    },
    /// What was sent was thrown away by the relay.
    Dropped {
        /// The direction.
        way: Way,
        /// How many bytes.
        total: usize,
    },
    /// The end of the stream in this direction.
    Fin {
        /// The direction.
        way: Way,
    },
    /// The connection was reset from this direction.
    Rst {
        /// The direction.
        way: Way,
    },
    /// The server refused the connection.
    Refused,
    /// A line that an actor was given on its standard input.
    Typed(String),
    /// A line that an actor printed.
    Line(Stream, String),
    /// More lines were printed than are kept.
    MoreLines,
    /// A process ended.
    Exit(Exit),
    /// A process hangs.
    Hung(Hang),
    /// A fact that the play read from the kernel's tables, in words.
    Kernel(String),
    /// A step of the play that is none of the above, in words.
    Step(String),
}

/// One entry of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who did it.
    pub who: Who,
    /// On which connection, counted from 1 in the order in which they were made.
    pub connection: Option<usize>,
    /// What.
    pub what: What,
}

/// Everything that happened in one performance.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose performance it was.
    pub cast: Cast,
    /// In the order in which the lab saw it.
    pub events: Vec<Event>,
    /// Every step of the play waited for the one before, so the order is the same in every run and can be told. If not,
    /// only the order on each connection and of each actor is told.
    pub lockstep: bool,
    /// How often the play repeats itself depends on the machine, so equal lines in a row are told without their number.
    pub uncounted: bool,
}

impl Record {
    /// Every byte that went on in one direction of a connection, as far as they are kept: the first 4 MiB of a
    /// performance.
    pub fn bytes(&self, connection: usize, way: Way) -> Vec<u8> {
        let mut all = Vec::new();
        for event in self.on(connection) {
            if let What::Bytes { way: w, bytes, .. } = &event.what
                && *w == way
            {
                all.extend_from_slice(bytes);
            }
        }
        all
    }

    /// The events of one connection.
    pub fn on(&self, connection: usize) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.connection == Some(connection))
    }

    /// The number of connections.
    pub fn connections(&self) -> usize {
        self.events.iter().filter_map(|event| event.connection).max().unwrap_or(0)
    }

    /// How often the direction of a connection changed: 1 is one side talking, 2 a question and its answer.
    pub fn turns(&self, connection: usize) -> usize {
        let mut last = None;
        let mut turns = 0;
        for event in self.on(connection) {
            if let What::Bytes { way, .. } = event.what
                && last != Some(way)
            {
                last = Some(way);
                turns += 1;
            }
        }
        turns
    }

    /// What an actor printed on standard output.
    pub fn lines(&self, who: Who) -> Vec<&str> {
        self.printed(who, Stream::Out)
    }

    /// What an actor printed on standard error.
    pub fn complaints(&self, who: Who) -> Vec<&str> {
        self.printed(who, Stream::Err)
    }

    fn printed(&self, who: Who, stream: Stream) -> Vec<&str> {
        let of = |event: &&Event| event.who == who;
        self.events
            .iter()
            .filter(of)
            .filter_map(|event| match &event.what {
                What::Line(s, text) if *s == stream => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// How an actor ended, if it did.
    pub fn exit(&self, who: Who) -> Option<Exit> {
        self.events.iter().filter(|event| event.who == who).find_map(|event| match event.what {
            What::Exit(exit) => Some(exit),
            _ => None,
        })
    }

    /// How an actor hangs, if it does.
    pub fn hung(&self, who: Who) -> Option<Hang> {
        self.events.iter().filter(|event| event.who == who).find_map(|event| match event.what {
            What::Hung(hang) => Some(hang),
            _ => None,
        })
    }

    /// Whether one side of a connection reset it.
    pub fn reset(&self, connection: usize, way: Way) -> bool {
        self.on(connection).any(|event| event.what == What::Rst { way })
    }

    /// Whether one side of a connection ended its stream in the ordinary way.
    pub fn fin(&self, connection: usize, way: Way) -> bool {
        self.on(connection).any(|event| event.what == What::Fin { way })
    }

    /// The facts read from the kernel's tables.
    pub fn kernel(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match &event.what {
                What::Kernel(fact) => Some(fact.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The whole record as JSON: bytes in hexadecimal, one object an event.
    pub fn to_json(&self) -> Value {
        Value::Array(self.events.iter().map(Event::to_json).collect())
    }
}

impl Way {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Way::ToServer => "to server",
            Way::ToClient => "to client",
        }
    }

    /// The other direction.
    pub fn back(self) -> Way {
        match self {
            Way::ToServer => Way::ToClient,
            Way::ToClient => Way::ToServer,
        }
    }
}

impl Event {
    fn to_json(&self) -> Value {
        let mut object = json!({ "who": self.who.to_string() });
        if let Some(connection) = self.connection {
            object["connection"] = connection.into();
        }
        let (what, way) = match &self.what {
            What::Bytes { way, bytes, total } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = (*total).into();
                ("bytes", Some(way))
            }
            What::Datagram { way, bytes } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = bytes.len().into();
                ("datagram", Some(way))
            }
            What::Gate { way } => ("gate", Some(way)),
            What::Stalled { way } => ("stalled", Some(way)),
            What::Dropped { way, total } => {
                object["total"] = (*total).into();
                ("dropped", Some(way))
            }
            What::Fin { way } => ("FIN", Some(way)),
            What::Rst { way } => ("RST", Some(way)),
            What::Refused => ("refused", None),
            What::Typed(text) => {
                object["text"] = text.as_str().into();
                ("typed", None)
            }
            What::Line(stream, text) => {
                object["text"] = text.as_str().into();
                (if *stream == Stream::Out { "stdout" } else { "stderr" }, None)
            }
            What::MoreLines => ("more lines", None),
            What::Exit(exit) => {
                match exit {
                    Exit::Status(status) => object["status"] = (*status).into(),
                    Exit::Signal(signal) => object["signal"] = (*signal).into(),
                }
                ("exit", None)
            }
            What::Hung(hang) => {
                object["how"] = format!("{hang:?}").to_lowercase().into();
                ("hung", None)
            }
            What::Kernel(fact) => {
                object["text"] = fact.as_str().into();
                ("kernel", None)
            }
            What::Step(text) => {
                object["text"] = text.as_str().into();
                ("step", None)
            }
        };
        object["what"] = what.into();
        if let Some(way) = way {
            object["way"] = way.name().into();
        }
        object
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes down what happens, from many threads, until the curtain falls.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<(Mutex<Open>, Condvar)>);

struct Open {
    record: Record,
    /// Payload bytes in `record`.
    kept: usize,
    /// Connections that have a number.
    connections: usize,
    /// More happened on connections than is kept.
    overflowed: bool,
    names: Vec<(String, String)>,
    curtain: bool,
}

impl Open {
    /// Puts an event of a connection on the record, as long as there is room for such.
    fn push(&mut self, who: Who, connection: usize, what: What) {
        let payload = if let What::Datagram { bytes, .. } = &what { bytes.len() } else { 0 };
        let fits = self.record.events.len() < EVENTS_KEPT && self.kept + payload <= BYTES_KEPT;
        if fits {
            self.kept += payload;
            self.record.events.push(Event { who, connection: Some(connection), what });
        } else if !self.overflowed {
            self.overflowed = true;
            let what = What::Step("sends on, more than the record keeps".to_string());
            self.record.events.push(Event { who, connection: Some(connection), what });
        }
    }
}

impl Recorder {
    pub(crate) fn new(cast: Cast) -> Recorder {
        let record = Record { cast, events: Vec::new(), lockstep: false, uncounted: false };
        let names = Vec::new();
        let open = Open { record, kept: 0, connections: 0, overflowed: false, names, curtain: false };
        Recorder(Arc::new((Mutex::new(open), Condvar::new())))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a connection that has just been made.
    pub(crate) fn connection(&self) -> usize {
        let mut open = self.lock();
        open.connections += 1;
        open.connections
    }

    /// From now on `address` is told as `name`, so that every run tells the same text.
    pub(crate) fn call(&self, address: SocketAddr, name: &str) {
        let address = address.to_string();
        let mut open = self.lock();
        for event in &mut open.record.events {
            if let What::Line(_, text) = &mut event.what {
                *text = text.replace(&address, name);
            }
        }
        open.names.push((address, name.to_string()));
    }

    pub(crate) fn add(&self, who: Who, connection: Option<usize>, what: What) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        match connection {
            Some(connection) => open.push(who, connection, what),
            None => open.record.events.push(Event { who, connection, what }),
        }
        drop(open);
        self.0.1.notify_all();
    }

    /// Bytes that went on; adjacent ones of one direction are one event.
    pub(crate) fn add_bytes(&self, who: Who, connection: usize, way: Way, new: &[u8]) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        let room = BYTES_KEPT.saturating_sub(open.kept).min(new.len());
        open.kept += room;
        let last = open.record.events.iter_mut().rev().find(|event| event.connection == Some(connection));
        match last.map(|event| &mut event.what) {
            Some(What::Bytes { way: w, bytes, total }) if *w == way => {
                bytes.extend_from_slice(&new[..room]);
                *total += new.len();
            }
            _ => {
                let what = What::Bytes { way, bytes: new[..room].to_vec(), total: new.len() };
                open.push(who, connection, what);
            }
        }
        drop(open);
        self.0.1.notify_all();
    }

    /// The reader has taken the last bytes of this direction. What it did with them may be on the record already, so
    /// this is put right behind those bytes.
    pub(crate) fn add_gate(&self, who: Who, connection: usize, way: Way) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        let events = &mut open.record.events;
        let sent = |event: &Event| {
            event.connection == Some(connection) && matches!(event.what, What::Bytes { way: w, .. } if w == way)
        };
        let place = events.iter().rposition(sent).map_or(events.len(), |place| place + 1);
        events.insert(place, Event { who, connection: Some(connection), what: What::Gate { way } });
        drop(open);
        self.0.1.notify_all();
    }

    pub(crate) fn add_line(&self, who: Who, stream: Stream, text: &str) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        let printed = open.record.events.iter().filter(|e| e.who == who && matches!(e.what, What::Line(..))).count();
        if printed < LINES_KEPT {
            let mut text = without_place(&without_thread_number(text));
            // A later server may get the port of an earlier one, and the stage has to read its address.
            let names = if text.starts_with("listening on ") { &[][..] } else { &open.names[..] };
            for (address, name) in names {
                text = text.replace(address, name);
            }
            open.record.events.push(Event { who, connection: None, what: What::Line(stream, text) });
        } else if printed == LINES_KEPT && !open.record.events.iter().any(|e| e.who == who && e.what == What::MoreLines)
        {
            open.record.events.push(Event { who, connection: None, what: What::MoreLines });
        }
        drop(open);
        self.0.1.notify_all();
    }

    /// Waits until `found` is true of the record so far; false when the time is up.
    pub(crate) fn wait(&self, within: Duration, found: impl Fn(&Record) -> bool) -> bool {
        let deadline = Instant::now() + within;
        let mut open = self.lock();
        while !found(&open.record) {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
            open = self.0.1.wait_timeout(open, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    pub(crate) fn do_not_count(&self) {
        self.lock().record.uncounted = true;
    }

    pub(crate) fn in_lockstep(&self) {
        self.lock().record.lockstep = true;
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.lock().record)
    }

    /// Nothing that happens from now on belongs to the play.
    pub(crate) fn curtain(&self) -> Record {
        let mut open = self.lock();
        open.curtain = true;
        for event in &mut open.record.events {
            if let What::Line(_, text) = &mut event.what {
                *text = without_port(text);
            }
        }
        open.record.clone()
    }
}

/// `thread 'main' (4711) panicked` without the number, which differs in every run.
fn without_thread_number(line: &str) -> String {
    if let Some(rest) = line.strip_prefix("thread '")
        && let Some((name, rest)) = rest.split_once("' (")
        && let Some((number, rest)) = rest.split_once(") panicked")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("thread '{name}' panicked{rest}");
    }
    line.to_string()
}

/// An address with a port that the kernel chose belongs to a client that connected by itself, without the relay; the
/// number differs in every run.
fn without_port(line: &str) -> String {
    /// The first port that Linux gives to who asks for none (`ip_local_port_range`, ip(7)); other systems start higher.
    const FIRST: u16 = 32_768;
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("127.0.0.1:") {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let chosen = after[..end].parse::<u16>().is_ok_and(|port| port >= FIRST);
        text += before;
        text += if chosen { "<client>" } else { "127.0.0.1:" };
        rest = if chosen { &after[end..] } else { after };
    }
    text + rest
}

/// A panic inside the standard library without the place, which differs with every toolchain.
fn without_place(line: &str) -> String {
    match line.split_once(" panicked at ") {
        Some((thread, place)) if place.replace('\\', "/").contains("/library/") => {
            format!("{thread} panicked in the standard library:")
        }
        _ => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_record_keeps_has_a_limit() {
        let recorder = Recorder::new(Cast::Broken);
        let connection = recorder.connection();
        let datagram = || What::Datagram { way: Way::ToServer, bytes: vec![0; 65_507] };
        for _ in 0..100 {
            recorder.add(CLIENT, Some(connection), datagram());
            recorder.add_bytes(CLIENT, connection, Way::ToServer, &[0; 65_507]);
        }
        recorder.add(CLIENT, None, What::Exit(Exit::Status(0)));
        let record = recorder.curtain();
        let payload = |event: &Event| match &event.what {
            What::Bytes { bytes, .. } | What::Datagram { bytes, .. } => bytes.len(),
            _ => 0,
        };
        assert!(record.events.iter().map(payload).sum::<usize>() <= BYTES_KEPT);
        assert_eq!(record.events.iter().filter(|event| matches!(event.what, What::Step(_))).count(), 1);
        assert_eq!(record.exit(CLIENT), Some(Exit::Status(0)));
    }
}
