//! Nothing is left running: not after a normal end, a panic, Ctrl-C, or even a SIGKILL of the lab.
//!
//! The first three are seen to by the lab itself. For the last there is a guard: the same program started once more as
//! `guard`, which holds the reading end of a pipe. When the lab dies, however it dies, the pipe ends and the guard kills
//! what it was told of; on Linux also everything that carries the lab's mark in its environment.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::kernel::process::children;
use crate::poll::{PATIENCE, until};

use super::descriptors;
use super::group::{kill_group, own_group};

/// The environment variable that marks every process of one lab.
pub(crate) const MARK: &str = "LAB_MARK";

type Words = Box<dyn Fn() + Send>;

static LAST_WORDS: Mutex<Option<Words>> = Mutex::new(None);

/// What Ctrl-C still lets the lab say until this is dropped: what is known so far.
pub(crate) struct LastWords(());

impl LastWords {
    pub(crate) fn new(words: impl Fn() + Send + 'static) -> LastWords {
        *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(words));
        LastWords(())
    }
}

impl Drop for LastWords {
    fn drop(&mut self) {
        *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

static GUARD: Mutex<Option<Guard>> = Mutex::new(None);

struct Guard {
    child: Child,
    watched: BTreeSet<u32>,
}

/// A guard that is running.
pub(crate) struct Raised(());

fn lock() -> MutexGuard<'static, Option<Guard>> {
    GUARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the guard unless it runs already, and makes Ctrl-C leave nothing behind.
pub(crate) fn raise() -> anyhow::Result<Raised> {
    let mut slot = lock();
    if slot.is_none() {
        let mut command = Command::new(own_program()?);
        command.arg("guard").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env_remove(MARK);
        own_group(&mut command);
        let mut child = descriptors::start(&mut command)?;
        if let Some(pipe) = &mut child.stdin {
            // The guard may come to run only when the lab is gone already, and could no longer ask who started it.
            let _ = writeln!(pipe, "={}", process::id());
        }
        *slot = Some(Guard { child, watched: BTreeSet::new() });
        adopt_orphans();
        ctrlc::set_handler(|| {
            kill_all();
            sweep();
            if let Some(words) = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
                words();
            }
            // 128 + SIGINT, as a shell reports it.
            process::exit(130);
        })?;
    }
    Ok(Raised(()))
}

impl Raised {
    /// What marks the processes of this lab: its own process id.
    pub(crate) fn mark(&self) -> String {
        process::id().to_string()
    }

    /// From now on this process and its group die with the lab.
    pub(crate) fn watch(&self, group: u32) {
        tell('+', group);
    }
}

/// The group has ended.
pub(crate) fn forget(group: u32) {
    tell('-', group);
}

fn tell(sign: char, group: u32) {
    if let Some(guard) = lock().as_mut() {
        if sign == '+' {
            guard.watched.insert(group)
        } else {
            guard.watched.remove(&group)
        };
        if let Some(pipe) = &mut guard.child.stdin {
            // Without its guard the lab still cleans up after everything but SIGKILL.
            let _ = writeln!(pipe, "{sign}{group}");
        }
    }
}

/// The program that runs now. A rebuild during a run replaces the file at `current_exe`; the link of proc(5) keeps
/// naming the old one.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Ok(link) } else { env::current_exe() }
}

fn kill_all() {
    if let Some(guard) = lock().as_ref() {
        guard.watched.iter().copied().for_each(kill_group);
    }
}

/// A process that loses its parent becomes a child of the lab, so that it is found whatever it has done to hide.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // Where that cannot be had, what leaves its group and sheds its environment is left running.
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Kills what the actors have left behind, daemons too: to be called when no play goes on any more.
pub(crate) fn sweep() {
    #[cfg(target_os = "linux")]
    {
        let Some(guard) = lock().as_ref().map(|guard| guard.child.id()) else { return };
        // Whoever is killed leaves its own children to the lab.
        until(PATIENCE, || {
            let children = children(process::id());
            let left: Vec<u32> = children.into_iter().filter(|child| *child != guard).collect();
            left.iter().copied().for_each(end);
            left.is_empty()
        });
    }
}

/// Kills a child of the lab and takes its status, so that it is gone.
#[cfg(target_os = "linux")]
fn end(child: u32) {
    use nix::sys::signal::{Signal, kill};
    use nix::sys::wait::{WaitPidFlag, waitpid};
    use nix::unistd::Pid;
    let child = Pid::from_raw(child.cast_signed());
    let _ = kill(child, Signal::SIGKILL);
    let _ = waitpid(child, Some(WaitPidFlag::WNOHANG));
}

/// Between two looks at what is left.
const AGAIN: Duration = Duration::from_millis(10);

/// What the guard does: it listens until the lab is gone, then kills what is left of it.
///
/// # Errors
///
/// None in practice: a pipe that breaks is taken for the end of the lab.
pub(crate) fn stand() -> io::Result<()> {
    let mut lab = None;
    let mut watched = BTreeSet::new();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        if let Some(group) = line.strip_prefix('+').and_then(|n| n.parse().ok()) {
            watched.insert(group);
        } else if let Some(group) = line.strip_prefix('-').and_then(|n| n.parse().ok()) {
            watched.remove(&group);
        } else if let Some(process) = line.strip_prefix('=').and_then(|n| n.parse().ok()) {
            lab = Some(process);
        }
    }
    watched.iter().copied().for_each(kill_group);
    if let Some(lab) = lab {
        // A process that the guard may not kill must not keep it for ever.
        // Twice: for some microseconds before execve(2) gives a process memory of its own, it shows the environment of who
        // started it, which does not carry the mark.
        until(PATIENCE, || {
            clear(lab) && {
                thread::park_timeout(AGAIN);
                clear(lab)
            }
        });
    }
    Ok(())
}

/// Kills what carries the mark of this lab, and says whether there was nothing left. Closes the moment between a start
/// and `watch`.
#[cfg(target_os = "linux")]
fn clear(lab: u32) -> bool {
    let mark = format!("{MARK}={lab}");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter(|process| !is_cleared(&process.path(), &mark)).count() == 0
}

/// Kills a process that carries the mark; false when it did, or may yet come to carry it.
#[cfg(target_os = "linux")]
fn is_cleared(process: &std::path::Path, mark: &str) -> bool {
    // The state first: a process that has its environment by then carries its mark from then on.
    let Some(Living { group, has_environment }) = living(process) else { return true };
    let Ok(environment) = std::fs::read(process.join("environ")) else { return true };
    let carries = environment.split(|byte| *byte == 0).any(|item| item == mark.as_bytes());
    if carries {
        kill_group(group);
    }
    !carries && (has_environment || !environment.is_empty())
}

/// A process that is not yet dead.
#[cfg(target_os = "linux")]
struct Living {
    group: u32,
    /// False in the middle of execve(2), until the new program has its environment.
    has_environment: bool,
}

/// What proc_pid_stat(5) says of a process; `None` when it has died meanwhile.
#[cfg(target_os = "linux")]
fn living(process: &std::path::Path) -> Option<Living> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // Fields 3, 5 and 51: `state`, `pgrp` and `env_end`.
    let (state, group, environment) = (fields.first()?, fields.get(2)?, fields.get(48)?);
    if matches!(*state, "Z" | "X") {
        return None;
    }
    // Threads of the kernel have no program and no environment, and those of others show neither.
    let has_environment = *environment != "0" || std::fs::read_link(process.join("exe")).is_err();
    Some(Living { group: group.parse().ok()?, has_environment })
}

/// There are no environments to look into.
#[cfg(not(target_os = "linux"))]
fn clear(_lab: u32) -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_process_that_has_only_just_been_started_is_found_by_its_mark() {
        // No process has such a number (`PID_MAX_LIMIT`, proc_sys_kernel(5)).
        let lab = u32::MAX - process::id();
        let mark = format!("{MARK}={lab}");
        for _ in 0..20 {
            let mut command = Command::new("sh");
            command.args(["-c", "read line"]).stdin(Stdio::piped()).env(MARK, lab.to_string());
            own_group(&mut command);
            let mut child = command.spawn().expect("sh");
            let path = PathBuf::from(format!("/proc/{}", child.id()));
            // Until then the memory that is looked at is that of this test.
            let here = std::fs::read_link("/proc/self/exe").expect("the test itself");
            assert!(until(PATIENCE, || std::fs::read_link(path.join("exe")).is_ok_and(|it| it != here)));
            let cleared = until(PATIENCE, || is_cleared(&path, &mark));
            // The shell ends when its input does, unless it was killed.
            let status = child.wait().expect("it was started here");
            assert!(cleared && status.signal() == Some(9), "{cleared} {status}");
        }
    }
}
