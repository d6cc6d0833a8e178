//! Takes down what happens on a stage: within limits, and in words that are the same in every run.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel;
use crate::poll::Waiting;
use crate::record::{Cast, Event, Record, Stream, Way, What, Who};

/// At most so many payload bytes are kept for one performance; beyond that they are only counted.
const BYTES_KEPT: usize = 4 * 1024 * 1024;
/// At most so many lines of one actor are kept; beyond that one event says that there were more.
const LINES_KEPT: usize = 400;
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

impl Recorder {
    pub(crate) fn new(cast: Cast) -> Recorder {
        let record =
            Record { cast, events: Vec::new(), lockstep: false, uncounted: false, ends: Vec::new(), varying: &[] };
        let names = Vec::new();
        let open = Open { record, kept: 0, overflowed: false, names, curtain: false, moves: 0, listener: None };
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
        let printed = open.record.events.iter().filter(|e| e.who == who && matches!(e.what, What::Line(..))).count();
        if printed < LINES_KEPT {
            let mut text = without_place(&without_thread_number(text));
            // A later server may get the port of an earlier one, and the stage has to read its address.
            let names = if text.starts_with("listening on ") { &[][..] } else { &open.names[..] };
            for (address, name) in names {
                text = with_name(&text, address, name);
            }
            open.record.events.push(Event { who, connection: None, what: What::Line(stream, text) });
        } else if printed == LINES_KEPT && !open.record.events.iter().any(|e| e.who == who && e.what == What::MoreLines)
        {
            open.record.events.push(Event { who, connection: None, what: What::MoreLines });
        } else {
            return;
        }
        open.moves += 1;
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
        let mut open = self.lock();
        open.curtain = true;
        for event in &mut open.record.events {
            if let What::Line(_, text) = &mut event.what {
                *text = without_port(text, &kernel::chosen_ports());
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
