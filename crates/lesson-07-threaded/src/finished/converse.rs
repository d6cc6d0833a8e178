//! `converse`: serves the one connection that is its standard input. So it can be started by a server with a process for
//! each client, by inetd(8), or by anything else that accepts connections.

use std::process::ExitCode;

use lab::Utility;
use lab::clap::builder::Resettable;

use super::options;

pub(crate) const CONVERSE: Utility = Utility {
    name: "converse",
    about: "Serve the one connection that is its standard input, as a child of inetd does (Unix)",
    options: |command| {
        // There are no experiments here that the options could not go with.
        let command = options::limits(command).mut_args(|arg| arg.conflicts_with(Resettable::Reset));
        command.after_help("`serve --form processes` starts it, once for each client.")
    },
    run: |matches| {
        serve(options::limits_of(matches)?)?;
        Ok(ExitCode::SUCCESS)
    },
};

#[cfg(not(unix))]
fn serve(_: super::ending::Limits) -> anyhow::Result<()> {
    anyhow::bail!("{}", super::shared::UNIX_ONLY)
}

#[cfg(unix)]
fn serve(limits: super::ending::Limits) -> anyhow::Result<()> {
    use std::io::{self, Write};
    use std::net::{Shutdown, TcpStream};
    use std::os::fd::AsFd;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use anyhow::Context;
    use common::server::linger;

    use super::blocking::{guarded, hold};
    use super::ending::told;

    /// How long, and for how many bytes, the client's end is awaited (see parting.rs).
    const PARTING: Duration = Duration::from_secs(1);
    const BYTES: u64 = 1024 * 1024;

    let stream = Arc::new(TcpStream::from(io::stdin().as_fd().try_clone_to_owned()?));
    stream.local_addr().context("standard input is no connection; `serve --form processes` starts this")?;
    let stopping = Arc::new(AtomicBool::new(false));
    let (signalled, waits_at) = (stopping.clone(), stream.clone());
    ctrlc::set_handler(move || {
        signalled.store(true, Ordering::SeqCst);
        // It fails when the client has gone, and then there is nothing to stop.
        let _ = waits_at.shutdown(Shutdown::Read);
    })
    .context("cannot prepare for being stopped")?;
    let (commands, end) = guarded(|| hold(&stream, limits, || stopping.load(Ordering::SeqCst)));
    // It fails when the client has gone, and then there is nobody to tell.
    let _ = (&*stream).write_all(end.last_word().as_bytes());
    linger(&stream, PARTING, BYTES);
    // Its parent reads it. If it does not any more, there is nobody to tell.
    let _ = writeln!(io::stdout(), "{}", told(commands, &end));
    Ok(())
}
