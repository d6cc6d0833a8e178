//! Closing a socket at once, although other plays start processes at the same time.
//!
//! A process that is being started holds a copy of every descriptor of the lab until `execve(2)` closes those that are
//! close-on-exec. A socket that is closed in that moment is not closed for the kernel, and its FIN or RST leaves later,
//! when nobody in the play waits for it any more. So nothing is closed while a process is started.

use std::io;
use std::process::{Child, Command};
use std::sync::{PoisonError, RwLock};

use crate::kernel;
use crate::poll::{PATIENCE, until};

static STARTING: RwLock<()> = RwLock::new(());

/// Starts a process; returns when it no longer shares descriptors with the lab.
///
/// # Errors
///
/// Those of [`Command::spawn`].
pub(crate) fn start(command: &mut Command) -> io::Result<Child> {
    let _alone = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    // spawn() returns when the new program is loaded, a moment before the kernel closes what it must not inherit.
    until(PATIENCE, || kernel::shares_descriptors(child.id()) != Some(true));
    Ok(child)
}

/// Closes something whose end the other side has to notice now.
pub(crate) fn close<T>(what: T) {
    let _together = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    drop(what);
}
