//! The record of one performance: who did what, in which order, with which bytes.
//!
//! One record serves the story on the screen, the JSON form and the judgement.

mod json;
pub(crate) mod recorder;

use std::collections::VecDeque;
use std::fmt;

/// Which programs perform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The twin with the mistake.
    Broken,
    /// The mended twin.
    Fixed,
    /// The lesson's finished program.
    Finished,
    /// The learner's own program, on this side.
    Yours(Role),
}

impl Cast {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Cast::Broken => "broken",
            Cast::Fixed => "fixed",
            Cast::Finished => "finished",
            Cast::Yours(_) => "yours",
        }
    }
}

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
    /// Some thread of it wakes now and then, and nothing has moved on the wire or in a queue for seconds.
    Still,
    /// It did not end before the deadline; this system lets the lab say no more.
    Late,
    /// It has sent more over one connection than any play has a use for, and goes on.
    Endless,
}

impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hang::Waiting => "hangs: every process is asleep and no data is in flight",
            Hang::Stuck => "hangs: every process is asleep and bytes stay in the queues",
            Hang::Spinning => "spins: it keeps a processor busy and nothing moves",
            Hang::Still => "hangs: for seconds nothing has moved, on the wire or in a queue",
            Hang::Late => "does not end",
            Hang::Endless => "keeps sending, far more than this play asks for",
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
    /// The relay has lost a datagram.
    Lost {
        /// The direction.
        way: Way,
        /// Its payload.
        bytes: Vec<u8>,
    },
    /// The relay holds a datagram back. When it goes on, that is an event of its own.
    HeldBack {
        /// The direction.
        way: Way,
        /// Its payload.
        bytes: Vec<u8>,
    },
    /// The relay hands the datagram before on once more.
    Doubled {
        /// The direction.
        way: Way,
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
        /// The bytes.
        bytes: Vec<u8>,
        /// How many bytes.
        total: usize,
    },
    /// The relay has changed bytes; they go on as the next ones of this direction.
    Changed {
        /// The direction.
        way: Way,
        /// How many bytes their sender had sent before them.
        offset: usize,
        /// What was sent.
        was: Vec<u8>,
        /// What goes on in its place; as many.
        now: Vec<u8>,
    },
    /// Bytes of the relay's own went on to the other side.
    Inserted {
        /// The direction.
        way: Way,
        /// The bytes.
        bytes: Vec<u8>,
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
    /// An attacker has waited in this direction, beyond all patience, for more bytes or an end; neither came.
    Silent {
        /// The direction.
        way: Way,
    },
    /// The server refused the connection.
    Refused,
    /// A line that an actor was given on its standard input.
    Typed(String),
    /// A line that an actor printed.
    Line(Stream, String),
    /// Here an actor had printed as many lines as are kept as events, 400. Of those that followed the last 100 of each
    /// stream are kept: [`Record::lines`] has them.
    MoreLines,
    /// A process ended.
    Exit(Exit),
    /// The lab has killed a process.
    Killed,
    /// A process hangs.
    Hung(Hang),
    /// A process keeps so many connections open that their peers have ended, and nothing is under way any more.
    LeftOpen(usize),
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
    /// Who is at the client's and at the server's end of each connection, in the order of their numbers.
    pub(crate) ends: Vec<[Who; 2]>,
    /// How often the play repeats itself depends on the machine, so equal lines in a row are told without their number.
    pub uncounted: bool,
    /// Names of spans whose bytes are drawn afresh in every run.
    pub(crate) varying: &'static [&'static str],
    /// The last lines of those who printed more than is kept as events.
    pub(crate) tails: Vec<Tail>,
    /// Who printed without end.
    pub(crate) endless: Vec<Who>,
}

/// The last lines that an actor printed on one stream, beyond those that are events.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    pub(crate) who: Who,
    pub(crate) stream: Stream,
    /// Lines before these that are neither here nor among the events.
    pub(crate) left_out: usize,
    pub(crate) lines: VecDeque<String>,
}

/// An entry of the record with the last lines of everybody in their place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    Event(&'a Event),
    /// So many lines of this stream were not kept.
    LeftOut(Who, Stream, usize),
    /// One of the last lines.
    Late(Who, Stream, &'a str),
}

impl Record {
    /// Every byte that went on in one direction of a connection, as far as they are kept: the first 4 MiB of a
    /// performance.
    pub fn bytes(&self, connection: usize, way: Way) -> Vec<u8> {
        let mut all = Vec::new();
        for event in self.on(connection) {
            if let What::Bytes { way: w, bytes, .. } | What::Inserted { way: w, bytes } = &event.what
                && *w == way
            {
                all.extend_from_slice(bytes);
            }
        }
        all
    }

    /// Every datagram that went on in one direction of a connection, in that order, as far as they are kept. One that was
    /// lost is not among them; one that was doubled is there twice.
    pub fn datagrams(&self, connection: usize, way: Way) -> Vec<Vec<u8>> {
        let of = |event: &Event| match &event.what {
            What::Datagram { way: w, bytes } if *w == way => Some(bytes.clone()),
            _ => None,
        };
        self.on(connection).filter_map(of).collect()
    }

    /// Whether this connection carries datagrams.
    pub(crate) fn carries_datagrams(&self, connection: usize) -> bool {
        let datagram = |what: &What| matches!(what, What::Datagram { .. } | What::Lost { .. } | What::HeldBack { .. });
        self.on(connection).any(|event| datagram(&event.what))
    }

    /// Who has made a connection; on the connection of a bridge, its second server.
    pub fn caller(&self, connection: usize) -> Who {
        self.ends(Some(connection))[0]
    }

    /// Who is at the client's and at the server's end of a connection.
    pub(crate) fn ends(&self, connection: Option<usize>) -> [Who; 2] {
        let place = connection.and_then(|number| number.checked_sub(1));
        place.and_then(|place| self.ends.get(place)).copied().unwrap_or([CLIENT, SERVER])
    }

    /// The events of one connection.
    pub fn on(&self, connection: usize) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.connection == Some(connection))
    }

    /// The number of connections.
    pub fn connections(&self) -> usize {
        self.events.iter().filter_map(|event| event.connection).max().unwrap_or(0)
    }

    /// How often the direction of a connection changed: 1 is one side talking, 2 a question and its answer. What the relay
    /// has lost does not count.
    pub fn turns(&self, connection: usize) -> usize {
        let mut last = None;
        let mut turns = 0;
        for event in self.on(connection) {
            if let What::Bytes { way, .. } | What::Inserted { way, .. } | What::Datagram { way, .. } = event.what
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
        let first = self.events.iter().filter(|event| event.who == who).filter_map(|event| match &event.what {
            What::Line(s, text) if *s == stream => Some(text.as_str()),
            _ => None,
        });
        let last = self.tails.iter().filter(|tail| (tail.who, tail.stream) == (who, stream));
        first.chain(last.flat_map(|tail| tail.lines.iter().map(String::as_str))).collect()
    }

    /// Whether an actor printed without end, as a loop does that nothing ends: more than 10,000 lines, or more than 400
    /// and still some when the play was over.
    pub fn prints_on(&self, who: Who) -> bool {
        self.endless.contains(&who)
    }

    /// Every event, and the last lines of an actor before the event that says how it ended, or behind all others.
    pub(crate) fn entries(&self) -> Vec<Entry<'_>> {
        let is_end = |what: &What| matches!(what, What::Exit(_) | What::Killed | What::Hung(_) | What::LeftOpen(_));
        let mut left: Vec<&Tail> = self.tails.iter().collect();
        let mut entries = Vec::new();
        for event in &self.events {
            if is_end(&event.what) {
                let (now, later): (Vec<&Tail>, _) = left.into_iter().partition(|tail| tail.who == event.who);
                now.into_iter().for_each(|tail| tail.put(&mut entries));
                left = later;
            }
            entries.push(Entry::Event(event));
        }
        left.into_iter().for_each(|tail| tail.put(&mut entries));
        entries
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
}

impl Tail {
    fn put<'a>(&'a self, entries: &mut Vec<Entry<'a>>) {
        if self.left_out > 0 {
            entries.push(Entry::LeftOut(self.who, self.stream, self.left_out));
        }
        entries.extend(self.lines.iter().map(|line| Entry::Late(self.who, self.stream, line)));
    }
}

impl Stream {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Stream::Out => "stdout",
            Stream::Err => "stderr",
        }
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
