//! The command line of each part in a play: the lesson's own program started again, or the learner's.

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;

use anyhow::bail;

use super::guard;
use crate::record::{Cast, Role};

/// A program of the learner's own: the side it takes and its command line with `{host}` and `{port}`.
#[derive(Clone)]
pub struct Yours {
    /// The side.
    pub role: Role,
    /// The command line.
    pub command: Vec<OsString>,
}

/// The command line of one actor: a program and its arguments.
pub(crate) struct CommandLine {
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
}

impl CommandLine {
    /// The running program itself, started again with other arguments.
    fn own(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<CommandLine> {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Ok(CommandLine { program: guard::own_program()?.into(), arguments })
    }

    /// Any command, with `{host}` and `{port}` filled in. A word that is no UTF-8 is taken as it is.
    fn foreign(command: &[OsString], address: SocketAddr) -> anyhow::Result<CommandLine> {
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        let fill = |word: &OsString| match word.to_str() {
            Some(text) => OsString::from(text.replace("{host}", &host).replace("{port}", &port)),
            None => word.clone(),
        };
        let Some((program, arguments)) = command.split_first() else { bail!("no command was given after --") };
        Ok(CommandLine { program: fill(program), arguments: arguments.iter().map(fill).collect() })
    }

    /// Why this command could not be started, and what to do.
    pub(crate) fn cannot_run(&self, error: &io::Error) -> String {
        let program = self.program.to_string_lossy();
        let own = guard::own_program().is_ok_and(|own| own.as_os_str() == self.program);
        let name = if own { "the lesson's own program".to_string() } else { format!("`{program}`") };
        let hint = match error.kind() {
            io::ErrorKind::NotFound if program.contains(' ') => {
                ": it is one word; give the words of a command without quotes"
            }
            io::ErrorKind::NotFound if !own => ": is it installed and spelled right?",
            io::ErrorKind::PermissionDenied if !own => {
                ": is it a program? chmod +x makes a file one, or start it with its interpreter"
            }
            _ => "",
        };
        format!("cannot run {name}{hint}")
    }
}

/// Who plays which part, as command lines: all that a stage has to know of an experiment.
#[derive(Clone, Default)]
pub(crate) struct Launch {
    /// The name of the experiment on the command line.
    pub(crate) name: String,
    /// Whether the server and the client have a broken form.
    pub(crate) twins: [bool; 2],
    /// Whether there is a program for the attacker.
    pub(crate) attacker: bool,
    /// The finished program, in its own performance.
    pub(crate) finished: Option<FinishedLine>,
    /// The learner's program.
    pub(crate) yours: Option<Yours>,
}

/// The arguments and the input of the finished program.
#[derive(Clone, Copy)]
pub(crate) struct FinishedLine {
    pub(crate) serve: &'static [&'static str],
    pub(crate) connect: &'static [&'static str],
    pub(crate) input: &'static [&'static str],
}

impl Launch {
    /// Whether this side is one of the lesson's own programs; a learner's program only takes the part of *yours*.
    pub(crate) fn plays_own_part(role: Role, cast: Cast) -> bool {
        cast != Cast::Yours(role)
    }

    /// The command line of one side.
    ///
    /// # Errors
    ///
    /// The learner gave no command, or the running program cannot be found.
    pub(crate) fn line(&self, role: Role, cast: Cast, address: SocketAddr) -> anyhow::Result<CommandLine> {
        if let Some(yours) = &self.yours
            && !Launch::plays_own_part(role, cast)
        {
            return CommandLine::foreign(&yours.command, address);
        }
        let finished = self.finished.filter(|_| cast == Cast::Finished);
        let (verb, twins, more) = match role {
            Role::Server => ("serve", self.twins[0], finished.map(|line| line.serve)),
            Role::Client => ("connect", self.twins[1], finished.map(|line| line.connect)),
            Role::Attacker => ("attack", false, None),
        };
        let mut words = vec![verb];
        match more {
            Some(more) => words.extend(more),
            None => words.push(&self.name),
        }
        if cast == Cast::Broken && twins {
            words.push("--broken");
        }
        let address = address.to_string();
        words.extend(["--addr", &address]);
        Ok(CommandLine::own(words)?)
    }

    /// What the client is typed: the finished program has lines of its own.
    pub(crate) fn input<'a>(&self, cast: Cast, input: &'a [&'a str]) -> &'a [&'a str] {
        match self.finished {
            Some(line) if cast == Cast::Finished => line.input,
            _ => input,
        }
    }
}
