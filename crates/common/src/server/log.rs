use std::collections::VecDeque;
use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// Lines that wait to be written, at most, and their bytes, at most.
const MOST_LINES: usize = 4096;
const MOST_BYTES: usize = 1024 * 1024;

/// Lines of a log, written by a thread of their own.
///
/// Whoever writes to a pipe or a terminal waits until somebody reads: a stuck reader of the log would stop the server. Here
/// [`Log::say`] never waits. When 4096 lines or 1 MiB are waiting, further ones are dropped and counted, and once the reader
/// goes on, a line says how many. What cannot be written (the reader has gone, the disk is full) is dropped and counted as
/// well; it neither panics nor ends the server.
#[derive(Clone)]
pub struct Log(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    waiting: VecDeque<String>,
    bytes: usize,
    dropped: u64,
    /// The thread has taken lines that it has not written yet.
    writing: bool,
}

impl Log {
    /// Starts the thread that writes to `out`. It runs as long as the process.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start(out: impl Write + Send + 'static) -> io::Result<Log> {
        let log = Log(Arc::default());
        let its = log.clone();
        thread::Builder::new().name("log".to_string()).spawn(move || its.write_to(out))?;
        Ok(log)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One line, without its end. Never waits.
    pub fn say(&self, line: impl Display) {
        let line = format!("{line}\n");
        let mut state = self.lock();
        if state.waiting.len() >= MOST_LINES || state.bytes + line.len() > MOST_BYTES {
            state.dropped += 1;
            return;
        }
        state.bytes += line.len();
        state.waiting.push_back(line);
        drop(state);
        self.0.1.notify_all();
    }

    /// Waits until every line has been written or dropped, for at most `time`: to be called before the process ends.
    /// Whether that is so.
    pub fn flush(&self, time: Duration) -> bool {
        let busy = |state: &mut State| state.writing || !state.waiting.is_empty();
        let (state, _) = self.0.1.wait_timeout_while(self.lock(), time, busy).unwrap_or_else(PoisonError::into_inner);
        !state.writing && state.waiting.is_empty()
    }

    fn write_to(&self, mut out: impl Write) {
        let mut write = |text: &str| out.write_all(text.as_bytes()).and_then(|()| out.flush());
        let gap = |lost: u64| match lost {
            0 => String::new(),
            1 => "(1 line of this log was lost)\n".to_string(),
            _ => format!("({lost} lines of this log were lost)\n"),
        };
        let mut lost = 0;
        loop {
            let nothing = |state: &mut State| state.waiting.is_empty();
            let mut state = self.0.1.wait_while(self.lock(), nothing).unwrap_or_else(PoisonError::into_inner);
            state.writing = true;
            let lines = std::mem::take(&mut state.waiting);
            state.bytes = 0;
            // They came after those that had room.
            let dropped = std::mem::take(&mut state.dropped);
            drop(state);
            for line in &lines {
                match write(&(gap(lost) + line)) {
                    Ok(()) => lost = 0,
                    Err(_) => lost += 1,
                }
            }
            lost += dropped;
            if dropped > 0 && write(&gap(lost)).is_ok() {
                lost = 0;
            }
            self.lock().writing = false;
            self.0.1.notify_all();
        }
    }
}

/// One line on standard output, by a [`Log`] of this process that the first call starts. Never waits; where the system gives
/// no thread for it, nothing is written.
pub fn say(line: impl Display) {
    if let Some(log) = standard() {
        log.say(line);
    }
}

/// Waits until what was given to [`say`] is written or dropped, for at most `time`: to be called before the process ends.
/// Whether that is so.
pub fn flush(time: Duration) -> bool {
    standard().is_none_or(|log| log.flush(time))
}

/// The log of [`say`].
fn standard() -> Option<&'static Log> {
    static LOG: OnceLock<Option<Log>> = OnceLock::new();
    LOG.get_or_init(|| Log::start(io::stdout()).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A reader of the log that takes a line only when it is told to.
    struct Stuck {
        goes_on: mpsc::Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // Without its sender it is not stuck any more.
            let _ = self.goes_on.recv();
            self.written.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_is_stuck_stops_nobody_and_is_told_what_it_missed() {
        let (go_on, goes_on) = mpsc::channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let log = Log::start(Stuck { goes_on, written: written.clone() }).expect("a thread");
        for number in 0..3 * MOST_LINES {
            log.say(number);
        }
        assert!(!log.flush(Duration::ZERO));
        drop(go_on);
        assert!(log.flush(Duration::from_secs(60)));
        log.say("after");
        assert!(log.flush(Duration::from_secs(60)));
        let text = String::from_utf8(written.lock().expect("no panic").clone()).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.starts_with(&["0", "1", "2"]), "{:?}", &lines[..3]);
        let gap = lines.iter().position(|line| line.ends_with("lines of this log were lost)")).expect("a gap");
        let lost: usize = lines[gap][1..].split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
        // The thread may have taken a first line before the queue was full.
        let written = lines.iter().filter(|line| line.parse::<usize>().is_ok()).count();
        let gaps = lines.iter().filter(|line| line.starts_with('(')).count();
        assert!(lines.ends_with(&["after"]) && gap > MOST_LINES / 2);
        assert!(gaps > 1 || written + lost == 3 * MOST_LINES, "each line is written or counted");
    }

    #[test]
    fn lines_that_cannot_be_written_are_counted() {
        /// A disk that is full for a while.
        struct Disk(u32, Arc<Mutex<Vec<u8>>>);
        impl Write for Disk {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += 1;
                if self.0 <= 2 {
                    return Err(io::ErrorKind::StorageFull.into());
                }
                self.1.lock().expect("no panic").extend_from_slice(bytes);
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let written = Arc::default();
        let log = Log::start(Disk(0, Arc::clone(&written))).expect("a thread");
        for line in ["a", "b", "c"] {
            log.say(line);
            assert!(log.flush(Duration::from_secs(60)));
        }
        assert_eq!(&*written.lock().expect("no panic"), b"(2 lines of this log were lost)\nc\n");
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_share() {
        let (go_on, goes_on) = mpsc::channel();
        let log = Log::start(Stuck { goes_on, written: Arc::default() }).expect("a thread");
        let long = "x".repeat(MOST_BYTES / 2);
        (0..10).for_each(|_| log.say(&long));
        assert!(log.lock().bytes <= MOST_BYTES);
        drop(go_on);
    }
}
