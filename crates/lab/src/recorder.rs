//! Takes the record down, from many threads, in one order.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::parts::{Cast, Way, Who};
use crate::record::{Event, Record, Stream, What};

/// At most so many payload bytes are kept for one performance; beyond that they are only counted.
const BYTES_KEPT: usize = 4 * 1024 * 1024;
/// At most so many lines of one actor are kept; beyond that they are only counted.
const LINES_KEPT: usize = 400;

/// Takes down what happens, from many threads, until the curtain falls.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<(Mutex<Open>, Condvar)>);

struct Open {
    record: Record,
    kept: usize,
    names: Vec<(String, String)>,
    curtain: bool,
}

impl Recorder {
    pub(crate) fn new(cast: Cast) -> Recorder {
        let record = Record { cast, events: Vec::new(), lockstep: false };
        Recorder(Arc::new((Mutex::new(Open { record, kept: 0, names: Vec::new(), curtain: false }), Condvar::new())))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        open.record.events.push(Event { who, connection, what });
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
                open.record.events.push(Event { who, connection: Some(connection), what });
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
    }

    pub(crate) fn add_line(&self, who: Who, stream: Stream, text: &str) {
        let mut open = self.lock();
        if open.curtain {
            return;
        }
        let printed = open.record.events.iter().filter(|e| e.who == who && matches!(e.what, What::Line(..))).count();
        if printed < LINES_KEPT {
            let mut text = without_place(&without_thread_number(text));
            for (address, name) in &open.names {
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

/// A panic inside the standard library without the place, which differs with every toolchain.
fn without_place(line: &str) -> String {
    match line.split_once(" panicked at ") {
        Some((thread, place)) if place.replace('\\', "/").contains("/library/") => {
            format!("{thread} panicked in the standard library:")
        }
        _ => line.to_string(),
    }
}
