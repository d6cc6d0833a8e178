//! A process for each client: this program again, its standard input the connection, as inetd(8) does it.
//!
//! Nothing is shared, so nothing that goes wrong in one conversation can harm another, not even a memory fault. It is the
//! dearest form: measured here, a process takes some twenty times the memory of a thread and of the time to start one.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use common::server::{Client, Permit, say};
use mio::unix::pipe;
use mio::{Events, Interest, Poll, Token, Waker};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::shared::Server;

const WAKE: Token = Token(usize::MAX);
const EVENTS: usize = 256;
/// The longest last line of a child, bytes.
const LINE: usize = 1024;
/// A child that was told to stop and has not ended after so long is killed.
const LAST_BREATH: Duration = Duration::from_secs(4);

/// The way to the thread that looks after the children.
pub(super) struct Processes {
    started: Sender<Running>,
    pub(super) waker: Arc<Waker>,
}

/// One child. It holds a permit until it has ended and its status has been taken: until then it is a process, if only a
/// zombie.
struct Running {
    child: Child,
    address: SocketAddr,
    permit: Permit,
    /// Ends when the child does.
    output: pipe::Receiver,
    said: Vec<u8>,
}

impl Processes {
    /// Starts the thread that looks after the children.
    ///
    /// # Errors
    ///
    /// The system gives no thread, or no descriptors.
    pub(super) fn start(server: &Arc<Server>) -> io::Result<Processes> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (started, starting) = mpsc::channel();
        let server = server.clone();
        thread::Builder::new().name("children".to_string()).spawn(move || {
            if let Err(error) = look_after(&server, poll, &starting) {
                say(format_args!("the children cannot be looked after any more: {error}"));
                process::exit(1);
            }
        })?;
        Ok(Processes { started, waker })
    }

    /// Starts a child and gives it the connection.
    ///
    /// # Errors
    ///
    /// The system gives no process, or no descriptors: the client comes back.
    pub(super) fn serve(&self, server: &Server, client: Client) -> Result<(), (Client, io::Error)> {
        let (child, output) = match start(server, &client) {
            Ok(started) => started,
            Err(error) => return Err((client, error)),
        };
        // The child has a copy; with this one open, its end would not be the end of the connection.
        let Client { stream, address, permit } = client;
        drop(stream);
        // The other end is there as long as the process.
        let _ = self.started.send(Running { child, address, permit, output, said: Vec::new() });
        let _ = self.waker.wake();
        Ok(())
    }
}

fn start(server: &Server, client: &Client) -> io::Result<(Child, pipe::Receiver)> {
    // A rebuild while the server runs takes its file away, but not from here.
    let ourselves = Path::new("/proc/self/exe");
    let program = if ourselves.exists() { ourselves.to_path_buf() } else { std::env::current_exe()? };
    let seconds = |time: Duration| time.as_secs_f64().to_string();
    let limits = server.limits;
    let mut command = Command::new(program);
    command.args(["converse", "--idle", &seconds(limits.idle), "--session", &seconds(limits.session)]);
    command.args(limits.lines.then_some("--lines"));
    // Every other descriptor of this server is closed in the child: std opens all of them close-on-exec.
    command.stdin(Stdio::from(OwnedFd::from(client.stream.try_clone()?))).stdout(Stdio::piped());
    let mut child = command.spawn()?;
    let output = child.stdout.take().ok_or_else(|| io::Error::other("a child without its output"))?;
    Ok((child, output.into()))
}

fn look_after(server: &Server, mut poll: Poll, starting: &Receiver<Running>) -> io::Result<()> {
    let mut children: HashMap<Token, Running> = HashMap::new();
    let mut last = 0;
    let mut events = Events::with_capacity(EVENTS);
    let mut told = None;
    loop {
        for mut running in starting.try_iter() {
            last = (last + 1) % WAKE.0;
            running.output.set_nonblocking(true)?;
            poll.registry().register(&mut running.output, Token(last), Interest::READABLE)?;
            if told.is_some() {
                running.send(Signal::SIGTERM);
            }
            children.insert(Token(last), running);
        }
        if server.permits.is_stopping() && told.is_none() {
            told = Some(Instant::now());
            children.values().for_each(|running| running.send(Signal::SIGTERM));
        }
        if told.is_some_and(|told| told.elapsed() >= LAST_BREATH) {
            children.values().for_each(|running| running.send(Signal::SIGKILL));
        }
        match poll.poll(&mut events, told.map(|_| Duration::from_millis(500))) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        }
        for event in &events {
            if let Some(running) = children.get_mut(&event.token())
                && running.has_ended()
                && let Some(running) = children.remove(&event.token())
            {
                running.reap();
            }
        }
    }
}

impl Running {
    /// It has not been waited for, so its number is still its own. An error: it has ended by itself.
    fn send(&self, signal: Signal) {
        if let Ok(process) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(process), signal);
        }
    }

    /// Takes what it said. Whether there will be no more.
    fn has_ended(&mut self) -> bool {
        let mut buffer = [0; LINE];
        loop {
            #[expect(clippy::disallowed_methods, reason = "takes what there is, until there is none")]
            match self.output.read(&mut buffer) {
                Ok(0) => return true,
                Ok(got) => self.said.extend_from_slice(&buffer[..got.min(LINE.saturating_sub(self.said.len()))]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return error.kind() != ErrorKind::WouldBlock,
            }
        }
    }

    /// Takes its status, so that the system can forget it.
    fn reap(self) {
        let Running { mut child, address, permit, output, said } = self;
        let status = child.wait();
        permit.leave(|| {
            drop(output);
            let line = String::from_utf8_lossy(&said);
            match (status, line.strip_suffix('\n')) {
                (Ok(status), Some(line)) if status.success() => say(format_args!("{address} {line}")),
                (Ok(status), _) => say(format_args!("{address} was cut off: its process ended with {status}")),
                (Err(error), _) => say(format_args!("{address} is over, how its process ended is not known: {error}")),
            }
        });
    }
}
