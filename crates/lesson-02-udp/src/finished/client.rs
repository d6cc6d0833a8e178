//! The client of the finished program.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use lab::clap::{Arg, ArgMatches, Command, value_parser};

use super::stamp::{STAMP, is_stamped};
use super::{LARGEST, count, shown};

/// The longest line whose answer fits in one datagram, bytes.
const LONGEST: usize = LARGEST - STAMP;
/// So many lines are asked for from one port.
const LINES: usize = 64;

pub(super) fn options(command: Command) -> Command {
    command
        .arg(
            Arg::new("timeout")
                .long("timeout")
                .value_name("SECONDS")
                .value_parser(seconds)
                .default_value("1")
                .conflicts_with("name")
                .help("Ask again when no answer came for so long; the next wait is twice as long, and so on"),
        )
        .arg(
            Arg::new("tries")
                .long("tries")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=10))
                .default_value("4")
                .conflicts_with("name")
                .help("Ask so often before giving up"),
        )
        .after_help("Each line of standard input is one question; an empty one ends the client.")
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        Some(time) if time >= Duration::from_millis(1) && time <= Duration::from_secs(3600) => Ok(time),
        _ => Err("give seconds, from 0.001 to 3600".to_string()),
    }
}

pub(super) fn run(addr: SocketAddr, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let timeout = *matches.get_one("timeout").context("an option without a value")?;
    let tries = *matches.get_one("tries").context("an option without a value")?;
    let mut client = Client { addr, timeout, tries, socket: connect(addr)?, asked: HashSet::new() };
    let mut input = io::stdin().lock();
    let prompts = io::stdin().is_terminal();
    let mut code = ExitCode::SUCCESS;
    loop {
        if prompts {
            write!(io::stdout(), "> ")?;
            io::stdout().flush()?;
        }
        let mut line = Vec::new();
        // A line is one datagram, so no more of it is ever held than a datagram and a byte.
        (&mut input).take(LONGEST as u64 + 1).read_until(b'\n', &mut line).context("cannot read standard input")?;
        if line.ends_with(b"\n") {
            line.pop();
            if cfg!(windows) && line.ends_with(b"\r") {
                line.pop();
            }
        } else if line.len() > LONGEST {
            input.skip_until(b'\n').context("cannot read standard input")?;
        }
        if line.is_empty() {
            return Ok(code);
        }
        match refusal(&line).map_or_else(|| client.ask(&line), |why| Ok(Err(why)))? {
            Ok(answer) => {
                let (stamp, data) = answer.split_at(STAMP);
                writeln!(io::stdout(), "{}{}", shown(stamp), shown(data))?;
            }
            // The next line may well be one that can be asked.
            Err(why) => {
                eprintln!("error: {why}");
                code = ExitCode::FAILURE;
            }
        }
    }
}

/// Why there can be no answer to this line.
fn refusal(line: &[u8]) -> Option<String> {
    if line.len() > LONGEST {
        Some(format!("not asked: a line has at most {LONGEST} bytes, or its answer would not fit in one datagram"))
    } else if is_stamped(line) {
        Some(
            "not asked: a server takes a line that begins with a time stamp for an answer, and answers none"
                .to_string(),
        )
    } else {
        None
    }
}

/// A socket with a port of its own that hears nobody but the server: what others send to this port, the kernel throws
/// away (connect(2)).
fn connect(addr: SocketAddr) -> anyhow::Result<UdpSocket> {
    let any: IpAddr = match addr {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).context("cannot open a socket")?;
    socket.connect(addr).with_context(|| format!("cannot reach {addr}"))?;
    Ok(socket)
}

/// What became of one try.
enum Answer {
    Came(Vec<u8>),
    /// Not in time.
    Late,
    /// There is none: nobody has the server's port.
    Nobody,
}

struct Client {
    addr: SocketAddr,
    /// The first wait.
    timeout: Duration,
    tries: u32,
    socket: UdpSocket,
    /// The lines that were asked from this port.
    asked: HashSet<Vec<u8>>,
}

impl Client {
    /// Asks until the answer comes, and waits longer each time; or says why this line cannot be asked.
    ///
    /// One question is under way at a time, so there is never more than one datagram in a round trip; the first wait is
    /// 1 second unless told otherwise, since the round trip is not known, and each is twice the one before (RFC 8085,
    /// sections 3.1.1 and 3.1.3; RFC 6298, section 2). Up to half as much again is left to chance, so that clients that
    /// lost their answers together do not ask again together.
    ///
    /// # Errors
    ///
    /// No answer came to any try.
    fn ask(&mut self, line: &[u8]) -> anyhow::Result<Result<Vec<u8>, String>> {
        self.take_port(line)?;
        let mut wait = self.timeout;
        for _ in 0..self.tries {
            match self.socket.send(line) {
                Ok(_) => {}
                // About an earlier datagram, and this one was not sent (udp(7)): it counts as a try.
                Err(error) if found_nobody(&error) => continue,
                // Most often: some systems send less than a datagram can hold (macOS: 9216 bytes).
                Err(error) => {
                    return Ok(Err(format!("not asked: {} cannot be sent: {error}", count(line.len(), "byte"))));
                }
            }
            match self.answer(line, wait.mul_f64(1.0 + chance() / 2.0))? {
                Answer::Came(answer) => return Ok(Ok(answer)),
                Answer::Late => wait *= 2,
                // The next line may find somebody: a server that is started again is away for a moment.
                Answer::Nobody => {
                    let addr = self.addr;
                    return Ok(Err(format!("nobody receives datagrams at {addr}; does the server run?")));
                }
            }
        }
        bail!("no answer from {} after {}", self.addr, count(self.tries as usize, "try").replace("trys", "tries"))
    }

    /// Makes sure that no answer that is still under way can pass for the answer to this line. Every answer names its
    /// question, so that is only possible when the same line was asked before: then it is asked from another port, and
    /// what comes to the old one finds nobody.
    fn take_port(&mut self, line: &[u8]) -> anyhow::Result<()> {
        if self.asked.contains(line) || self.asked.len() == LINES {
            self.socket = connect(self.addr)?;
            self.asked.clear();
        }
        self.asked.insert(line.to_vec());
        Ok(())
    }

    /// Waits for the answer to this line. Anything else that comes is passed over: an answer that is late, or one that
    /// came twice.
    fn answer(&self, line: &[u8], wait: Duration) -> anyhow::Result<Answer> {
        let until = Instant::now() + wait;
        let mut buffer = vec![0; LARGEST + 1];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Answer::Late);
            }
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.recv(&mut buffer) {
                Ok(got) if is_stamped(&buffer[..got]) && &buffer[STAMP..got] == line => {
                    buffer.truncate(got);
                    return Ok(Answer::Came(buffer));
                }
                Ok(got) => {
                    eprintln!("passed over {}: not the answer to this line", count(got, "byte"));
                }
                // The time is up: `WouldBlock` on Unix, `TimedOut` on Windows.
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if found_nobody(&error) => return Ok(Answer::Nobody),
                Err(error) => return Err(error).with_context(|| format!("cannot hear {}", self.addr)),
            }
        }
    }
}

/// The machine of the server has said that nobody has this port (ICMP port unreachable). Windows calls it a reset.
fn found_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}

/// From 0 to 1, another one each time: the standard library seeds its hash tables by chance.
fn chance() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

// On loopback Linux has the error before the send returns.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_an_earlier_datagram_costs_the_next_line_nothing() -> anyhow::Result<()> {
        let away = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = away.local_addr()?;
        let mut client =
            Client { addr, timeout: Duration::from_secs(30), tries: 2, socket: connect(addr)?, asked: HashSet::new() };
        // To everybody but itself the port is dead.
        away.connect(addr)?;
        client.socket.send(b"earlier")?;
        drop(away);
        let server = UdpSocket::bind(addr)?;
        server.set_read_timeout(Some(client.timeout))?;
        let answer = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut buffer = [0; 100];
                let (got, sender) = server.recv_from(&mut buffer).expect("the question");
                let answer = [&b"[Thu Nov 20 23:47:00 2025] "[..], &buffer[..got]].concat();
                server.send_to(&answer, sender).expect("it is sent");
            });
            client.ask(b"hello")
        })?;
        assert_eq!(answer, Ok(b"[Thu Nov 20 23:47:00 2025] hello".to_vec()));
        Ok(())
    }
}
