//! What an experiment is: a play, two casts and a judge.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::time::Duration;

use crate::lesson::dissect::{Misread, Span};
use crate::record::{Cast, Record, Role, Way};
use crate::rules::Form;
use crate::stage::Stage;
use crate::verdict::Finding;

/// A program of an experiment: it serves at, or connects to, this address and returns when it is done.
pub type Program = fn(SocketAddr) -> io::Result<()>;

/// Who plays a side.
pub enum Side {
    /// The side with the mistake, as people write it first and mended.
    Twins {
        /// With the one mistake.
        broken: Program,
        /// Without it.
        fixed: Program,
    },
    /// The innocent other side, the same in both performances.
    Peer(Program),
}

impl Side {
    /// The program that plays this side; `None` when a broken form is asked for that does not exist.
    pub(crate) fn program(&self, broken: bool) -> Option<Program> {
        match self {
            Side::Twins { broken: program, .. } if broken => Some(*program),
            Side::Twins { fixed, .. } => Some(*fixed),
            Side::Peer(_) if broken => None,
            Side::Peer(program) => Some(*program),
        }
    }
}

/// One mistake that shows itself every time.
pub struct Experiment {
    /// The name on the command line: `split-header`.
    pub name: &'static str,
    /// The reader's own question, one line.
    pub question: &'static str,
    /// The two files whose difference is the lesson.
    pub twins: Twins,
    /// Who serves.
    pub server: Side,
    /// Who connects.
    pub client: Side,
    /// A third party with a program of its own, in `attacker.rs`: it is given the address of the server. One that stands
    /// between says `listening on ADDR` first, as servers do.
    pub attacker: Option<Program>,
    /// Which side a program of the learner's own can take.
    pub check: Check,
    /// What the machine must offer.
    pub needs: &'static [Need],
    /// Drives the stage. An error means that the lab failed or that the trap could not be laid: no verdict.
    pub play: fn(&mut Stage) -> anyhow::Result<()>,
    /// Says what the record shows.
    pub judge: fn(&Record) -> Finding,
    /// Names the bytes of one direction for `--wire`.
    pub dissect: fn(Way, &[u8]) -> Vec<Span>,
    /// What a server with this mistake reads those bytes as; `None` where it reads them as they are meant.
    pub misread: Option<Misread>,
    /// The wire that a program of one's own has to speak here, a line each: what is sent, what is expected, limits, who
    /// ends, the time limits that the trap needs. `check` prints it first.
    pub wire: &'static [&'static str],
    /// The forms of the trap that a program of one's own on this side is put under. The first is the one of [`play`](Self::play), and
    /// our own casts are judged by its rules too.
    pub forms: fn(Role) -> Vec<Form>,
    /// How the lesson's finished program comes through the same trap; `None` where its wire has no place for it.
    pub finished: Option<Rehearsal>,
}

/// The bytes that are expected in one direction of a stream; or one datagram, where several entries of the same
/// connection and direction are datagrams in the order in which they are expected.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The connection, counted from 1.
    pub connection: usize,
    /// The direction.
    pub way: Way,
    /// All bytes of this direction, or of this datagram.
    pub bytes: Vec<u8>,
}

/// The finished program in the play of an experiment: both sides are its own.
pub struct Rehearsal {
    /// The play, if it has to be another one: a trap that waits for a line of the twin, or one that this client would
    /// never walk into.
    pub play: Option<fn(&mut Stage) -> anyhow::Result<()>>,
    /// What the machine must offer, in addition to the needs of the experiment.
    pub needs: &'static [Need],
    /// Further arguments of its server.
    pub serve: &'static [&'static str],
    /// Further arguments of its client.
    pub connect: &'static [&'static str],
    /// What its client is told to do, line by line, instead of the experiment's own lines.
    pub input: &'static [&'static str],
    /// Says what the record shows.
    pub judge: fn(&Record) -> Finding,
    /// Names the bytes of one direction for `--wire`.
    pub dissect: fn(Way, &[u8]) -> Vec<Span>,
}

/// What most experiments leave as it is: `..lab::EXPERIMENT`.
pub const EXPERIMENT: Experiment = Experiment {
    name: "",
    question: "",
    twins: Twins {
        broken: Source { beside: "", name: "", text: "" },
        fixed: Source { beside: "", name: "", text: "" },
    },
    server: Side::Peer(nothing),
    client: Side::Peer(nothing),
    attacker: None,
    check: Check::No("nothing of it can be checked"),
    needs: &[],
    play: |_| Ok(()),
    judge: |_| Finding::Other("nothing is documented of it".to_string()),
    dissect: crate::lesson::dissect::dissect_text,
    misread: None,
    wire: &[],
    forms: |_| Vec::new(),
    finished: None,
};

fn nothing(_: SocketAddr) -> io::Result<()> {
    Ok(())
}

impl Experiment {
    /// Names the bytes of one direction, as this cast means them.
    pub(crate) fn dissect(&self, cast: Cast) -> fn(Way, &[u8]) -> Vec<Span> {
        match &self.finished {
            Some(rehearsal) if cast == Cast::Finished => rehearsal.dissect,
            _ => self.dissect,
        }
    }
}

/// The sources of the two twins.
pub struct Twins {
    /// With the mistake.
    pub broken: Source,
    /// Mended.
    pub fixed: Source,
}

/// A source file: where it is, seen from the top of the workspace, and its text when the lesson was built.
pub struct Source {
    /// The file of the module that named it, as `file!()` gives it.
    pub beside: &'static str,
    /// The file's own name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Source {
    /// The path from the top of the workspace, with `/` on every system.
    pub fn path(&self) -> String {
        let folder = Path::new(self.beside).parent().unwrap_or(Path::new(""));
        folder.join(self.name).to_string_lossy().replace('\\', "/")
    }
}

/// The side that `check` gives to the learner's program.
pub enum Check {
    /// This one.
    Side(Role),
    /// Either.
    Either,
    /// None, with the reason.
    No(&'static str),
}

impl Check {
    /// Whether a program of one's own can take this side; the reason when it cannot.
    pub(crate) fn allows(&self, role: Role) -> Result<(), String> {
        match self {
            Check::Either => Ok(()),
            Check::Side(side) if *side == role => Ok(()),
            Check::Side(side) => Err(format!("the mistake is on the other side here: use --{}", side.name())),
            Check::No(reason) => Err((*reason).to_string()),
        }
    }
}

/// What the machine must offer for an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The socket tables of Linux.
    SocketTables,
    /// Linux, for the reason given.
    Linux(&'static str),
    /// Any Unix, for the reason given.
    Unix(&'static str),
    /// A program that can be started by this name.
    Program(&'static str),
    /// A loopback interface with the address ::1 (RFC 4291 section 2.5.3).
    Ipv6,
    /// A loopback interface that says when a datagram finds nobody (ICMP port unreachable, RFC 1122 section 3.2.2.1): a
    /// firewall may keep that from its sender.
    PortUnreachable,
    /// Socket buffers about as large as Linux makes them by itself (`tcp_rmem` and `tcp_wmem`, tcp(7)): what fits into them
    /// is what this shows. Other systems are taken to have such.
    UsualBuffers,
    /// A machine that puts the lowest byte of a number first, as nearly all do.
    LittleEndian,
}

impl Need {
    /// Why this machine does not do; `None` when it does.
    pub fn missing(self) -> Option<String> {
        match self {
            Need::SocketTables if !crate::kernel::sees_sockets() => {
                Some("needs the socket tables of Linux, which this system does not have".to_string())
            }
            Need::Linux(reason) if !cfg!(target_os = "linux") => Some(format!("Linux only: {reason}")),
            Need::Unix(reason) if !cfg!(unix) => Some(format!("Unix only: {reason}")),
            Need::Program(name) if !can_be_started(name) => Some(format!("needs {name}, which is not installed here")),
            Need::Ipv6 if !has_ipv6() => {
                Some("needs IPv6: a socket cannot be bound to ::1, so it is switched off here".to_string())
            }
            Need::PortUnreachable if !tells_of_closed_ports() => {
                Some("needs ICMP on the loopback interface: a firewall here throws it away".to_string())
            }
            Need::UsualBuffers => unusual_buffers(),
            Need::LittleEndian if cfg!(target_endian = "big") => {
                Some("this machine's byte order is that of the network, so the mistake does not show".to_string())
            }
            _ => None,
        }
    }
}

/// Whether the sender of a datagram to a port without a socket is told so.
fn tells_of_closed_ports() -> bool {
    const WAIT: Duration = Duration::from_millis(500);
    let told = || -> std::io::Result<bool> {
        let closed = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.connect(closed)?;
        socket.set_read_timeout(Some(WAIT))?;
        socket.send(b"?")?;
        let error = socket.recv(&mut [0]).err().map(|error| error.kind());
        Ok(matches!(error, Some(ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)))
    };
    // Somebody may have taken the port in between, or the line be slow; what goes wrong here goes wrong in the play too.
    (0..3).any(|_| told().unwrap_or(true))
}

/// What is unusual about the sizes of socket buffers here.
fn unusual_buffers() -> Option<String> {
    const KIB: u64 = 1024;
    // The smallest and the largest first size, and the least that it may grow to.
    let usual = [("tcp_rmem", 64 * KIB, 1024 * KIB, 1024 * KIB), ("tcp_wmem", 16 * KIB, 1024 * KIB, 256 * KIB)];
    usual.into_iter().find_map(|(name, smallest, largest, most)| {
        let text = std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).ok()?;
        let sizes: Vec<u64> = text.split_whitespace().filter_map(|size| size.parse().ok()).collect();
        let [_, first, last] = sizes[..] else { return None };
        let is_usual = (smallest..=largest).contains(&first) && last >= most;
        (!is_usual).then(|| {
            format!(
                "needs the usual socket buffers; here net.ipv4.{name} is {first} bytes at first, and at most {last}"
            )
        })
    })
}

/// Whether a socket can be bound to ::1.
fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

/// Whether one of the folders of `PATH` holds a program of this name.
fn can_be_started(name: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&folders).any(|folder| folder.join(&file).is_file())
}
