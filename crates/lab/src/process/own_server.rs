//! A server for a tool of a lesson: the lesson's own program, started once more.

use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, bail};

use crate::process::descriptors;
use crate::process::{group, guard};

/// The longest first line that is waited for, bytes.
const LONGEST_LINE: u64 = 4096;

/// A process of its own that listens on a port. Dropping this kills it and everything it started; so does the end of the
/// tool, by Ctrl-C or in whatever way.
pub struct OwnServer {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl OwnServer {
    /// Starts `serve` with these options, which must make it print `listening on ADDR` first. What it prints later is
    /// thrown away.
    ///
    /// # Errors
    ///
    /// It ends, or prints something else first. The message is its own complaint where it made one.
    pub fn start(options: &[String]) -> anyhow::Result<OwnServer> {
        let guard = guard::raise().context("cannot start the process that cleans up behind a server")?;
        let mut command = Command::new(guard::own_program()?);
        command.arg("serve").args(options).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env(guard::MARK, guard.mark());
        group::own_group(&mut command);
        let mut child = descriptors::start(&mut command).context("cannot start the server")?;
        guard.watch(child.id());
        let (out, err) = (child.stdout.take(), child.stderr.take());
        // From here on whatever goes wrong ends the process.
        let mut server = OwnServer { child, address: SocketAddr::from(([0, 0, 0, 0], 0)) };
        let mut out = BufReader::new(out.context("its output is piped")?);
        let mut err = BufReader::new(err.context("its complaints are piped")?);
        let first = line(&mut out)?;
        match first.strip_prefix("listening on ").map(str::parse) {
            Some(Ok(address)) => server.address = address,
            _ if first.is_empty() => bail!("{}", line(&mut err)?.trim_start_matches("error: ")),
            _ => bail!("the server was to say first where it listens, and said: {first}"),
        }
        drain(out)?;
        drain(err)?;
        Ok(server)
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

/// Throws away whatever else comes, in a thread of its own.
fn drain(mut pipe: impl Read + Send + 'static) -> anyhow::Result<()> {
    let thread = thread::Builder::new().spawn(move || io::copy(&mut pipe, &mut io::sink()));
    thread.context("cannot start a thread")?;
    Ok(())
}

/// One line without its end; empty at the end of the output.
fn line(pipe: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    pipe.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_string())
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        group::kill_group(self.child.id());
        // Both fail only when it has already gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
        guard::forget(self.child.id());
    }
}
