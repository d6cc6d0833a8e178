//! The stage on which one play is performed by three casts: broken, fixed and yours.
//!
//! ```text
//!   lesson/      what a lesson hands in: experiments, names for bytes, options of finished programs
//!   stage/       starts the actors, lays the trap, waits for conditions, notices who hangs
//!   attacker/    third parties that the lab plays itself
//!   relay/       hands bytes and datagrams on as its script says
//!   process/     starts, limits and ends processes; nothing outlives the lab
//!   kernel/      what the kernel knows of sockets and processes; it only looks
//!   rules/       what a wire and its lesson require, and what counts everywhere
//!   record/      who did what, in which order
//!   story/       the record as text
//!   cli/         list, run, serve, connect, attack, trap, diff, check
//!   performance  one performance by one cast       verdict    what came of it
//!   watch        notices when nothing is under way  directory  where the actors are
//!   poll         waits for a condition             testing    what the tests of every lesson need
//!   loopback     the line between the actors     standstill  notices that the play was stopped for a moment
//! ```
//!
//! The way of a byte: a client process writes it, the relay hands it on and puts it on the record, the server process
//! reads it, the judge of the experiment looks at the record, the story tells it.

mod attacker;
mod cli;
mod directory;
pub mod kernel;
mod lesson;
mod loopback;
mod performance;
mod poll;
mod process;
mod record;
mod relay;
mod rules;
mod stage;
mod standstill;
mod story;
pub mod testing;
mod verdict;
mod watch;

pub use attacker::{Attacker, DatagramAttacker};
pub use clap;
pub use cli::main;
pub use lesson::dissect::{
    Misread, Names, Span, dissect_characters, dissect_frames, dissect_lines, dissect_text, dissect_utf8, dissect_with,
};
pub use lesson::experiment::{Check, EXPERIMENT, Experiment, Need, Program, Rehearsal, Side, Source, Twins, Wanted};
pub use lesson::{Finished, Lesson, Tool, Utility, hints, options};
pub use performance::{Performance, perform};
pub use process::launch::Yours;
pub use process::own_server::OwnServer;
pub use record::{CLIENT, Cast, Event, Exit, Hang, Record, Role, SERVER, Stream, Way, What, Who};
pub use relay::datagrams::{Fate, Fates};
pub use relay::script::{At, Extent, Layout, Script, Step, length_prefixed};
pub use rules::{Allowed, Form, Judgement, Rule, Seen, Violation, wire};
pub use stage::Stage;
pub use verdict::{Finding, Verdict, Void};
