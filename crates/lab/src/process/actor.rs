//! Actors are real processes: the very commands that a learner types in two terminals.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Context;

use crate::kernel;
use crate::process::descriptors;
use crate::process::launch::CommandLine;
use crate::process::{group, guard};
use crate::record::recorder::Recorder;
use crate::record::{Exit, Stream, What, Who};
use crate::watch::Watch;

/// A longer line is told in pieces of this many bytes.
const LONGEST_LINE: u64 = 4096;

/// A program that reads its input takes what is typed at once. After so long it is typed on, but not waited for.
const TYPING: Duration = Duration::from_secs(2);

/// The environment variable that marks an actor and whatever it starts.
const ACTOR: &str = "LAB_ACTOR";
/// Actors started by this lab so far.
static STARTED: AtomicU64 = AtomicU64::new(0);

/// A process on the stage. Dropping it kills it and everything it started.
pub(crate) struct Actor {
    pub(crate) who: Who,
    child: Child,
    stdin: Option<Input>,
    output_ended: Receiver<()>,
    recorder: Recorder,
    exit: Option<Exit>,
    /// What it started may outlive it, until the play is over.
    pub(crate) leaves_children: bool,
    /// What it and all that it starts have in their environment.
    mark: String,
}

impl Actor {
    /// Starts a process in a group of its own, known to the guard, its output going to the record.
    ///
    /// # Errors
    ///
    /// The command does not exist or may not be run: the message names it.
    pub(crate) fn start(who: Who, line: &CommandLine, recorder: &Recorder, watch: &Watch) -> anyhow::Result<Actor> {
        let guard = guard::raise().context("cannot start the process that cleans up after the lab")?;
        let mut command = Command::new(&line.program);
        command.args(&line.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        clean_environment(&mut command);
        let mark = format!("{}-{}", guard.mark(), STARTED.fetch_add(1, Ordering::Relaxed));
        command.env(guard::MARK, guard.mark()).env(ACTOR, &mark);
        group::own_group(&mut command);
        let mut child = descriptors::start(&mut command).map_err(|error| {
            let cannot = line.cannot_run(&error);
            anyhow::Error::from(error).context(cannot)
        })?;
        guard.watch(child.id());
        let (ended, output_ended) = mpsc::channel();
        let (stdin, out, err) = (child.stdin.take().map(Input::Idle), child.stdout.take(), child.stderr.take());
        let recorder = recorder.clone();
        // From here on whatever goes wrong ends the process.
        let actor = Actor { who, child, stdin, output_ended, recorder, exit: None, leaves_children: false, mark };
        if let Some(out) = out {
            listen(who, Stream::Out, out, actor.recorder.clone(), ended.clone(), watch)?;
        }
        if let Some(err) = err {
            listen(who, Stream::Err, err, actor.recorder.clone(), ended, watch)?;
        }
        watch.process(actor.process());
        Ok(actor)
    }

    /// How many processes live that this one has started, directly or not; `None` where this system does not tell.
    pub(crate) fn started_and_living(&self) -> Option<usize> {
        let marked = kernel::carrying(&format!("{ACTOR}={}", self.mark))?;
        Some(marked.into_iter().filter(|process| *process != self.child.id()).count())
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Gives a line on standard input. A program that has already gone does not mind.
    ///
    /// # Errors
    ///
    /// There is no room for another thread.
    pub(crate) fn type_line(&mut self, text: &str) -> anyhow::Result<()> {
        self.stdin = match self.stdin.take() {
            Some(Input::Idle(pipe)) => Some(Input::Typist(Typist::start(pipe)?)),
            other => other,
        };
        if let Some(Input::Typist(typist)) = &mut self.stdin {
            typist.hand(Some(format!("{text}\n")));
        }
        Ok(())
    }

    /// Ends standard input, behind all that was typed.
    pub(crate) fn end_input(&mut self) {
        match self.stdin.take() {
            Some(Input::Idle(pipe)) => descriptors::close(pipe),
            Some(Input::Typist(mut typist)) => typist.hand(None),
            None => {}
        }
    }

    /// Kills the process alone: what it started lives on until this is dropped.
    pub(crate) fn kill_alone(&mut self) {
        // An error means that it has already gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// How the process ended, if it has; its last words are on the record by then.
    ///
    /// # Errors
    ///
    /// The process cannot be waited for.
    pub(crate) fn poll(&mut self) -> io::Result<Option<Exit>> {
        if self.exit.is_none()
            && let Some(status) = self.child.try_wait()?
        {
            // What it started must not outlive it; that also ends the pipes, which a grandchild may hold.
            if !self.leaves_children {
                group::kill_group(self.child.id());
            }
            self.hear_last_words();
            let exit = exit(status);
            self.recorder.add(self.who, None, What::Exit(exit));
            self.exit = Some(exit);
        }
        Ok(self.exit)
    }

    /// Waits for both pipes to end, but not for ever: a process that left its group may still hold them.
    fn hear_last_words(&self) {
        for _ in 0..2 {
            if self.output_ended.recv_timeout(Duration::from_secs(2)).is_err() {
                return;
            }
        }
    }
}

/// The standard input of an actor.
enum Input {
    /// Nothing was typed yet.
    Idle(ChildStdin),
    /// From the first line on.
    Typist(Typist),
}

/// Writes to a pipe in a thread of its own: a pipe that nobody reads from takes 64 KiB (pipe(7)) and no more.
struct Typist {
    lines: mpsc::Sender<Option<String>>,
    written: Receiver<()>,
    /// The pipe is full and nobody reads.
    stuck: bool,
}

impl Typist {
    fn start(mut pipe: ChildStdin) -> anyhow::Result<Typist> {
        let (lines, to_write) = mpsc::channel::<Option<String>>();
        let (done, written) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || {
            for line in to_write {
                let Some(line) = line else { break };
                // A program that has gone, or has closed its input, does not want the rest.
                if pipe.write_all(line.as_bytes()).is_err() {
                    break;
                }
                // The actor may have been dropped.
                let _ = done.send(());
            }
            descriptors::close(pipe);
            let _ = done.send(());
        });
        thread.context("cannot start a thread")?;
        Ok(Typist { lines, written, stuck: false })
    }

    /// A line to write, or `None` for the end; returns when that is done, or seems not to be possible.
    fn hand(&mut self, line: Option<String>) {
        // An error means that the pipe has ended.
        if self.lines.send(line).is_ok() && !self.stuck {
            self.stuck = self.written.recv_timeout(TYPING) == Err(RecvTimeoutError::Timeout);
        }
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        group::kill_group(self.child.id());
        // The group may be gone already; an error here means that there is nobody left to wait for.
        let _ = self.child.kill();
        let _ = self.child.wait();
        guard::forget(self.child.id());
    }
}

fn exit(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::Signal(signal);
    }
    Exit::Status(status.code().unwrap_or(-1))
}

/// The same output on every machine: no backtraces, no locale, nothing held back in Python's buffer.
fn clean_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "LANG" || text == "LANGUAGE" || text.starts_with("LC_") || text.starts_with("RUST_") {
            command.env_remove(&name);
        }
    }
    command.env("PYTHONUNBUFFERED", "1").env("PYTHONDONTWRITEBYTECODE", "1");
}

/// Takes down what comes out of a pipe, in a thread of its own.
fn listen(
    who: Who,
    stream: Stream,
    pipe: impl Read + Send + 'static,
    recorder: Recorder,
    ended: mpsc::Sender<()>,
    watch: &Watch,
) -> anyhow::Result<()> {
    watch.spawn_carrier(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        loop {
            line.clear();
            match pipe.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {
                    let text = String::from_utf8_lossy(&line);
                    recorder.add_line(who, stream, text.trim_end_matches(['\n', '\r']));
                }
            }
        }
        // Nobody waits any more when the stage is already empty.
        let _ = ended.send(());
    })?;
    Ok(())
}
