//! One command, from its start to its end.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::spool::Spool;
use super::wire::{End, MOST_OUTPUT};

/// While the command runs, the client is looked after this often.
const LOOK: Duration = Duration::from_millis(50);
/// How long a killed command may take to be gone.
const LAST_BREATH: Duration = Duration::from_secs(5);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) end: End,
    pub(crate) stdout: Spool,
    pub(crate) stderr: Spool,
}

/// Why there is no output.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It could not be started.
    Start(io::Error),
    /// It was ended: it wrote more than [`MOST_OUTPUT`].
    TooMuch,
    /// It was ended: it, or what it had started, was still there at the deadline.
    Late(Duration),
    /// It was ended: nobody waits for it any more.
    Gone,
    /// It was ended: its output could not be read or kept.
    Io(io::Error),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Start(error) => write!(f, "the program cannot be started: {error}"),
            Trouble::TooMuch => write!(f, "the command wrote more than {MOST_OUTPUT} bytes and was ended"),
            Trouble::Late(time) => write!(f, "the command did not end within {time:?} and was ended"),
            Trouble::Gone => write!(f, "the connection broke while the command ran, and the command was ended"),
            Trouble::Io(error) => write!(f, "the output could not be taken, and the command was ended: {error}"),
        }
    }
}

enum Event {
    Exit(io::Result<ExitStatus>),
    Stdout(Result<Spool, Trouble>),
    Stderr(Result<Spool, Trouble>),
}

/// The group of the command that runs now.
static RUNNING: Mutex<Option<u32>> = Mutex::new(None);

fn running() -> MutexGuard<'static, Option<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the command that runs now, if there is one, with everything it started. For the time when the server itself is
/// told to end.
pub(crate) fn end_running() {
    if let Some(group) = *running() {
        kill_group(group);
    }
}

/// Runs a program with its arguments and waits for its end.
///
/// Its standard input is empty: a program that reads it finds the end at once. Both outputs are read at the same time,
/// each by a thread: a pipe that nobody reads fills up (65,536 bytes on Linux, pipe(7)) and stops the program. It runs
/// in a process group of its own, and the group is ended with it, at the deadline, and when `gone` says that nobody
/// waits for it. `gone` is asked every 50 milliseconds.
///
/// # Errors
///
/// See [`Trouble`]. Nothing of the group is left running then.
pub(crate) fn run(command: &[String], deadline: Duration, mut gone: impl FnMut() -> bool) -> Result<Output, Trouble> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Trouble::Start(io::ErrorKind::InvalidInput.into()));
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    own_group(&mut command);
    let until = Instant::now() + deadline;
    let mut slot = running();
    let child = command.spawn().map_err(Trouble::Start)?;
    let group = child.id();
    *slot = Some(group);
    drop(slot);

    let (events, happened) = mpsc::channel();
    if let Err(error) = watch(child, &events) {
        kill_group(group);
        *running() = None;
        return Err(Trouble::Start(error));
    }
    drop(events);

    let (mut end, mut stdout, mut stderr) = (None, None, None);
    let mut trouble = None;
    let mut give_up = until;
    loop {
        if let (Some(end), Some(stdout), Some(stderr)) = (&end, &mut stdout, &mut stderr) {
            *running() = None;
            let output = Output { end: *end, stdout: std::mem::take(stdout), stderr: std::mem::take(stderr) };
            return trouble.map_or(Ok(output), Err);
        }
        let wait = give_up.saturating_duration_since(Instant::now()).min(LOOK);
        let fault = match happened.recv_timeout(wait) {
            Ok(Event::Exit(Ok(status))) => {
                // What it started and left behind still holds the pipes.
                kill_group(group);
                end = Some(end_of(status));
                None
            }
            Ok(Event::Stdout(Ok(spool))) => {
                stdout = Some(spool);
                None
            }
            Ok(Event::Stderr(Ok(spool))) => {
                stderr = Some(spool);
                None
            }
            Ok(Event::Stdout(Err(fault))) => {
                stdout = Some(Spool::default());
                Some(fault)
            }
            Ok(Event::Stderr(Err(fault))) => {
                stderr = Some(Spool::default());
                Some(fault)
            }
            Ok(Event::Exit(Err(error))) => Some(Trouble::Io(error)),
            Err(RecvTimeoutError::Disconnected) => Some(Trouble::Io(io::ErrorKind::BrokenPipe.into())),
            Err(RecvTimeoutError::Timeout) if Instant::now() >= give_up => match trouble.take() {
                None => Some(Trouble::Late(deadline)),
                // It does not even die, or something outside its group holds a pipe: it is left alone.
                Some(trouble) => {
                    *running() = None;
                    return Err(trouble);
                }
            },
            Err(RecvTimeoutError::Timeout) => (trouble.is_none() && gone()).then_some(Trouble::Gone),
        };
        if let Some(fault) = fault {
            kill_group(group);
            if trouble.is_none() {
                give_up = Instant::now() + LAST_BREATH;
                trouble = Some(fault);
            }
        }
    }
}

/// Reads both outputs and waits for the end, each in a thread: what happens is sent to `events`.
///
/// # Errors
///
/// The system gives no thread. The child has been killed and its status taken then.
fn watch(mut child: Child, events: &Sender<Event>) -> io::Result<()> {
    let room = Arc::new(AtomicU64::new(MOST_OUTPUT));
    let start = |event: Box<dyn FnOnce() -> Event + Send>| {
        let events = events.clone();
        // Nobody listens any more when the command was given up.
        thread::Builder::new().spawn(move || events.send(event())).map(drop)
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // What a thread that cannot be started was to do is gone with it, so the child is beside it.
    let child = Arc::new(Mutex::new(child));
    let (its_child, its_room) = (child.clone(), room.clone());
    let started = stdout
        .map_or(Ok(()), |pipe| start(Box::new(move || Event::Stdout(gather(pipe, &its_room)))))
        .and_then(|()| stderr.map_or(Ok(()), |pipe| start(Box::new(move || Event::Stderr(gather(pipe, &room))))))
        .and_then(|()| start(Box::new(move || Event::Exit(lock(&its_child).wait()))));
    if started.is_err() {
        let mut child = lock(&child);
        let _ = child.kill().and_then(|()| child.wait());
    }
    started
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a pipe to its end, as long as there is room.
fn gather(mut pipe: impl Read, room: &AtomicU64) -> Result<Spool, Trouble> {
    let mut spool = Spool::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        #[expect(clippy::disallowed_methods, reason = "takes any part of the output as it comes, until its end")]
        let got = match pipe.read(&mut buffer) {
            Ok(0) => return Ok(spool),
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Trouble::Io(error)),
        };
        let take = |room: u64| room.checked_sub(got as u64);
        if room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Err(Trouble::TooMuch);
        }
        spool.append(&buffer[..got]).map_err(Trouble::Io)?;
    }
}

fn end_of(status: ExitStatus) -> End {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return End::Signal(signal);
    }
    End::Status(status.code().unwrap_or(-1))
}

fn own_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
    }
}

#[cfg(unix)]
fn kill_group(group: u32) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    if let Ok(group) = i32::try_from(group) {
        // ESRCH: it has already gone.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill_group(process: u32) {
    let process = process.to_string();
    let mut command = Command::new("taskkill");
    command.args(["/T", "/F", "/PID", &process]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It fails when the process has already gone.
    let _ = command.status();
}
