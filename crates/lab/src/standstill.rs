//! Notices when the whole play was stopped for a moment: a laptop that is closed, a virtual machine or a container that is
//! frozen, Ctrl-Z.
//!
//! Linux interrupts then every read that has a timeout (EINTR, signal(7): "even in the absence of signal handlers"), and a
//! program of the play may end with that error. It is no fault of the trap, and the play is performed again.

/// From when on.
pub(crate) struct Since(u64);

impl Since {
    /// From now on.
    pub(crate) fn now() -> Since {
        Since(count())
    }

    /// The true sentence, where this process was stopped since then.
    pub(crate) fn told(&self) -> Option<String> {
        (count() > self.0).then(|| "this machine, or the lab, was stopped for a moment meanwhile".to_string())
    }
}

/// How often this process was stopped so far; always 0 on systems that begin such reads again.
#[cfg(target_os = "linux")]
fn count() -> u64 {
    use std::os::unix::net::UnixDatagram;
    use std::sync::{Mutex, OnceLock};

    use crate::poll::lock;

    static SENTINEL: OnceLock<Option<Mutex<UnixDatagram>>> = OnceLock::new();
    let sentinel = SENTINEL.get_or_init(|| linux::start().ok().map(Mutex::new));
    // Where the system has no more threads or descriptors, nothing is noticed.
    sentinel.as_ref().and_then(|sentinel| linux::ask(&lock(sentinel)).ok()).unwrap_or(0)
}

#[cfg(not(target_os = "linux"))]
fn count() -> u64 {
    0
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, ErrorKind};
    use std::os::unix::net::UnixDatagram;
    use std::thread;
    use std::time::Duration;

    /// Any timeout makes a read one that is interrupted.
    const TIMEOUT: Duration = Duration::from_secs(3600);

    /// Starts a thread that waits in a read with a timeout, and counts how often it is interrupted there.
    pub(super) fn start() -> io::Result<UnixDatagram> {
        let (ours, its) = UnixDatagram::pair()?;
        its.set_read_timeout(Some(TIMEOUT))?;
        let mut count = 0u64;
        thread::Builder::new().name("sentinel".to_string()).spawn(move || {
            loop {
                match its.recv(&mut []) {
                    // It is asked. What was interrupted before is counted by now.
                    Ok(_) if its.send(&count.to_ne_bytes()).is_err() => return,
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => count += 1,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => return,
                }
            }
        })?;
        Ok(ours)
    }

    pub(super) fn ask(sentinel: &UnixDatagram) -> io::Result<u64> {
        sentinel.send(&[0])?;
        let mut count = [0; 8];
        sentinel.recv(&mut count)?;
        Ok(u64::from_ne_bytes(count))
    }
}
