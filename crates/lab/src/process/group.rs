//! Signals to a process and everything it started: its process group (setpgid(2)).

use std::process::Command;

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
    use std::process::Stdio;
    let process = process.to_string();
    let mut command = Command::new("taskkill");
    command.args(["/T", "/F", "/PID", &process]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It fails when the process has already gone.
    let _ = command.status();
}
