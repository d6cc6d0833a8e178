//! The stage on which one play is performed by three casts: broken, fixed and yours.
//!
//! ```text
//!   lesson.rs      the table of a lesson and its finished program
//!   cli.rs         list, run, serve, connect, attack, diff, check     options.rs   of finished programs
//!   experiment.rs  what an experiment is
//!   performance.rs one performance by one cast    verdict.rs   what came of it
//!   stage.rs       starts the actors, waits for conditions, notices who hangs
//!   actor.rs       one process on the stage       guard.rs     nothing outlives the lab
//!   relay.rs       hands bytes on                 script.rs    what it is told to do with them
//!   datagrams.rs   hands datagrams on             bridge.rs     between two servers
//!   own_server.rs  a server for a tool of a lesson
//!   attacker.rs    a third party that the lab plays itself; datagram_attacker.rs: the same with datagrams
//!   directory.rs   where the actors are
//!   watch.rs       notices when nothing is under way any more
//!   descriptors.rs closes a socket at once, whoever starts a process meanwhile
//!   kernel.rs      what the kernel knows of sockets and processes
//!   record.rs      who did what, in which order   recorder.rs  takes it down, within limits
//!   story.rs       the record as text             dissect.rs   names for its bytes
//!   changes.rs     broken and fixed, the lines that differ
//!   testing.rs     what the tests of every lesson need
//! ```
//!
//! The way of a byte: a client process writes it, the relay hands it on and puts it on the record, the server process
//! reads it, the judge of the experiment looks at the record, the story tells it.

mod actor;
mod attacker;
mod bridge;
mod changes;
mod cli;
mod datagram_attacker;
mod datagrams;
mod descriptors;
mod directory;
mod dissect;
mod experiment;
mod guard;
pub mod kernel;
mod lesson;
pub mod options;
mod own_server;
mod paint;
mod performance;
mod poll;
mod record;
mod recorder;
mod relay;
mod script;
mod stage;
mod story;
pub mod testing;
mod verdict;
mod watch;

pub use attacker::Attacker;
pub use clap;
pub use cli::main;
pub use datagram_attacker::DatagramAttacker;
pub use datagrams::{Fate, Fates};
pub use dissect::{Span, dissect_frames, dissect_lines, dissect_text, dissect_with};
pub use experiment::{Check, Experiment, Need, Program, Rehearsal, Side, Source, Twins, Wanted};
pub use lesson::{Finished, Lesson, Tool, Utility};
pub use own_server::OwnServer;
pub use performance::{Performance, perform};
pub use record::{CLIENT, Cast, Event, Exit, Hang, Record, Role, SERVER, Stream, Way, What, Who};
pub use script::{At, Extent, Layout, Script, Step, length_prefixed};
pub use stage::{Stage, Yours};
pub use verdict::{Finding, Verdict, Void};
