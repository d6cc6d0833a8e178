//! Tells a performance on one screen: the same text in every run.

mod bytes;
pub(crate) mod changes;
mod live;
mod marks;
pub(crate) mod paint;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::lesson::dissect::Span;
use crate::lesson::experiment::Experiment;
use crate::performance::Performance;
use crate::record::{Cast, Event, Record, Role, Stream, Way, What, Who};
use crate::story::paint::paint;
use crate::verdict::Verdict;

pub(crate) use bytes::{brief, count};
pub(crate) use live::live;
pub(crate) use marks::marked;

use bytes::{change, preview, readable, shortened};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ODD: Style = AnsiColor::Yellow.on_default().bold();

/// Rows of hexadecimal that are shown of one run with `--wire`.
const ROWS: usize = 24;
/// Printed lines of one actor that are shown.
const LINES: usize = 6;
/// Where there are more connections than this, each is told in one line.
const CROWD: usize = 4;
/// Where there are more than this, only the first few of them are told.
const MULTITUDE: usize = 16;
/// So few.
const FEW: usize = 12;
/// What is told of a process that the lab has killed.
const KILLED: &str = "is killed by the lab";

/// Name and question of an experiment.
pub(crate) fn title(experiment: &Experiment) -> String {
    format!("{}  {}\n", paint(BOLD, experiment.name), experiment.question)
}

/// Everything about one performance.
pub(crate) fn performance(experiment: &Experiment, performance: &Performance, wire: bool) -> String {
    let mut text = String::new();
    let cast = performance.cast;
    let source = match cast {
        Cast::Broken => experiment.twins.broken.path(),
        Cast::Fixed => experiment.twins.fixed.path(),
        Cast::Finished => "the finished program of the lesson".to_string(),
        Cast::Yours(role) => format!("your {}", role.name()),
    };
    let _ = writeln!(text, "\n  {}  {}", paint(BOLD, cast.name()), paint(DIM, &source));
    text += &events(experiment, &performance.record, wire);
    let _ = match &performance.verdict {
        Ok(verdict) => writeln!(text, "  {}", sentence(cast, verdict)),
        Err(error) => {
            let word = match cast {
                Cast::Yours(_) => "no verdict:",
                _ => "no verdict, the lab failed:",
            };
            writeln!(text, "  {} {error:#}", paint(ODD, word))
        }
    };
    text
}

fn sentence(cast: Cast, verdict: &Verdict) -> String {
    let word = match (cast, verdict) {
        (Cast::Broken, Verdict::AsDocumented(_)) => paint(BAD, "breaks:"),
        (_, Verdict::AsDocumented(_) | Verdict::Holds(_)) => paint(GOOD, "holds:"),
        (_, Verdict::Breaks(_)) => paint(BAD, "breaks:"),
        (_, Verdict::Unexpected(_)) => paint(ODD, "unexpected:"),
        (_, Verdict::NoVerdict(_)) => paint(ODD, "no verdict:"),
        (_, Verdict::Void(_)) => paint(ODD, "void, the trap could not be laid:"),
        (_, Verdict::Skipped(_)) => paint(ODD, "skipped:"),
    };
    format!("{word} {}", verdict.why())
}

/// The size of the difference and how to see it.
pub(crate) fn difference(lesson: &str, experiment: &Experiment) -> String {
    let changed = changes::count(experiment.twins.broken.text, experiment.twins.fixed.text);
    let lines = if changed == 1 { "line" } else { "lines" };
    let command = format!("cargo run -p {lesson} -- diff {}", experiment.name);
    format!("\n  {}  {changed} {lines} of difference: {command}\n", paint(BOLD, "cure"))
}

/// Every step, in the order that is the same in every run.
fn events(experiment: &Experiment, record: &Record, wire: bool) -> String {
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
    let mut actors: Vec<Who> = record.events.iter().map(|event| event.who).collect();
    actors.sort_unstable_by_key(|who| (who.role != Role::Server, *who));
    actors.dedup();
    for who in actors {
        let own = |event: &&Event| event.who == who && event.connection.is_none();
        let mut own: Vec<&Event> = record.events.iter().filter(own).filter(|event| !typed(event)).collect();
        one_stream_after_the_other(&mut own);
        teller.tell_own(&own);
    }
    teller.text
}

/// The connections in the order in which they are told. Where every one is that of another client, that is the order of
/// the clients: which of them came first may differ from run to run.
fn in_turn(record: &Record) -> Vec<usize> {
    let mut connections: Vec<usize> = (1..=record.connections()).collect();
    let caller = |connection: &usize| record.caller(*connection);
    let mut callers: Vec<Who> = connections.iter().map(caller).collect();
    callers.sort_unstable();
    callers.dedup();
    if callers.len() == connections.len() && callers.iter().all(|who| who.role == Role::Client) {
        connections.sort_by_key(caller);
    }
    connections
}

/// Standard output and standard error come through two pipes: which line was first is not known.
fn one_stream_after_the_other(events: &mut [&Event]) {
    let complaint = |event: &&Event| match event.what {
        What::Line(stream, _) => Some(stream == Stream::Err),
        _ => None,
    };
    for lines in events.chunk_by_mut(|one, next| complaint(one).is_some() && complaint(next).is_some()) {
        lines.sort_by_key(complaint);
    }
}

/// The ends of a connection race with each other: a FIN is told before the other side's, and not at all where a reset
/// ended the connection, since it depends on luck whether it still came through.
fn in_order<'a>(events: &[&'a Event]) -> Vec<&'a Event> {
    let is_end = |event: &&&Event| matches!(event.what, What::Fin { .. } | What::Rst { .. });
    let tail = events.iter().rev().take_while(is_end).count();
    let (body, ends) = events.split_at(events.len() - tail);
    let mut told = body.to_vec();
    if let Some(reset) = ends.iter().find(|event| matches!(event.what, What::Rst { .. })) {
        told.push(reset);
    } else {
        let mut ends = ends.to_vec();
        ends.sort_by_key(|event| event.what != What::Fin { way: Way::ToServer });
        told.extend(ends);
    }
    told
}

struct Teller<'a> {
    experiment: &'a Experiment,
    record: &'a Record,
    wire: bool,
    text: String,
    /// Bytes told so far, by connection and direction.
    told: Vec<((usize, Way), usize)>,
    /// Lines told so far, by actor.
    lines: Vec<(Who, usize)>,
    /// How often the line that is told now was printed in a row.
    times: usize,
}

impl<'a> Teller<'a> {
    fn new(experiment: &'a Experiment, record: &'a Record, wire: bool) -> Teller<'a> {
        Teller { experiment, record, wire, text: String::new(), told: Vec::new(), lines: Vec::new(), times: 1 }
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
            What::Gate { way } => {
                let text = format!("(the {} has read this before more is sent)", reader(*way));
                self.line("", &paint(DIM, &text));
            }
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
            What::MoreLines => self.line(&event.who.to_string(), "goes on printing without end"),
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
        let mut actors: Vec<Who> = record.events.iter().map(|event| event.who).collect();
        actors.sort_unstable_by_key(|who| (who.role != Role::Server, *who));
        actors.dedup();
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
            let one_way = |way: Way| {
                let spans = self.varying(connection, way);
                let mut start = 0;
                let mut words = Vec::new();
                for event in &events {
                    let said = match &event.what {
                        What::Bytes { way: w, bytes, total } if *w == way && !spans.is_empty() => {
                            let said = self.named(&spans, start, bytes, *total);
                            start += total;
                            Some(said)
                        }
                        what => on_the_wire(what, way),
                    };
                    words.extend(said);
                }
                words.join(", ")
            };
            self.line(&format!("connection {}", place + 1), &columns(&one_way(Way::ToServer), &one_way(Way::ToClient)));
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
        let key = (connection, way);
        let place = self.told.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
            self.told.push((key, 0));
            self.told.len() - 1
        });
        let start = self.told[place].1;
        self.told[place].1 += total;
        let named = self.named(&self.varying(connection, way), start, bytes, total);
        let number = paint(DIM, &format!("({})", count(total, "byte")));
        self.line(left, &format!("{verb}{named}   {number}"));
        if self.wire {
            let spans = self.experiment.dissect(self.record.cast)(way, &self.record.bytes(connection, way));
            self.hexadecimal(&spans, start, bytes, total);
        }
    }

    /// The spans of one direction, if some of them are told by their name; none otherwise.
    fn varying(&self, connection: usize, way: Way) -> Vec<Span> {
        if self.record.varying.is_empty() {
            return Vec::new();
        }
        self.experiment.dissect(self.record.cast)(way, &self.record.bytes(connection, way))
    }

    /// Bytes from `start` on of what the spans name, those that vary by their name and the others as they are.
    fn named(&self, spans: &[Span], start: usize, bytes: &[u8], total: usize) -> String {
        /// So many names and runs of bytes are told.
        const MOST: usize = 6;
        let varies = |part: &(usize, usize, String)| {
            self.record.varying.iter().any(|varying| {
                part.2.strip_prefix(varying).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
            })
        };
        let parts = within(spans, start, start + bytes.len());
        if !parts.iter().any(varies) {
            return readable(bytes, total);
        }
        let mut words = Vec::new();
        for run in parts.chunk_by(|one, next| !varies(one) && !varies(next)) {
            let (from, to) = (run[0].0, run[run.len() - 1].1);
            words.push(if varies(&run[0]) {
                run[0].2.clone()
            } else {
                readable(&bytes[from - start..to - start], to - from)
            });
        }
        let more = if words.len() > MOST { ", ..." } else { "" };
        words.truncate(MOST);
        format!("{}{more}", words.join(", "))
    }

    /// The bytes of one datagram, each with its name.
    fn datagram(&mut self, way: Way, bytes: &[u8]) {
        if self.wire {
            let spans = self.experiment.dissect(self.record.cast)(way, bytes);
            self.hexadecimal(&spans, 0, bytes, bytes.len());
        }
    }

    /// Bytes from `start` on of what the spans name.
    fn hexadecimal(&mut self, spans: &[Span], start: usize, bytes: &[u8], total: usize) {
        let mut rows = 0;
        for (from, to, name) in within(spans, start, start + bytes.len()) {
            for row in (from..to).step_by(16) {
                if rows == ROWS {
                    let left = count(start + total - row, "byte");
                    let _ = writeln!(self.text, "          ... {left} more");
                    return;
                }
                rows += 1;
                let piece = &bytes[row - start..(row + 16).min(to) - start];
                let hex: Vec<String> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
                let text: String = piece.iter().map(|b| if b.is_ascii_graphic() { *b as char } else { '.' }).collect();
                let name = if row == from { name.as_str() } else { "" };
                let line = format!("      {row:04x}  {:<47}  {text:<16}  {name}", hex.join(" "));
                let _ = writeln!(self.text, "{}", line.trim_end());
            }
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

/// The parts of the spans that lie between two offsets, with a note where only a part does.
fn within(spans: &[Span], start: usize, end: usize) -> Vec<(usize, usize, String)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for span in spans {
        let (from, to) = (at.max(start), (at + span.length).min(end));
        if from < to {
            let part = to - from;
            let name = if part == span.length {
                span.name.clone()
            } else {
                format!("{} ({part} of {})", span.name, span.length)
            };
            parts.push((from, to, name));
        }
        at += span.length;
    }
    if at < end && at.max(start) < end {
        parts.push((at.max(start), end, String::new()));
    }
    parts
}
