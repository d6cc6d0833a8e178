//! What this lesson offers beside its experiments.
//!
//! ```text
//!   inspect.rs   what an address and its mask say
//!   resolve.rs   the addresses of a name
//!   ports.rs     the ranges of port numbers
//!   here.rs      the interfaces and neighbours of this machine
//! ```

use std::io::{self, Write};
use std::process::ExitCode;

pub(crate) mod here;
pub(crate) mod inspect;
pub(crate) mod ports;
pub(crate) mod resolve;

/// Usage errors, as the other commands report them.
const USAGE: u8 = 2;

/// Prints the whole answer. That nobody reads to its end is no error.
fn print(text: &str) -> anyhow::Result<ExitCode> {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Says what is missing on the command line.
fn usage(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::from(USAGE)
}
