//! The record in its own order, who did it at the left, so that events can be read as causes.

use std::fmt::Write as _;

use super::DIM;
use super::bytes::{change, count, fitted, shortened_beyond};
use super::output::{Row, rows};
use super::page::{Page, width, wrapped};
use super::streams::{Piece, Streams};
use crate::lesson::experiment::Experiment;
use crate::record::{Event, Record, Role, Stream, Way, What, Who};
use crate::story::paint::paint;

/// Columns before the name of who did it, and before what was done.
const MARGIN: usize = 4;
const LEFT: usize = 25;
/// Bytes of a row of `--wire`: with their name they fit into 80 columns.
const ROW: usize = 8;
/// A line of an actor with more characters than this is shortened.
const LONGEST_LINE: usize = 300;
/// Rows at the beginning and at the end of a record that is told on one screen.
const FIRST_ROWS: usize = 30;
const LAST_ROWS: usize = 30;

/// How much of a record is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) page: Page,
    /// Every byte, and what it is.
    pub(crate) wire: bool,
    /// Every line that was printed.
    pub(crate) output: bool,
    /// Every row; otherwise the first and the last.
    pub(crate) all: bool,
}

/// The record in its own order.
pub(super) fn timeline(experiment: &Experiment, record: &Record, view: View) -> String {
    let mut teller = Teller::new(experiment, record, view);
    let rows: Vec<String> = rows(record, view.output).into_iter().map(|row| teller.tell(row)).collect();
    if view.all || rows.len() <= FIRST_ROWS + LAST_ROWS + 1 {
        return rows.concat();
    }
    let more = rows.len() - FIRST_ROWS - LAST_ROWS;
    let gap = paint(DIM, &format!("... {more} more rows, which --timeline shows ..."));
    format!("{}{:LEFT$}{gap}\n{}", rows[..FIRST_ROWS].concat(), "", rows[FIRST_ROWS + more..].concat())
}

/// Puts events into words, one after the other.
pub(crate) struct Teller<'a> {
    record: &'a Record,
    view: View,
    streams: Streams<'a>,
    /// The connection of the last row that was about one.
    connection: Option<usize>,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(experiment: &'a Experiment, record: &'a Record, view: View) -> Teller<'a> {
        Teller { record, view, streams: Streams::new(experiment, record), connection: None }
    }

    fn tell(&mut self, row: Row<'_>) -> String {
        match row {
            Row::Event(event) => self.event(event),
            Row::Typed(who, text, times) => self.words(&who.to_string(), "stdin", text, times),
            Row::Line(who, stream, text, times) => self.words(&who.to_string(), stream.name(), text, times),
            Row::More(who, stream, lines) => self.left_out(who, stream, lines),
        }
    }

    /// An event of a connection, or what an actor did off the wire, as one row or several.
    pub(crate) fn event(&mut self, event: &Event) -> String {
        let heading = self.heading(event);
        let [client, server] = self.record.ends(event.connection);
        let arrow = |way: Way| match way {
            Way::ToServer if event.who == server => format!("{server} <- {client}"),
            Way::ToServer => format!("{} -> {server}", event.who),
            Way::ToClient if event.who.role == Role::Attacker => format!("{} -> {client}", event.who),
            Way::ToClient => format!("{server} -> {client}"),
        };
        let reader = |way: Way| if way == Way::ToServer { server } else { client };
        let who = event.who.to_string();
        let row = match &event.what {
            What::Bytes { way, bytes, total } => {
                self.piece(&arrow(*way), "", event.connection.unwrap_or(1), *way, bytes, *total)
            }
            What::Inserted { way, bytes } => {
                let left = format!("relay -> {}", reader(*way));
                self.piece(&left, "adds ", event.connection.unwrap_or(1), *way, bytes, bytes.len())
            }
            What::Datagram { way, bytes } => self.datagram(&arrow(*way), *way, bytes, ""),
            What::Lost { way, bytes } => self.datagram(&arrow(*way), *way, bytes, ", lost"),
            What::HeldBack { way, bytes } => self.datagram(&arrow(*way), *way, bytes, ", held back"),
            What::Doubled { .. } => self.note("(the network delivers it once more)"),
            What::Gate { way } => self.note(&super::gate(reader(*way))),
            What::Stalled { way } => self.row(&arrow(*way), "(nothing more gets through)"),
            What::Changed { offset, was, now, .. } => {
                self.note(&format!("(the relay changes {})", change(*offset, was, now)))
            }
            What::Dropped { way, total, .. } => {
                self.row(&arrow(*way), &format!("({} lost on the way)", count(*total, "byte")))
            }
            What::Fin { way } => self.row(&arrow(*way), "FIN, the end of this direction"),
            What::Rst { way } => self.row(&arrow(*way), "RST, the connection is gone"),
            What::Refused if event.connection.is_some_and(|number| self.record.carries_datagrams(number)) => {
                self.row(&who, "has no socket at its port (ICMP port unreachable)")
            }
            What::Refused => self.row(&who, "refuses the connection"),
            What::Typed(text) => self.words(&who, "stdin", text, 1),
            What::Line(stream, text) => self.words(&who, stream.name(), text, 1),
            What::MoreLines => String::new(),
            What::Exit(exit) => self.row(&who, &exit.to_string()),
            What::Killed => self.row(&who, "is killed by the lab"),
            What::Silent { way } => self.row(&arrow(*way), "neither more bytes nor an end"),
            What::Hung(hang) => self.row(&who, &hang.to_string()),
            What::LeftOpen(1) => self.row(&who, "keeps a connection open that its peer has ended"),
            What::LeftOpen(number) => {
                self.row(&who, &format!("keeps {number} connections open that their peers have ended"))
            }
            What::Kernel(fact) => self.row("kernel", fact),
            What::Step(text) => self.row(&who, text),
        };
        heading + &row
    }

    /// The number of the connection, where the names of its ends do not tell which it is.
    fn heading(&mut self, event: &Event) -> String {
        let Some(connection) = event.connection.filter(|connection| Some(*connection) != self.connection) else {
            return String::new();
        };
        self.connection = Some(connection);
        let ends = self.record.ends(Some(connection));
        if self.record.ends.iter().filter(|other| **other == ends).count() < 2 {
            return String::new();
        }
        format!("{:MARGIN$}{}\n", "", paint(DIM, &format!("connection {connection}")))
    }

    fn row(&self, left: &str, right: &str) -> String {
        let room = self.view.page.columns.saturating_sub(LEFT);
        let mut text = String::new();
        for (place, line) in wrapped(right, room, room).iter().enumerate() {
            let left = if place == 0 { format!("{:MARGIN$}{left} ", "") } else { String::new() };
            let _ = writeln!(text, "{}", format!("{left:<LEFT$}{line}").trim_end());
        }
        text
    }

    fn note(&self, text: &str) -> String {
        let room = self.view.page.columns.saturating_sub(LEFT);
        wrapped(text, room, room).iter().fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "{:LEFT$}{}", "", paint(DIM, line));
            all
        })
    }

    /// A line of one of the three standard streams.
    fn words(&self, who: &str, stream: &str, text: &str, times: usize) -> String {
        let text = if self.view.output {
            shortened_beyond(text, usize::MAX, 0)
        } else {
            shortened_beyond(text, LONGEST_LINE, LONGEST_LINE / 2)
        };
        let text = if text.is_empty() { "(an empty line)".to_string() } else { text.replace('\t', "    ") };
        let times = match times {
            1 => String::new(),
            _ if self.record.uncounted => " (again and again)".to_string(),
            times => format!(" ({times} times)"),
        };
        let room = self.view.page.columns.saturating_sub(LEFT + 8);
        let lines = wrapped(&format!("{text}{times}"), room, room);
        let label = |place| if place == 0 { stream } else { "" };
        lines.iter().enumerate().fold(String::new(), |mut all, (place, line)| {
            let left = if place == 0 { format!("{:MARGIN$}{who} ", "") } else { String::new() };
            let _ = writeln!(all, "{left:<LEFT$}{:<8}{line}", label(place));
            all
        })
    }

    fn left_out(&self, who: Who, stream: Stream, lines: usize) -> String {
        let kept = if self.view.output { ", which were not kept" } else { "" };
        let text = paint(DIM, &format!("... {} more {}{kept} ...", lines, if lines == 1 { "line" } else { "lines" }));
        let left = format!("{:MARGIN$}{who} ", "");
        format!("{left:<LEFT$}{:<8}{text}\n", stream.name())
    }

    /// The next bytes of a stream, and with `--wire` each with its name.
    fn piece(&mut self, left: &str, verb: &str, connection: usize, way: Way, bytes: &[u8], total: usize) -> String {
        let room = self.view.page.columns.saturating_sub(LEFT + verb.len());
        if !self.view.wire && self.record.varying.is_empty() {
            return self.bytes(left, verb, &fitted(bytes, total, room));
        }
        let piece = self.streams.next(connection, way, bytes.len(), total);
        let varies = |name: &str| self.record.varying.iter().any(|varying| name.starts_with(varying));
        if piece.parts.iter().any(|(_, _, name)| varies(name)) {
            let number = paint(DIM, &format!("({})", count(total, "byte")));
            let named = piece.named(self.record.varying, bytes, total);
            return self.bytes(left, verb, &format!("{named}   {number}")) + &self.names(&piece, bytes, total);
        }
        self.bytes(left, verb, &fitted(bytes, total, room)) + &self.names(&piece, bytes, total)
    }

    /// A row whose right side fits already.
    fn bytes(&self, left: &str, verb: &str, bytes: &str) -> String {
        let left = format!("{:MARGIN$}{left} ", "");
        format!("{left:<LEFT$}{verb}{bytes}\n")
    }

    fn names(&self, piece: &Piece, bytes: &[u8], total: usize) -> String {
        let mut text = String::new();
        if self.view.wire {
            piece.hexadecimal(&mut text, bytes, total, (ROW, self.view.page.columns));
        }
        text
    }

    fn datagram(&self, left: &str, way: Way, bytes: &[u8], fate: &str) -> String {
        let verb = "datagram ";
        let room = self.view.page.columns.saturating_sub(LEFT + verb.len() + width(fate));
        let row = self.bytes(left, verb, &format!("{}{fate}", fitted(bytes, bytes.len(), room)));
        if !self.view.wire || fate == ", held back" {
            return row;
        }
        row + &self.names(&self.streams.datagram(way, bytes), bytes, bytes.len())
    }
}
