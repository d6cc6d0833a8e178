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

use crate::poll::{PATIENCE, until};

use crate::descriptors;

/// The environment variable that marks every process of one lab.
pub(crate) const MARK: &str = "LAB_MARK";

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
        *slot = Some(Guard { child: descriptors::start(&mut command)?, watched: BTreeSet::new() });
        ctrlc::set_handler(|| {
            kill_all();
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

/// A group of its own: a Ctrl-C in the terminal reaches the lab alone, and the lab can end the whole family.
pub(crate) fn own_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
    }
}

/// Stops everything in a group (SIGSTOP), or lets it go on (SIGCONT).
#[cfg(unix)]
pub(crate) fn hold_group(group: u32, hold: bool) -> std::io::Result<()> {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    let signal = if hold { Signal::SIGSTOP } else { Signal::SIGCONT };
    Ok(killpg(Pid::from_raw(group.cast_signed()), signal)?)
}

/// There is no such signal.
#[cfg(not(unix))]
pub(crate) fn hold_group(_group: u32, _hold: bool) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Asks everything in a group to stop, as Ctrl-C in its terminal would (SIGINT).
#[cfg(unix)]
pub(crate) fn interrupt_group(group: u32) -> std::io::Result<()> {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    Ok(killpg(Pid::from_raw(group.cast_signed()), Signal::SIGINT)?)
}

/// There is no such signal.
#[cfg(not(unix))]
pub(crate) fn interrupt_group(_group: u32) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Kills a process and everything in its group.
#[cfg(unix)]
pub(crate) fn kill_group(group: u32) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    if let Ok(group) = i32::try_from(group) {
        // ESRCH: it has already gone.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
}

/// Kills a process and everything it started.
#[cfg(not(unix))]
pub(crate) fn kill_group(process: u32) {
    let process = process.to_string();
    let mut command = Command::new("taskkill");
    command.args(["/T", "/F", "/PID", &process]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It fails when the process has already gone.
    let _ = command.status();
}

fn kill_all() {
    if let Some(guard) = lock().as_ref() {
        guard.watched.iter().copied().for_each(kill_group);
    }
}

/// What the guard does: it listens until the lab is gone, then kills what is left of it.
///
/// # Errors
///
/// None in practice: a pipe that breaks is taken for the end of the lab.
pub(crate) fn stand() -> io::Result<()> {
    let lab = parent();
    let mut watched = BTreeSet::new();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        if let Some(group) = line.strip_prefix('+').and_then(|n| n.parse().ok()) {
            watched.insert(group);
        } else if let Some(group) = line.strip_prefix('-').and_then(|n| n.parse().ok()) {
            watched.remove(&group);
        }
    }
    watched.iter().copied().for_each(kill_group);
    if let Some(lab) = lab {
        // A process that the guard may not kill must not keep it for ever.
        until(PATIENCE, || {
            let left = marked(lab);
            left.into_iter().for_each(kill_group);
            left.is_none()
        });
    }
    Ok(())
}

#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

/// The group of a process that carries the mark and is not yet dead. Closes the moment between a start and `watch`.
#[cfg(target_os = "linux")]
fn marked(lab: u32) -> Option<u32> {
    let mark = format!("{MARK}={lab}");
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let path = entry.path();
        let carries = |environment: Vec<u8>| environment.split(|byte| *byte == 0).any(|item| item == mark.as_bytes());
        if !std::fs::read(path.join("environ")).is_ok_and(carries) {
            continue;
        }
        if let Some(group) = living_group(&path) {
            return Some(group);
        }
    }
    None
}

/// The group of a process of proc(5); `None` when it has died meanwhile.
#[cfg(target_os = "linux")]
fn living_group(process: &std::path::Path) -> Option<u32> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let (state, group) = (fields.next()?, fields.nth(1)?);
    if state == "Z" || state == "X" { None } else { group.parse().ok() }
}

#[cfg(not(target_os = "linux"))]
fn marked(_lab: u32) -> Option<u32> {
    None
}
