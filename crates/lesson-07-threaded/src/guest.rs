//! Clients that the lab plays itself in the forms of a check. What such a guest waits for and does not get is put on the
//! record, in the place where it happened, and ends the play: the rule of the same name then tells it.

use std::fmt::Display;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use lab::{Attacker, Form, Record, Role, Rule, SERVER, Seen, Stage, Void, Way, What, Who};

use crate::wire::{GREETING, ZERO};

/// What a server owes somebody in a play.
pub(crate) struct Due {
    /// The name of the rule.
    pub(crate) name: &'static str,
    /// What is required, one clause.
    pub(crate) requires: &'static str,
    /// To whom: `the next client`.
    pub(crate) whom: &'static str,
    /// That it did not get it: `is not served`. No two dues of a form have the same.
    pub(crate) missed: &'static str,
    /// What most likely is wrong, and what to do.
    pub(crate) hint: &'static str,
}

/// Why a play stops before its end.
pub(crate) enum Stop {
    /// Somebody did not get what is due.
    Missed(&'static Due, Who, String),
    /// The lab failed, or the trap could not be laid.
    Lab(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Stop {
        Stop::Lab(error)
    }
}

impl From<Void> for Stop {
    fn from(void: Void) -> Stop {
        Stop::Lab(void.into())
    }
}

pub(crate) type Played = Result<(), Stop>;

impl Due {
    /// That `who` does not get it, for this reason.
    pub(crate) fn missed(&'static self, who: Who, why: impl Display) -> Stop {
        Stop::Missed(self, who, why.to_string())
    }

    /// What was told of it in this play.
    fn told(&self, record: &Record) -> Option<String> {
        let why = |text: &str| text.strip_prefix(self.missed)?.strip_prefix(": ").map(str::to_string);
        record.events.iter().find_map(|event| match &event.what {
            What::Step(text) => Some(format!("{} {}: {}", self.whom, self.missed, why(text)?)),
            _ => None,
        })
    }

    /// Nobody missed it.
    pub(crate) fn rule(&'static self) -> Rule {
        self.and(|_| Seen::Kept)
    }

    /// Nobody missed it, and this is seen as well: what the play of the chapter shows of it. What the end of the server
    /// explains is left to the rule about that.
    pub(crate) fn and(&'static self, look: impl Fn(&Record) -> Seen + Send + Sync + 'static) -> Rule {
        self.or_ends(look, true)
    }

    /// The same where the server is to end.
    pub(crate) fn and_then_it_ends(&'static self, look: impl Fn(&Record) -> Seen + Send + Sync + 'static) -> Rule {
        self.or_ends(look, false)
    }

    fn or_ends(&'static self, look: impl Fn(&Record) -> Seen + Send + Sync + 'static, explained: bool) -> Rule {
        let rule = Rule::new(self.name, self.requires, move |record| match self.told(record) {
            _ if explained && record.exit(SERVER).is_some() => Seen::Kept,
            Some(seen) => Seen::Violated(seen),
            None => look(record),
        });
        if self.hint.is_empty() { rule } else { rule.hint(self.hint) }
    }
}

/// A form with a play of guests, whose server listens already.
pub(crate) fn form(name: impl Into<String>, play: impl Fn(&mut Stage) -> Played + Send + Sync + 'static) -> Form {
    Form::new(name, move |stage| match stage.server().map_err(Stop::from).and_then(|_| play(stage)) {
        Ok(()) => Ok(()),
        Err(Stop::Lab(error)) => Err(error),
        Err(Stop::Missed(due, who, why)) => {
            stage.step(who, format!("{}: {why}", due.missed));
            Ok(())
        }
    })
}

/// One client, connected straight to the server.
pub(crate) struct Guest {
    attacker: Attacker,
    /// What came early, together with what was waited for.
    early: Vec<u8>,
}

impl Guest {
    /// Connects; `due` is missed where the server refuses.
    pub(crate) fn enter(stage: &mut Stage, due: &'static Due) -> Result<Guest, Stop> {
        let nobody = Who { role: Role::Attacker, number: 1 };
        let entered = stage.attacker().map(|attacker| Guest { attacker, early: Vec::new() });
        entered.map_err(|error| match error.root_cause().downcast_ref::<io::Error>() {
            Some(refused) => due.missed(nobody, format!("it cannot connect ({})", refused.kind())),
            None => error.into(),
        })
    }

    /// Connects and is greeted.
    pub(crate) fn greeted(stage: &mut Stage, due: &'static Due) -> Result<Guest, Stop> {
        let mut guest = Guest::enter(stage, due)?;
        guest.hears(stage, GREETING, due)?;
        Ok(guest)
    }

    pub(crate) fn who(&self) -> Who {
        self.attacker.who()
    }

    /// Sends this.
    pub(crate) fn says(&mut self, bytes: &[u8]) {
        self.attacker.send(bytes);
    }

    /// Waits until the server has read all that was sent; false where it does not.
    pub(crate) fn is_read(&mut self) -> bool {
        self.attacker.taken()
    }

    /// Hears so many bytes, or fewer up to the end. A server that is silent has that long, and until it sleeps.
    pub(crate) fn hears_up_to(&mut self, stage: &mut Stage, length: usize) -> Result<Vec<u8>, Stop> {
        let heard = self.hears_now(length);
        if heard.len() == length || self.end(stage) != End::None {
            return Ok(heard);
        }
        stage.settle()?;
        self.patience(MOMENT)?;
        let more = self.hears_now(length - heard.len());
        self.patience(PATIENCE)?;
        Ok([heard, more].concat())
    }

    /// Hears so many bytes, or fewer up to the end, or until its patience ends.
    pub(crate) fn hears_now(&mut self, length: usize) -> Vec<u8> {
        if self.early.len() < length {
            let missing = length - self.early.len();
            self.early.extend(self.attacker.receive_all(missing));
        }
        let later = self.early.split_off(length.min(self.early.len()));
        std::mem::replace(&mut self.early, later)
    }

    /// Waits for exactly this text.
    pub(crate) fn hears(&mut self, stage: &mut Stage, text: &str, due: &'static Due) -> Played {
        let got = self.hears_up_to(stage, text.len())?;
        if got == text.as_bytes() { Ok(()) } else { Err(due.missed(self.who(), difference(text.as_bytes(), &got))) }
    }

    /// Asks, and waits for exactly this answer.
    pub(crate) fn asks(&mut self, stage: &mut Stage, command: &str, answer: &str, due: &'static Due) -> Played {
        self.says(command.as_bytes());
        self.hears(stage, answer, due)
    }

    /// Asks for `0`.
    pub(crate) fn asks_zero(&mut self, stage: &mut Stage, due: &'static Due) -> Played {
        self.asks(stage, "0", ZERO, due)
    }

    /// Says nothing for so long, and must not hear anything, nor the end.
    pub(crate) fn is_silent(&mut self, stage: &Stage, time: Duration, due: &'static Due) -> Played {
        self.patience(time)?;
        let got = self.hears_now(1);
        self.patience(PATIENCE)?;
        match self.end(stage) {
            _ if !got.is_empty() => Err(due.missed(self.who(), difference(b"", &got))),
            End::None => Ok(()),
            End::Fin | End::Reset => Err(due.missed(self.who(), "the server ends the connection")),
        }
    }

    /// Ends its stream.
    pub(crate) fn half_closes(&mut self) {
        self.attacker.half_close();
    }

    /// Reads to the end of the server's stream, which has to come, after exactly this text, in order.
    pub(crate) fn hears_the_end(&mut self, stage: &mut Stage, text: &str, due: &'static Due) -> Played {
        let got = self.hears_up_to(stage, text.len() + MOST_TOO_MUCH)?;
        if got != text.as_bytes() {
            return Err(due.missed(self.who(), difference(text.as_bytes(), &got)));
        }
        match self.end(stage) {
            End::Fin => Ok(()),
            End::Reset => Err(due.missed(self.who(), "the server resets the connection instead of ending its stream")),
            End::None => Err(due.missed(self.who(), "the server does not end its stream")),
        }
    }

    /// How the server has ended this connection, by what is on the record.
    pub(crate) fn end(&self, stage: &Stage) -> End {
        let (connection, way) = (self.attacker.connection(), Way::ToClient);
        stage.record(|record| match (record.fin(connection, way), record.reset(connection, way)) {
            (_, true) => End::Reset,
            (true, false) => End::Fin,
            (false, false) => End::None,
        })
    }

    /// Waits no longer than this for what it hears.
    pub(crate) fn patience(&mut self, time: Duration) -> Played {
        Ok(self.attacker.patience(time)?)
    }

    /// Ends its stream and waits for the server's end, in whatever way.
    pub(crate) fn leaves(mut self) {
        self.half_closes();
        self.hears_now(1);
    }

    /// Resets the connection.
    pub(crate) fn resets(self) {
        self.attacker.reset();
    }

    /// Stays until the play is over, without a word.
    pub(crate) fn stays(self, stage: &mut Stage) {
        stage.keep(self.attacker);
    }
}

/// How long a guest waits for a server: long enough for any that means to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// By then what has been sent has arrived.
pub(crate) const MOMENT: Duration = Duration::from_millis(50);
/// Between two tries of a guest that is refused.
const PAUSE: Duration = Duration::from_millis(100);
/// So much more than expected is read.
const MOST_TOO_MUCH: usize = 64;

/// How a server has ended a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Fin,
    Reset,
    None,
}

/// What came instead.
pub(crate) fn difference(expected: &[u8], got: &[u8]) -> String {
    let text = |bytes: &[u8]| match str::from_utf8(bytes) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("{bytes:02x?}"),
    };
    let short = |bytes: &[u8]| match bytes.len() {
        0 => "nothing".to_string(),
        1..=64 => text(bytes),
        length => format!("{length} bytes"),
    };
    if got.len() < expected.len() && expected.starts_with(got) {
        let left = expected.len() - got.len();
        return match got.len() {
            0 => format!("nothing came of the {} bytes of {}", expected.len(), short(expected)),
            came => format!("{came} bytes came, and the {left} others did not"),
        };
    }
    format!("{} came; expected: {}", short(got), short(expected))
}

/// The client that comes when a form has done what it does: it must be served as if nothing had been.
pub(crate) static SERVED: Due = Due {
    name: "served",
    requires: "whoever comes afterwards is served",
    whom: "a client that comes afterwards",
    missed: "is not served",
    hint: "",
};

/// A client that comes when all is over, or before anything begins: it is greeted, answered, and sent the end after its own.
pub(crate) fn visit(stage: &mut Stage, due: &'static Due) -> Played {
    visit_and_leave(stage, due, due)
}

/// As [`visit`]; the end is due for another reason.
pub(crate) fn visit_and_leave(stage: &mut Stage, due: &'static Due, end: &'static Due) -> Played {
    let mut guest = Guest::greeted(stage, due)?;
    guest.asks_zero(stage, due)?;
    guest.half_closes();
    guest.hears_the_end(stage, "", end)
}

/// As [`visit`], but the server may need a while until it accepts again, and may refuse until then.
pub(crate) fn visit_in_time(stage: &mut Stage, due: &'static Due) -> Played {
    let begin = Instant::now();
    loop {
        let mut guest = Guest::enter(stage, due)?;
        let heard = guest.hears_up_to(stage, GREETING.len())?;
        if heard == GREETING.as_bytes() {
            guest.asks_zero(stage, due)?;
            guest.half_closes();
            return guest.hears_the_end(stage, "", due);
        }
        if begin.elapsed() > PATIENCE / 2 {
            return Err(due.missed(guest.who(), difference(GREETING.as_bytes(), &heard)));
        }
        drop(guest);
        #[expect(
            clippy::disallowed_methods,
            reason = "nothing tells that the server accepts again, so it tries later"
        )]
        thread::sleep(PAUSE);
    }
}
