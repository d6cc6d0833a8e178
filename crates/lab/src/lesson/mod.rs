//! A lesson: a table of experiments and one finished program.

pub(crate) mod dissect;
pub(crate) mod experiment;
pub mod hints;
pub mod options;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{ArgMatches, Command};

use crate::lesson::experiment::Experiment;

/// Everything the command line of a lesson needs.
pub struct Lesson {
    /// The name of the crate.
    pub name: &'static str,
    /// One line for `--help`.
    pub about: &'static str,
    /// Where the sides meet when they are run by hand.
    pub address: &'static str,
    /// `serve` and `connect` without a name.
    pub finished: Finished,
    /// Further commands of this lesson alone.
    pub tools: &'static [Utility],
    /// In the order of the chapter.
    pub experiments: &'static [&'static Experiment],
}

/// The finished program of a lesson.
pub struct Finished {
    /// Its server.
    pub serve: Tool,
    /// Its client.
    pub connect: Tool,
}

/// One side of the finished program.
pub struct Tool {
    /// Adds its own options to the command line.
    pub options: fn(Command) -> Command,
    /// Runs it to its end and says how the process is to end.
    pub run: fn(SocketAddr, &ArgMatches) -> anyhow::Result<ExitCode>,
}

/// A command of one lesson, beside those that all lessons have.
pub struct Utility {
    /// What is typed: `inspect`. None of the words that every lesson understands.
    pub name: &'static str,
    /// One line for `--help`.
    pub about: &'static str,
    /// Adds its arguments and options.
    pub options: fn(Command) -> Command,
    /// Runs it to its end and says how the process is to end.
    pub run: fn(&ArgMatches) -> anyhow::Result<ExitCode>,
}

/// Makes the `main` of a lesson. One line an experiment: its folder, which holds `mod.rs` with an `EXPERIMENT`.
///
/// ```text
/// lab::lesson! {
///     port: 8080,
///     experiments: [
///         split_header,
///         short_body,
///     ]
/// }
/// ```
///
/// The name and the description are the crate's; the finished program is `finished::FINISHED`. A lesson with commands of
/// its own names them, each a [`Utility`], between the port and the experiments: `tools: [inspect::TOOL, ports::TOOL],`.
#[macro_export]
macro_rules! lesson {
    (
        port: $port:literal,
        $(tools: [$($tool:expr),* $(,)?],)?
        experiments: [$($experiment:ident),* $(,)?] $(,)?
    ) => {
        mod finished;
        $(mod $experiment;)*

        static LESSON: $crate::Lesson = $crate::Lesson {
            name: env!("CARGO_PKG_NAME"),
            about: env!("CARGO_PKG_DESCRIPTION"),
            address: concat!("127.0.0.1:", $port),
            finished: finished::FINISHED,
            tools: &[$($($tool),*)?],
            experiments: &[$(&$experiment::EXPERIMENT),*],
        };

        fn main() -> std::process::ExitCode {
            $crate::main(&LESSON)
        }
    };
}

/// The two sources of an experiment, beside the module that names them.
#[macro_export]
macro_rules! twins {
    () => {
        $crate::Twins {
            broken: $crate::Source { beside: file!(), name: "broken.rs", text: include_str!("broken.rs") },
            fixed: $crate::Source { beside: file!(), name: "fixed.rs", text: include_str!("fixed.rs") },
        }
    };
}
