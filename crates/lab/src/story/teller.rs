//! The story of `run`: what was typed, each connection in turn, then what each actor did.

use std::fmt::Write as _;

use super::DIM;
use super::bytes::{change, count, preview, readable, shortened};
use super::order::{actors, in_order, in_turn, one_stream_after_the_other};
use super::streams::{Piece, Streams};
use crate::lesson::experiment::Experiment;
use crate::record::{Event, Record, Role, Stream, Way, What, Who};
use crate::story::paint::paint;

/// Printed lines of one actor that are shown.
const LINES: usize = 6;
/// Where there are more connections than this, each is told in one line.
const CROWD: usize = 4;
/// Where there are more than this, only the first [`FEW`] of them are told.
const MULTITUDE: usize = 16;
/// Connections that are told of a multitude.
const FEW: usize = 12;
/// Bytes of a row of `--wire`, which is as wide as it needs.
const ROW: (usize, usize) = (16, usize::MAX);
/// What is told of a process that the lab has killed.
const KILLED: &str = "is killed by the lab";

/// Every step, in the order that is the same in every run.
pub(super) fn events(experiment: &Experiment, record: &Record, wire: bool) -> String {
    let mut teller = Teller::new(experiment, record, wire);
    if record.lockstep {
        for event in &record.events {
            teller.tell(event);
        }
        return teller.text;
    }
    let typed = |event: &&Event| matches!(event.what, What::Typed(_));
    let connections = record.connections();
    if connections > CROWD && !wire {
        teller.crowd();
        return teller.text;
    }
    teller.tell_own(&record.events.iter().filter(typed).collect::<Vec<_>>());
    for (place, connection) in in_turn(record).into_iter().enumerate() {
        if connections > 1 {
            let _ = writeln!(teller.text, "    {}", paint(DIM, &format!("connection {}", place + 1)));
        }
        let events: Vec<&Event> = record.on(connection).collect();
        in_order(&events).into_iter().for_each(|event| teller.tell(event));
    }
    for who in actors(record) {
        let own = |event: &&Event| event.who == who && event.connection.is_none();
        let mut own: Vec<&Event> = record.events.iter().filter(own).filter(|event| !typed(event)).collect();
        one_stream_after_the_other(&mut own);
        teller.tell_own(&own);
    }
    teller.text
}

/// Puts the record into lines.
struct Teller<'a> {
    record: &'a Record,
    wire: bool,
    text: String,
    streams: Streams<'a>,
    /// Lines told so far, by actor.
    lines: Vec<(Who, usize)>,
    /// How often the line that is told now was printed in a row.
    times: usize,
}

impl<'a> Teller<'a> {
    fn new(experiment: &'a Experiment, record: &'a Record, wire: bool) -> Teller<'a> {
        let streams = Streams::new(experiment, record);
        Teller { record, wire, text: String::new(), streams, lines: Vec::new(), times: 1 }
    }

    fn line(&mut self, left: &str, right: &str) {
        let _ = writeln!(self.text, "    {left:<21}{right}");
    }

    fn tell(&mut self, event: &Event) {
        let [client, server] = self.record.ends(event.connection);
        let arrow = |way: Way| match way {
            Way::ToServer if event.who == server => format!("{server} <- {client}"),
            Way::ToServer => format!("{} -> {server}", event.who),
            Way::ToClient if event.who.role == Role::Attacker => format!("{} -> {client}", event.who),
            Way::ToClient => format!("{server} -> {client}"),
        };
        let reader = |way: Way| if way == Way::ToServer { server } else { client };
        match &event.what {
            What::Bytes { way, bytes, total } => {
                let left = arrow(*way);
                self.stream_piece(&left, "", event.connection.unwrap_or(1), *way, bytes, *total);
            }
            What::Datagram { way, bytes } => {
                let left = arrow(*way);
                self.line(&left, &format!("datagram: {}", preview(bytes, bytes.len())));
                self.datagram(*way, bytes);
            }
            What::Lost { way, bytes } => {
                let left = arrow(*way);
                let text = format!("datagram: {}, lost on the way", preview(bytes, bytes.len()));
                self.line(&left, &text);
                self.datagram(*way, bytes);
            }
            What::HeldBack { way, bytes } => {
                let left = arrow(*way);
                let text = format!("datagram: {}, held back", preview(bytes, bytes.len()));
                self.line(&left, &text);
            }
            What::Doubled { .. } => self.line("", &paint(DIM, "(the network delivers it once more)")),
            What::Gate { way } => self.line("", &paint(DIM, &super::gate(reader(*way)))),
            What::Stalled { way } => {
                let left = arrow(*way);
                self.line(&left, "(nothing more gets through)");
            }
            What::Changed { offset, was, now, .. } => {
                let text = format!("(the relay changes {})", change(*offset, was, now));
                self.line("", &paint(DIM, &text));
            }
            What::Inserted { way, bytes } => {
                let left = format!("relay -> {}", reader(*way));
                self.stream_piece(&left, "puts in ", event.connection.unwrap_or(1), *way, bytes, bytes.len());
            }
            What::Dropped { way, total, .. } => {
                let left = arrow(*way);
                self.line(&left, &format!("({} lost on the way)", count(*total, "byte")));
            }
            What::Fin { way } => {
                let left = arrow(*way);
                self.line(&left, "FIN, the end of this direction");
            }
            What::Rst { way } => {
                let left = arrow(*way);
                self.line(&left, "RST, the connection is gone");
            }
            What::Refused if event.connection.is_some_and(|number| self.record.carries_datagrams(number)) => {
                self.line(&event.who.to_string(), "has nobody at its port (ICMP port unreachable)");
            }
            What::Refused => self.line(&event.who.to_string(), "refuses the connection"),
            What::Typed(text) => {
                let line = format!("is typed: {}{}", shortened(text), self.times());
                self.line(&event.who.to_string(), &line);
            }
            What::Line(stream, text) => self.printed(event.who, *stream, text),
            What::MoreLines => self.line(&event.who.to_string(), "prints more than 400 lines"),
            What::Exit(exit) => self.line(&event.who.to_string(), &exit.to_string()),
            What::Killed => self.line(&event.who.to_string(), KILLED),
            What::Silent { way } => {
                let left = arrow(*way);
                self.line(&left, "neither more bytes nor an end");
            }
            What::Hung(hang) => self.line(&event.who.to_string(), &hang.to_string()),
            What::LeftOpen(number) => {
                let text = format!("keeps {} open that its peer has ended", count(*number, "connection"));
                self.line(&event.who.to_string(), &text);
            }
            What::Kernel(fact) => self.line("kernel", fact),
            What::Step(text) => self.line(&event.who.to_string(), text),
        }
    }

    /// What one actor did off the wire. A line that was typed or printed several times in a row is told once.
    fn tell_own(&mut self, events: &[&Event]) {
        let line = |what: &What| matches!(what, What::Typed(_) | What::Line(..));
        for same in events.chunk_by(|one, next| one.who == next.who && one.what == next.what && line(&one.what)) {
            self.times = same.len();
            self.tell(same[0]);
        }
        self.times = 1;
    }

    fn times(&self) -> String {
        match self.times {
            1 => String::new(),
            _ if self.record.uncounted => " (again and again)".to_string(),
            times => format!(" ({times} times)"),
        }
    }

    /// Many connections: each in one line, what the client sent on the left, what came back on the right; then the
    /// actors, those who did the same together.
    fn crowd(&mut self) {
        let record = self.record;
        let is_typed = |event: &&Event| matches!(event.what, What::Typed(_));
        let actors = actors(record);
        let of = |who: Who| record.events.iter().filter(move |event| event.who == who && event.connection.is_none());
        let typed = actors.iter().map(|who| (*who, in_words(of(*who).filter(is_typed)))).collect();
        self.together(typed);
        let columns = |to_server: &str, to_client: &str| format!("{to_server:<34}  {to_client}").trim_end().to_string();
        self.line("", &paint(DIM, &columns("client -> server", "server -> client")));
        let connections = record.connections();
        let told = if connections > MULTITUDE { FEW } else { connections };
        for (place, connection) in in_turn(record).into_iter().enumerate().take(told) {
            let events: Vec<&Event> = record.on(connection).collect();
            let events = in_order(&events);
            let mut one_way = |way: Way| {
                let words = events.iter().filter_map(|event| match &event.what {
                    What::Bytes { way: w, bytes, total } if *w == way => {
                        Some(self.named(connection, way, bytes, *total).1)
                    }
                    what => on_the_wire(what, way),
                });
                words.collect::<Vec<_>>().join(", ")
            };
            let [to_server, to_client] = [one_way(Way::ToServer), one_way(Way::ToClient)];
            self.line(&format!("connection {}", place + 1), &columns(&to_server, &to_client));
        }
        if told < connections {
            self.line("", &paint(DIM, &format!("({} more connections, which --wire tells)", connections - told)));
        }
        let (servers, others): (Vec<Who>, Vec<Who>) = actors.into_iter().partition(|who| who.role == Role::Server);
        for who in servers {
            let mut own: Vec<&Event> = of(who).collect();
            one_stream_after_the_other(&mut own);
            self.tell_own(&own);
        }
        self.together(
            others.into_iter().map(|who| (who, in_words(of(who).filter(|event| !is_typed(event))))).collect(),
        );
    }

    /// Neighbours who did the same are told in one line.
    fn together(&mut self, deeds: Vec<(Who, String)>) {
        let deeds: Vec<(Who, String)> = deeds.into_iter().filter(|(_, words)| !words.is_empty()).collect();
        for group in deeds.chunk_by(|(one, did), (next, does)| one.role == next.role && did == does) {
            let (first, words) = &group[0];
            match group {
                [_] => self.line(&first.to_string(), words),
                [.., (last, _)] => {
                    let who = format!("{}s {} to {}", first.role.name(), first.number, last.number);
                    self.line(&who, &format!("each {words}"));
                }
                [] => {}
            }
        }
    }

    fn printed(&mut self, who: Who, stream: Stream, text: &str) {
        if text.starts_with("listening on ") || (stream == Stream::Err && is_noise(text)) {
            return;
        }
        let place = self.lines.iter().position(|(w, _)| *w == who).unwrap_or_else(|| {
            self.lines.push((who, 0));
            self.lines.len() - 1
        });
        self.lines[place].1 += 1;
        let verb = if stream == Stream::Out { "prints:" } else { "complains:" };
        match self.lines[place].1 {
            n if n <= LINES => {
                self.line(&who.to_string(), &format!("{verb} {}{}", shortened(text), self.times()));
            }
            n if n == LINES + 1 => self.line(&who.to_string(), "prints more"),
            _ => {}
        }
    }

    /// The bytes of one run of a stream, and with `--wire` each with its name.
    fn stream_piece(&mut self, left: &str, verb: &str, connection: usize, way: Way, bytes: &[u8], total: usize) {
        let (piece, named) = self.named(connection, way, bytes, total);
        let number = paint(DIM, &format!("({})", count(total, "byte")));
        self.line(left, &format!("{verb}{named}   {number}"));
        if let Some(piece) = piece.filter(|_| self.wire) {
            piece.hexadecimal(&mut self.text, bytes, total, ROW);
        }
    }

    /// The next bytes of a stream in one line, and what they are where that is told.
    fn named(&mut self, connection: usize, way: Way, bytes: &[u8], total: usize) -> (Option<Piece>, String) {
        if !self.wire && self.record.varying.is_empty() {
            return (None, readable(bytes, total));
        }
        let piece = self.streams.next(connection, way, bytes.len(), total);
        let named = piece.named(self.record.varying, bytes, total);
        (Some(piece), named)
    }

    /// The bytes of one datagram, each with its name.
    fn datagram(&mut self, way: Way, bytes: &[u8]) {
        if self.wire {
            self.streams.datagram(way, bytes).hexadecimal(&mut self.text, bytes, bytes.len(), ROW);
        }
    }
}

/// One event of a connection in a few words, if it belongs to this direction.
fn on_the_wire(what: &What, direction: Way) -> Option<String> {
    let (way, words) = match what {
        What::Bytes { way, bytes, total } => (*way, readable(bytes, *total)),
        What::Datagram { way, bytes } => (*way, format!("datagram {}", readable(bytes, bytes.len()))),
        What::Lost { way, bytes } => (*way, format!("datagram {} lost", readable(bytes, bytes.len()))),
        What::HeldBack { way, bytes } => (*way, format!("datagram {} held back", readable(bytes, bytes.len()))),
        What::Doubled { way } => (*way, "once more".to_string()),
        What::Stalled { way } => (*way, "nothing more".to_string()),
        What::Dropped { way, total, .. } => (*way, format!("{} lost", count(*total, "byte"))),
        What::Changed { way, offset, was, now } => (*way, change(*offset, was, now)),
        What::Inserted { way, bytes } => (*way, format!("the relay puts in {}", readable(bytes, bytes.len()))),
        What::Fin { way } => (*way, "FIN".to_string()),
        What::Silent { way } => (*way, "no more".to_string()),
        What::Rst { way } => (*way, "RST".to_string()),
        What::Refused => (Way::ToClient, "refused".to_string()),
        _ => return None,
    };
    (way == direction).then_some(words)
}

/// What one actor of many did off the wire, in one line.
fn in_words<'a>(events: impl Iterator<Item = &'a Event>) -> String {
    let mut events: Vec<&Event> = events.collect();
    one_stream_after_the_other(&mut events);
    let words = |event: &&Event| match &event.what {
        What::Typed(text) => Some(format!("is typed: {text}")),
        What::Line(Stream::Out, text) if text.is_empty() => Some("prints an empty line".to_string()),
        What::Line(Stream::Out, text) => Some(format!("prints: {}", shortened(text))),
        What::Line(Stream::Err, text) if is_noise(text) => None,
        What::Line(Stream::Err, text) => Some(format!("complains: {}", shortened(text))),
        What::Exit(exit) => Some(exit.to_string()),
        What::Killed => Some(KILLED.to_string()),
        What::Hung(hang) => Some(hang.to_string()),
        What::Step(text) | What::Kernel(text) => Some(text.clone()),
        _ => None,
    };
    events.iter().filter_map(words).collect::<Vec<_>>().join("; ")
}

/// Lines of a panic that teach nothing.
fn is_noise(complaint: &str) -> bool {
    complaint.is_empty() || complaint.starts_with("note: run with `RUST_BACKTRACE")
}
