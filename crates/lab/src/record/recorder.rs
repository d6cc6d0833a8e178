//! Takes down what happens on a stage: within limits, and in words that are the same in every run.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel;
use crate::poll::{Waiting, until};
use crate::record::{Cast, Event, Record, Stream, Tail, Way, What, Who};

/// At most so many payload bytes are kept for one performance; beyond that they are only counted.
const BYTES_KEPT: usize = 4 * 1024 * 1024;
/// The first lines of one actor that are kept; beyond that one event says that there were more.
const LINES_KEPT: usize = 400;
/// The last lines of each stream that are kept beyond those.
const LAST_LINES_KEPT: usize = 100;
/// More lines than any program needs for a play.
const ENDLESS: usize = 10_000;
/// Who has printed more than is kept, and prints [`STILL_PRINTED`] more lines in this time when the play is over and nothing
/// is under way, prints without end.
const STILL_PRINTING: Duration = Duration::from_millis(100);
/// See [`STILL_PRINTING`]: one line may have been in the pipe.
const STILL_PRINTED: usize = 3;
/// At most so many events of connections are kept; beyond that one event says that there were more.
const EVENTS_KEPT: usize = 200_000;

/// Takes down what happens, from many threads, until the curtain falls.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<(Mutex<Open>, Condvar)>);

type Listener = Box<dyn Fn(&Event) + Send>;

struct Open {
    record: Record,
    /// Payload bytes in `record`.
    kept: usize,
    /// More happened on connections than is kept.
    overflowed: bool,
    names: Vec<(String, String)>,
    /// How many lines each actor has printed.
    printed: BTreeMap<Who, usize>,
    curtain: bool,
    /// How often something was put on the record.
    moves: u64,
    /// Is told of everything as it happens.
    listener: Option<Listener>,
}

impl Open {
    fn tell(&self, who: Who, connection: Option<usize>, what: &What) {
        if let Some(listener) = &self.listener {
            listener(&Event { who, connection, what: what.clone() });
        }
    }

    /// Puts an event of a connection on the record, as long as there is room for such.
    fn push(&mut self, who: Who, connection: usize, what: What) {
        let payload = match &what {
            What::Datagram { bytes, .. } | What::Lost { bytes, .. } | What::HeldBack { bytes, .. } => bytes.len(),
            What::Inserted { bytes, .. } | What::Dropped { bytes, .. } => bytes.len(),
            _ => 0,
        };
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

impl Open {
    /// A line as every run tells it, as far as the names are known by now.
    fn as_told(&self, line: &str) -> String {
        let mut text = without_place(&without_thread_number(line));
        // A later server may get the port of an earlier one, and the stage has to read its address.
        let names = if text.starts_with("listening on ") { &[][..] } else { &self.names[..] };
        for (address, name) in names {
            text = with_name(&text, address, name);
        }
        text
    }

    /// A line beyond those that are events.
    fn keep_last(&mut self, who: Who, stream: Stream, line: &str) {
        let tails = &mut self.record.tails;
        let place = tails.iter().position(|tail| (tail.who, tail.stream) == (who, stream)).unwrap_or_else(|| {
            tails.push(Tail { who, stream, left_out: 0, lines: VecDeque::new() });
            tails.len() - 1
        });
        let tail = &mut tails[place];
        if tail.lines.len() == LAST_LINES_KEPT {
            tail.lines.pop_front();
            tail.left_out += 1;
        }
        tail.lines.push_back(line.to_string());
    }
}

impl Recorder {
    pub(crate) fn new(cast: Cast) -> Recorder {
        let record = Record {
            cast,
            events: Vec::new(),
            lockstep: false,
            uncounted: false,
            ends: Vec::new(),
            varying: &[],
            tails: Vec::new(),
            endless: Vec::new(),
        };
        let (names, printed) = (Vec::new(), BTreeMap::new());
        let open =
            Open { record, kept: 0, overflowed: false, names, printed, curtain: false, moves: 0, listener: None };
        Recorder(Arc::new((Mutex::new(open), Condvar::new())))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on this is told of everything as it happens, bytes as they go on.
    pub(crate) fn listen(&self, listener: impl Fn(&Event) + Send + 'static) {
        self.lock().listener = Some(Box::new(listener));
    }

    /// The number of a connection that has just been made.
    pub(crate) fn connection(&self, client: Who, server: Who) -> usize {
        let ends = &mut self.lock().record.ends;
        ends.push([client, server]);
        ends.len()
    }

    /// From now on `address` is told as `name`, so that every run tells the same text.
    pub(crate) fn call(&self, address: SocketAddr, name: &str) {
        let address = address.to_string();
        let mut open = self.lock();
        for event in &mut open.record.events {
            if let What::Line(_, text) = &mut event.what {
                *text = with_name(text, &address, name);
            }
        }
        open.names.push((address, name.to_string()));
    }

    pub(crate) fn add(&self, who: Who, connection: Option<usize>, what: What) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        open.tell(who, connection, &what);
        match connection {
            Some(connection) => open.push(who, connection, what),
            None => open.record.events.push(Event { who, connection, what }),
        }
        open.moves += 1;
        drop(open);
        self.0.1.notify_all();
    }

    /// Bytes that went on; adjacent ones of one direction are one event.
    pub(crate) fn add_bytes(&self, who: Who, connection: usize, way: Way, new: &[u8]) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        if open.listener.is_some() {
            open.tell(who, Some(connection), &What::Bytes { way, bytes: new.to_vec(), total: new.len() });
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
        open.moves += 1;
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
        open.tell(who, Some(connection), &What::Gate { way });
        let events = &mut open.record.events;
        let sent = |event: &Event| {
            let bytes = |what: &What| match what {
                What::Bytes { way, .. } | What::Inserted { way, .. } => Some(*way),
                _ => None,
            };
            event.connection == Some(connection) && bytes(&event.what) == Some(way)
        };
        let place = events.iter().rposition(sent).map_or(events.len(), |place| place + 1);
        events.insert(place, Event { who, connection: Some(connection), what: What::Gate { way } });
        open.moves += 1;
        drop(open);
        self.0.1.notify_all();
    }

    pub(crate) fn add_line(&self, who: Who, stream: Stream, text: &str) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        let printed = open.printed.entry(who).or_default();
        *printed += 1;
        match *printed {
            printed if printed <= LINES_KEPT => {
                let text = open.as_told(text);
                open.record.events.push(Event { who, connection: None, what: What::Line(stream, text) });
                open.moves += 1;
            }
            printed => {
                if printed == LINES_KEPT + 1 {
                    open.record.events.push(Event { who, connection: None, what: What::MoreLines });
                    open.moves += 1;
                }
                if printed == ENDLESS + 1 {
                    open.record.endless.push(who);
                }
                // No move: a program that does nothing but print does nothing.
                open.keep_last(who, stream, text);
            }
        }
        drop(open);
        self.0.1.notify_all();
    }

    /// Waits until `found` is true of the record so far; false when the time is up.
    pub(crate) fn wait(&self, within: Duration, found: impl Fn(&Record) -> bool) -> bool {
        /// Between two looks where nothing new comes on the record.
        const PAUSE: Duration = Duration::from_millis(20);
        let mut waiting = Waiting::with_looks_every(PAUSE);
        let mut open = self.lock();
        while !found(&open.record) {
            if waiting.look() >= within {
                return false;
            }
            open = self.0.1.wait_timeout(open, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// See [`crate::Stage::varying`].
    pub(crate) fn varying(&self, names: &'static [&'static str]) {
        self.lock().record.varying = names;
    }

    pub(crate) fn do_not_count(&self) {
        self.lock().record.uncounted = true;
    }

    pub(crate) fn in_lockstep(&self) {
        self.lock().record.lockstep = true;
    }

    /// A number that grows with everything that is put on the record.
    pub(crate) fn moves(&self) -> u64 {
        self.lock().moves
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.lock().record)
    }

    /// Nothing that happens from now on belongs to the play.
    pub(crate) fn curtain(&self) -> Record {
        self.find_endless();
        let mut open = self.lock();
        open.curtain = true;
        let chosen = kernel::chosen_ports();
        for place in 0..open.record.tails.len() {
            let lines: VecDeque<String> =
                open.record.tails[place].lines.iter().map(|line| without_port(&open.as_told(line), &chosen)).collect();
            open.record.tails[place].lines = lines;
        }
        for event in &mut open.record.events {
            if let What::Line(_, text) = &mut event.what {
                *text = without_port(text, &chosen);
            }
        }
        open.record.clone()
    }
}

impl Recorder {
    /// Looks who of those that have printed more than is kept goes on printing although the play is over.
    fn find_endless(&self) {
        let open = self.lock();
        let ended = |who: Who| open.record.exit(who).is_some() || open.record.endless.contains(&who);
        let talkers = open.printed.iter().filter(|(who, printed)| **printed > LINES_KEPT && !ended(**who));
        let before: Vec<(Who, usize)> = talkers.map(|(who, printed)| (*who, *printed)).collect();
        if open.curtain || before.is_empty() {
            return;
        }
        drop(open);
        let goes_on = |(who, before): &&(Who, usize)| {
            self.lock().printed.get(who).is_some_and(|now| *now >= before + STILL_PRINTED)
        };
        until(STILL_PRINTING, || before.iter().all(|talker| goes_on(&talker)));
        let endless: Vec<Who> = before.iter().filter(goes_on).map(|(who, _)| *who).collect();
        self.lock().record.endless.extend(endless);
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

/// A line in which an address is called by a name. A longer port that begins with the same digits is another one.
fn with_name(line: &str, address: &str, name: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(address) {
        let another = after.starts_with(|c: char| c.is_ascii_digit());
        text += before;
        text += if another { address } else { name };
        rest = after;
    }
    text + rest
}

/// An address with a port that the kernel chose belongs to a client that connected by itself, without the relay; the
/// number differs in every run.
fn without_port(line: &str, chosen: &RangeInclusive<u16>) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("127.0.0.1:") {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let chosen = after[..end].parse::<u16>().is_ok_and(|port| chosen.contains(&port));
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
    use crate::record::{CLIENT, Exit, SERVER};

    #[test]
    fn the_first_and_the_last_lines_are_kept_of_each_stream() {
        let recorder = Recorder::new(Cast::Broken);
        recorder.add_line(SERVER, Stream::Err, "a warning");
        for number in 1..=2000 {
            recorder.add_line(SERVER, Stream::Out, &format!("line {number}"));
        }
        recorder.call(([127, 0, 0, 1], 4000).into(), "<server>");
        recorder.add_line(SERVER, Stream::Err, "error: 127.0.0.1:4000 is gone");
        recorder.add(SERVER, None, What::Exit(Exit::Status(1)));
        let record = recorder.curtain();
        assert_eq!(record.complaints(SERVER), ["a warning", "error: <server> is gone"]);
        let lines = record.lines(SERVER);
        assert_eq!((lines.len(), lines[0], lines[398], lines[399], lines[498]), {
            (399 + 100, "line 1", "line 399", "line 1901", "line 2000")
        });
        let left_out: Vec<usize> = record.tails.iter().map(|tail| tail.left_out).collect();
        assert_eq!(left_out, [1501, 0]);
    }

    #[test]
    fn who_printed_much_and_stopped_does_not_print_without_end() {
        for (lines, endless) in [(400, false), (401, false), (10_000, false), (10_001, true)] {
            let recorder = Recorder::new(Cast::Broken);
            (0..lines).for_each(|_| recorder.add_line(SERVER, Stream::Out, "again"));
            assert_eq!(recorder.curtain().prints_on(SERVER), endless, "{lines} lines");
        }
    }

    #[test]
    fn who_still_prints_when_the_play_is_over_prints_without_end() {
        let recorder = Recorder::new(Cast::Broken);
        (0..401).for_each(|_| recorder.add_line(SERVER, Stream::Out, "again"));
        let printing = recorder.clone();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let printer = std::thread::spawn(move || {
            while stopped.recv_timeout(Duration::from_millis(1)).is_err() {
                printing.add_line(SERVER, Stream::Out, "again");
            }
        });
        let record = recorder.curtain();
        stop.send(()).expect("it prints until it is told to stop");
        printer.join().expect("no panic");
        assert!(record.prints_on(SERVER));
        assert!(!record.prints_on(CLIENT));
    }

    #[test]
    fn only_ports_that_the_kernel_chose_are_told_as_a_client() {
        let line = "127.0.0.1:15690 connected, then 127.0.0.1:32001, at 127.0.0.1:8080";
        assert_eq!(
            without_port(line, &(15_000..=32_000)),
            "<client> connected, then 127.0.0.1:32001, at 127.0.0.1:8080"
        );
        assert_eq!(without_port(line, &(32_768..=60_999)), line);
        assert!(!kernel::chosen_ports().is_empty());
    }

    #[test]
    fn an_address_is_no_part_of_a_longer_one() {
        let line = "127.0.0.1:1569 asks 127.0.0.1:15690";
        assert_eq!(with_name(line, "127.0.0.1:1569", "<client>"), "<client> asks 127.0.0.1:15690");
    }

    #[test]
    fn what_one_record_keeps_has_a_limit() {
        let recorder = Recorder::new(Cast::Broken);
        let connection = recorder.connection(CLIENT, SERVER);
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
