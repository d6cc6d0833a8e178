//! When a conversation is over, and why.

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use super::wire::{LONGEST, TOO_LONG};

/// What a client is allowed.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// The next command has to be there after so long.
    pub(super) idle: Duration,
    /// The whole conversation may take so long: a client that sends a byte now and then does not hold its place for ever.
    pub(super) session: Duration,
    /// A command is a line.
    pub(super) lines: bool,
}

/// How much time one client has left.
pub(super) struct Patience {
    limits: Limits,
    command: Instant,
    session: Instant,
}

impl Patience {
    pub(super) fn new(limits: Limits) -> Patience {
        let now = Instant::now();
        Patience { limits, command: now + limits.idle, session: now + limits.session }
    }

    /// A whole command came: the time for the next one begins.
    pub(super) fn renew(&mut self) {
        self.command = Instant::now() + self.limits.idle;
    }

    pub(super) fn until(&self) -> Instant {
        self.command.min(self.session)
    }

    pub(super) fn left(&self) -> Duration {
        self.until().saturating_duration_since(Instant::now())
    }

    /// Why the conversation is over at [`Patience::until`].
    pub(super) fn end(&self) -> End {
        if self.session <= self.command { End::Session(self.limits.session) } else { End::Idle(self.limits.idle) }
    }
}

/// Why a conversation is over, for the log.
#[derive(Debug)]
pub(super) enum End {
    /// The client sent its end.
    Client,
    /// The client sent its end where a line had none.
    InALine,
    /// The client said `exit`.
    Exit,
    TooLong,
    Idle(Duration),
    Session(Duration),
    /// An answer was not taken.
    NotTaken,
    /// The server is being stopped.
    Stopped,
    Broken(io::Error),
    /// A mistake in this program.
    Panic,
}

impl End {
    /// What the client is told before it is sent the end.
    pub(super) fn last_word(&self) -> &'static str {
        if matches!(self, End::TooLong) { TOO_LONG } else { "" }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Client => write!(f, "ended by the client"),
            End::InALine => write!(f, "ended by the client in the middle of a line"),
            End::Exit => write!(f, "ended by exit"),
            End::TooLong => write!(f, "closed: a command of more than {LONGEST} bytes"),
            End::Idle(time) => write!(f, "closed: no command for {time:?}"),
            End::Session(time) => write!(f, "closed: its {time:?} are over"),
            End::NotTaken => write!(f, "closed: it does not take its answers"),
            End::Stopped => write!(f, "ended: the server is being stopped"),
            End::Broken(error) => write!(f, "broken: {error}"),
            End::Panic => write!(f, "broken by a mistake in the server"),
        }
    }
}

/// What the log says of one connection.
pub(super) fn told(commands: u64, end: &End) -> String {
    format!("had {commands} command{} answered, {end}", if commands == 1 { "" } else { "s" })
}
