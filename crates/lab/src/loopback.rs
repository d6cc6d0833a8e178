//! The line between the actors: 127.0.0.1 leads back to this machine, on most of them at once and without loss.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};

/// What to look at when 127.0.0.1 leads nowhere.
const ADVICE: &str = if cfg!(target_os = "linux") {
    "is the loopback interface up (`ip link show lo`), and does a firewall let it pass (`iptables -S`, `nft list ruleset`)?"
} else {
    "is the loopback interface up, and does a firewall let it pass?"
};

/// A delay that no undisturbed loopback interface has.
const SLOW: Duration = Duration::from_millis(1);

/// Connects to a socket of its own; done once, the answer is kept.
///
/// # Errors
///
/// That does not work: the message says why, and what to look at.
pub(crate) fn reachable() -> anyhow::Result<()> {
    static ANSWER: OnceLock<Result<(), String>> = OnceLock::new();
    let answer = ANSWER.get_or_init(|| try_to_connect().map_err(|error| error.to_string()));
    answer.clone().map_err(|why| anyhow!("127.0.0.1 cannot be reached: {why}; {ADVICE}"))
}

fn try_to_connect() -> anyhow::Result<()> {
    /// Two seconds together. Several tries, since the kernel sends a lost SYN again only after a second.
    const TRIES: [u64; 3] = [300, 600, 1100];
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    for milliseconds in TRIES {
        match TcpStream::connect_timeout(&address, Duration::from_millis(milliseconds)) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::TimedOut => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("a connection to itself was not made within {} seconds", TRIES.iter().sum::<u64>() / 1000)
}

/// What was seen of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// The longest that a datagram took; zero where all were there as soon as they were sent, as they are on an
    /// undisturbed loopback interface.
    pub(crate) delay: Duration,
    /// A datagram did not come.
    pub(crate) loses: bool,
}

impl Line {
    /// How long nothing must have changed until nothing is under way: zero on an undisturbed line, where what is sent has
    /// arrived. `moving`: the kernel's tables show that something is under way, or gets lost and is sent again.
    pub(crate) fn rest(&self, moving: bool) -> Duration {
        /// What is under way changes nothing that can be seen for as long as this many delays: it comes, and so does what
        /// the kernel says to it.
        const DELAYS: u32 = 5;
        /// Whatever makes the line slow may be late itself.
        const LATE: Duration = Duration::from_millis(50);
        /// A SYN is sent again after 1 and after 3 seconds (RFC 6298 section 2), bytes sooner.
        const SENT_AGAIN: Duration = Duration::from_secs(4);
        /// Longer than this nobody waits.
        const MOST: Duration = Duration::from_secs(5);
        let rest = if self.fault().is_none() {
            Duration::ZERO
        } else if moving {
            SENT_AGAIN.max(DELAYS * self.delay)
        } else {
            DELAYS * self.delay + LATE
        };
        rest.min(MOST)
    }

    /// What is wrong with it, as a sentence.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.loses {
            Some("packets get lost on this machine's loopback interface".to_string())
        } else if self.delay > SLOW {
            let milliseconds = self.delay.as_millis();
            Some(format!("this machine's loopback interface delays what is sent by up to {milliseconds} ms"))
        } else {
            None
        }
    }
}

/// The line of this machine, measured once. Takes 1 or 2 ms where nothing is wrong with it.
pub(crate) fn line() -> Line {
    static LINE: OnceLock<Line> = OnceLock::new();
    // Without a socket there is nothing to measure, and plays say so themselves.
    *LINE.get_or_init(|| measure().unwrap_or_default())
}

/// Datagrams that are sent to measure the line. Where one of twenty gets lost, all of these come once in 30,000 times.
const DATAGRAMS: usize = 200;

/// Sends datagrams to a socket of its own and looks when they come.
fn measure() -> io::Result<Line> {
    /// Where nothing has come for so long, and for several times as long as the slowest took, the rest is lost.
    const LATEST: Duration = Duration::from_millis(300);
    let mut probe = Probe::start()?;
    let at_once =
        (0..DATAGRAMS).filter(|number| probe.send() && probe.next().is_ok_and(|came| came == *number)).count();
    probe.socket.set_nonblocking(false)?;
    while probe.came < DATAGRAMS {
        probe.socket.set_read_timeout(Some(LATEST.max(5 * probe.slowest)))?;
        if matches!(probe.next(), Err(error) if error.kind() != ErrorKind::Interrupted) {
            break;
        }
    }
    // What this thread measures is also how long it was kept from looking. But where nothing delays a datagram, it has
    // come when `send` returns, but for some on a busy machine.
    let delay = if at_once > DATAGRAMS / 2 { Duration::ZERO } else { probe.slowest };
    Ok(Line { delay, loses: probe.came < DATAGRAMS })
}

struct Probe {
    socket: UdpSocket,
    /// When each was sent, and whether it is still to come.
    sent: Vec<(Instant, bool)>,
    came: usize,
    slowest: Duration,
}

impl Probe {
    fn start() -> io::Result<Probe> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.connect(socket.local_addr()?)?;
        socket.set_nonblocking(true)?;
        Ok(Probe { socket, sent: Vec::with_capacity(DATAGRAMS), came: 0, slowest: Duration::ZERO })
    }

    fn send(&mut self) -> bool {
        let number = self.sent.len() as u8;
        self.sent.push((Instant::now(), true));
        self.socket.send(&[number]).is_ok()
    }

    /// The number of the next datagram that has come, or waits for it.
    fn next(&mut self) -> io::Result<usize> {
        let mut number = [0];
        self.socket.recv(&mut number)?;
        let number = usize::from(number[0]);
        // It may come twice.
        if let Some((sent, to_come)) = self.sent.get_mut(number).filter(|(_, to_come)| *to_come) {
            *to_come = false;
            self.came += 1;
            self.slowest = self.slowest.max(sent.elapsed());
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_this_machine_can_be_measured() {
        let begin = Instant::now();
        let line = measure().expect("a socket of its own");
        println!("{line:?}, measured in {:?}", begin.elapsed());
        assert!(line == Line::default() || line.fault().is_some() || line.delay <= SLOW, "{line:?}");
    }

    #[test]
    fn an_undisturbed_line_is_not_waited_for() {
        let line = |milliseconds, loses| Line { delay: Duration::from_millis(milliseconds), loses };
        for moving in [false, true] {
            assert_eq!(line(0, false).rest(moving), Duration::ZERO);
            assert_eq!(line(1, false).rest(moving), Duration::ZERO);
            assert_eq!(line(9000, false).rest(moving), Duration::from_secs(5));
        }
        for (moving, rests) in [(false, [50, 300]), (true, [4000, 4000])] {
            let rests = rests.map(Duration::from_millis);
            assert_eq!([line(0, true), line(50, false)].map(|line| line.rest(moving)), rests);
        }
    }

    #[test]
    fn a_fault_of_the_line_is_a_sentence() {
        let delays = |milliseconds| Line { delay: Duration::from_millis(milliseconds), loses: false };
        assert_eq!(delays(0).fault(), None);
        let slow = delays(50).fault().expect("slow");
        assert_eq!(slow, "this machine's loopback interface delays what is sent by up to 50 ms");
        let lossy = Line { loses: true, ..delays(50) }.fault().expect("lossy");
        assert_eq!(lossy, "packets get lost on this machine's loopback interface");
    }
}
