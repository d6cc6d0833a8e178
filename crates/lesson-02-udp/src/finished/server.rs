//! The server of the finished program.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::process::{self, ExitCode};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use common::accept::{About, about};
use common::server::{flush, say};
use lab::clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use lab::hints;

use super::guard::{self, Admission, Rate};
use super::stamp::{self, Clock, STAMP};
use super::{count, is_local};

/// No datagram is larger than this, whatever carries it: the length in its header has 16 bits (RFC 768). A smaller buffer
/// would cut datagrams, and Windows would report an error instead of the bytes.
const ROOM: usize = 65_535;
/// So many errors in a row, with no datagram between them, and the socket is taken to be of no use any more.
const ERRORS: u32 = 100;
/// How long to wait when the machine has no memory for a datagram.
const SHORTAGE: Duration = Duration::from_millis(500);
/// How long the reader of the log may take at the end.
const FLUSH: Duration = Duration::from_secs(1);

pub(super) fn options(command: Command) -> Command {
    let flag = |name| Arg::new(name).long(name).action(ArgAction::SetTrue).conflicts_with("name");
    command
        .arg(flag("allow-exit").help(
            "A datagram of the four bytes exit is answered and ends the server. Without this it is answered like any \
             other: a datagram proves nothing about its sender, so whoever can send one could stop the server",
        ))
        .arg(flag("public").help("Listen on an address that other machines can reach"))
        .arg(
            Arg::new("rate")
                .long("rate")
                .value_name("DATAGRAMS")
                .value_parser(value_parser!(u32).range(1..=1_000_000))
                .default_value("100")
                .conflicts_with("name")
                .help("The most datagrams of one sender that are answered in a second"),
        )
        .arg(
            Arg::new("clock")
                .long("clock")
                .value_name("TIME")
                .value_parser(stamp::stopped)
                .conflicts_with("name")
                .help("Put this time before every answer, for tests: \"Thu Nov 20 23:47:00 2025\""),
        )
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if addr.ip().is_unspecified() {
        bail!(
            "{addr} stands for every address of this machine, and the kernel chooses which of them an answer comes from; \
             name the one that clients ask, such as 127.0.0.1:{}",
            addr.port()
        );
    }
    if !is_local(addr) && !matches.get_flag("public") {
        bail!(
            "{addr} can be reached by other machines; use a loopback address such as 127.0.0.1:{}, or say --public",
            addr.port()
        );
    }
    let rate = matches.get_one("rate").copied().context("an option without a value")?;
    let socket = UdpSocket::bind(addr).map_err(|error| hints::cannot_receive(addr, &error))?;
    let own = socket.local_addr()?;
    let answered = Arc::new(Mutex::new(0));
    let stopped = answered.clone();
    ctrlc::set_handler(move || {
        // Held until the process is gone: an answer that has begun is given and on the log, and no other one begins.
        let answered = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        say(format_args!("stopped after {}", count(*answered, "answer")));
        flush(FLUSH);
        process::exit(0);
    })
    .context("cannot prepare for being stopped")?;
    let mut server = Server {
        socket,
        own_port: own.port(),
        clock: matches.get_one("clock").copied().map_or(Clock::Local, Clock::Stopped),
        rate: Rate::new(rate, Instant::now()),
        allow_exit: matches.get_flag("allow-exit"),
    };
    say(format_args!("listening on {own}"));
    server.serve(&answered)
}

struct Server {
    socket: UdpSocket,
    own_port: u16,
    clock: Clock,
    rate: Rate,
    allow_exit: bool,
}

impl Server {
    /// Answers one datagram after the other. Nothing that comes is an error for the server.
    fn serve(&mut self, answered: &Mutex<usize>) -> anyhow::Result<ExitCode> {
        // The answer is made in place: the stamp goes before what is received.
        let mut buffer = vec![0; STAMP + ROOM];
        let mut errors = 0;
        loop {
            let (got, sender) = match self.socket.recv_from(&mut buffer[STAMP..]) {
                Ok(received) => received,
                // The process was stopped and goes on (Ctrl-Z and fg).
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if about(&error) == About::Shortage => {
                    say(format_args!("nothing can be received for now: {error}"));
                    thread::park_timeout(SHORTAGE);
                    continue;
                }
                // A receive may report what became of an earlier answer: its receiver had gone (ICMP port unreachable).
                // Windows does so for a socket like this one, as ConnectionReset; it says nothing about the next datagram.
                Err(error) => {
                    say(format_args!("a receive failed: {error}"));
                    errors += 1;
                    if errors == ERRORS {
                        return Err(error).context("cannot receive any more");
                    }
                    continue;
                }
            };
            errors = 0;
            let mut answered = answered.lock().unwrap_or_else(PoisonError::into_inner);
            if !self.answer(&mut buffer[..STAMP + got], sender) {
                continue;
            }
            *answered += 1;
            if self.allow_exit && &buffer[STAMP..STAMP + got] == b"exit" {
                say(format_args!("{sender} ended the server after {}", count(*answered, "answer")));
                flush(FLUSH);
                return Ok(ExitCode::SUCCESS);
            }
        }
    }

    /// Sends back a datagram, before which there is room for the stamp, and says whether it did.
    fn answer(&mut self, datagram: &mut [u8], sender: SocketAddr) -> bool {
        let size = datagram.len() - STAMP;
        match self.rate.admit(sender, Instant::now()) {
            Admission::Granted => {}
            Admission::Exceeded => {
                say(format_args!(
                    "{sender} sends more than {} a second: no answer",
                    count(self.rate.per_second(), "datagram")
                ));
                return false;
            }
            Admission::StillExceeded => return false,
        }
        if let Some(why) = guard::refusal(sender, self.own_port, &datagram[STAMP..]) {
            say(format_args!("{sender} sent {}, no answer: {why}", count(size, "byte")));
            return false;
        }
        datagram[..STAMP].copy_from_slice(&self.clock.stamp());
        match self.socket.send_to(datagram, sender) {
            Ok(_) => {
                say(format_args!("{sender} sent {}, answered with {}", count(size, "byte"), datagram.len()));
                true
            }
            // Most often: 27 bytes more are more than a datagram holds.
            Err(error) => {
                let answer = datagram.len();
                say(format_args!("{sender} sent {}, no answer: {answer} cannot be sent: {error}", count(size, "byte")));
                false
            }
        }
    }
}
