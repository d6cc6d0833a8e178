//! One form of a trap.

use std::sync::Arc;

use crate::lesson::experiment::Wanted;
use crate::record::{CLIENT, Record, Way, Who};
use crate::relay::script::Script;
use crate::rules::{Rule, wire};
use crate::stage::Stage;

type Play = Arc<dyn Fn(&mut Stage) -> anyhow::Result<()> + Send + Sync>;
type Struck = Arc<dyn Fn(&Record) -> Result<(), String> + Send + Sync>;

/// Something that the lab may see in this form without holding it against the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// This actor may wait forever: its peer owes it nothing.
    Hangs(Who),
    /// This actor may end by itself although it serves.
    Ends(Who),
    /// This actor may end with an error status: an error is the right end here.
    Fails(Who),
    /// Streams that a peer has ended may stay open.
    OpenStreams,
    /// This actor may print as much as it likes.
    Prints(Who),
}

/// One form of the trap of an experiment. The first form of an experiment is the one that its chapter tells; a program
/// of one's own is put under all of them and holds if it holds in each.
#[derive(Clone)]
pub struct Form {
    /// What is different in this form, a few words: `the header cut after 1 byte`.
    pub name: String,
    play: Play,
    struck: Struck,
    rules: Arc<Vec<Rule>>,
    wanted: Arc<Vec<Wanted>>,
    allowed: Vec<Allowed>,
    scripts: Vec<Script>,
}

impl Form {
    /// A form with this play. An error of the play means that the trap could not be laid.
    pub fn new(
        name: impl Into<String>,
        play: impl Fn(&mut Stage) -> anyhow::Result<()> + Send + Sync + 'static,
    ) -> Form {
        Form {
            name: name.into(),
            play: Arc::new(play),
            struck: Arc::new(|_| Ok(())),
            rules: Arc::default(),
            wanted: Arc::default(),
            allowed: Vec::new(),
            scripts: Vec::new(),
        }
    }

    /// The most usual play: the server, a relay with these scripts for its connections, one client that is typed these
    /// lines, and its end. In two terminals `trap` puts the same relay between them.
    pub fn relayed(name: impl Into<String>, scripts: impl Into<Vec<Script>>, input: &[&str]) -> Form {
        let scripts = scripts.into();
        let (relayed, typed) = (scripts.clone(), input.iter().map(ToString::to_string).collect::<Vec<_>>());
        let play = move |stage: &mut Stage| {
            stage.server()?;
            stage.relay(relayed.clone())?;
            stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
            stage.ends(CLIENT)
        };
        Form { scripts, ..Form::new(name, play) }
    }

    /// The scripts by which a relay between two terminals lays this trap, where the play is not [`Form::relayed`].
    #[must_use]
    pub fn scripts(mut self, scripts: impl Into<Vec<Script>>) -> Form {
        self.scripts = scripts.into();
        self
    }

    /// A rule of this form, after those that it has. The first that is violated is the one that is told.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Form {
        match Arc::get_mut(&mut self.rules) {
            Some(rules) => rules.push(rule),
            None => debug_assert!(false, "a form is made before it is shared"),
        }
        self
    }

    /// What a program that violates the rules of this name most likely does wrong here, and what to do: the hint of those
    /// that this form has by now.
    #[must_use]
    pub fn hint(mut self, name: &str, text: &str) -> Form {
        for rule in Arc::get_mut(&mut self.rules).into_iter().flatten().filter(|rule| rule.name == name) {
            rule.hint = Some(text.to_string());
        }
        self
    }

    /// Exactly these bytes belong on a connection in one direction: a rule, and what `expected` shows where it is
    /// violated. `what` names them: `the answer`.
    #[must_use]
    pub fn bytes(mut self, connection: usize, way: Way, what: &str, bytes: impl Into<Vec<u8>>) -> Form {
        let bytes = bytes.into();
        match Arc::get_mut(&mut self.wanted) {
            Some(wanted) => wanted.push(Wanted { connection, way, bytes: bytes.clone() }),
            None => debug_assert!(false, "a form is made before it is shared"),
        }
        self.rule(wire::bytes(connection, way, what, bytes))
    }

    /// What `expected` shows in one direction of a connection, or of its next datagram, without a rule of its own.
    #[must_use]
    pub fn wanted(mut self, connection: usize, way: Way, bytes: impl Into<Vec<u8>>) -> Form {
        match Arc::get_mut(&mut self.wanted) {
            Some(wanted) => wanted.push(Wanted { connection, way, bytes: bytes.into() }),
            None => debug_assert!(false, "a form is made before it is shared"),
        }
        self
    }

    /// How the record shows that the trap struck; an error says why it is not known, and what to do: the verdict is then
    /// `no verdict` with this text, if no rule was violated.
    #[must_use]
    pub fn struck_if(mut self, struck: impl Fn(&Record) -> Result<(), String> + Send + Sync + 'static) -> Form {
        self.struck = Arc::new(struck);
        self
    }

    /// Something that is right in this form although it would break elsewhere.
    #[must_use]
    pub fn allow(mut self, allowed: Allowed) -> Form {
        self.allowed.push(allowed);
        self
    }

    /// The same form under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Form {
        self.name = name.into();
        self
    }

    pub(crate) fn perform(&self, stage: &mut Stage) -> anyhow::Result<()> {
        (self.play)(stage)
    }

    pub(crate) fn struck(&self, record: &Record) -> Result<(), String> {
        (self.struck)(record)
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(crate) fn expected(&self) -> &[Wanted] {
        &self.wanted
    }

    pub(crate) fn allowed(&self) -> &[Allowed] {
        &self.allowed
    }

    /// The scripts of the relay, for two terminals; empty where there is none.
    pub(crate) fn trap(&self) -> &[Script] {
        &self.scripts
    }
}
