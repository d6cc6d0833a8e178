//! What the kernel knows of sockets and processes.
//!
//! Verdicts rest on these answers and never on a clock. Linux answers through `sock_diag(7)` and `proc(5)`; on other
//! systems every question is answered with `None` and the caller falls back to a pause, and says so.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

pub(crate) mod gate;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
pub(crate) mod process;
#[cfg(target_os = "linux")]
mod sockets;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{
    activity, carrying, listens_at, memory, network_sockets, processor_time, reached_at, shares_descriptors, stopped,
    tcp_listening, tcp_pair, tcp_sockets, this_thread, thread_asleep, udp_bound, udp_of, udp_sockets,
};
#[cfg(target_os = "linux")]
pub use process::{
    activity, carrying, memory, network_sockets, processor_time, shares_descriptors, stopped, this_thread,
    thread_asleep,
};
#[cfg(target_os = "linux")]
pub use sockets::{listens_at, reached_at, tcp_listening, tcp_pair, tcp_sockets, udp_bound, udp_of, udp_sockets};

/// Whether this system lets the lab look into its socket tables. A Linux without `sock_diag(7)`, as in some sandboxes,
/// does not; then pauses have to do, as on other systems.
pub fn sees_sockets() -> bool {
    static SEES: OnceLock<bool> = OnceLock::new();
    *SEES.get_or_init(|| tcp_listening(1).is_some() && activity(std::process::id()).is_some())
}

/// Whether the processes that the lab sees are those that it starts.
///
/// # Errors
///
/// /proc belongs to another PID namespace (pid_namespaces(7)): the lab would look at somebody else's processes.
pub(crate) fn own_processes() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    if let Ok(seen) = std::fs::read_link("/proc/self") {
        anyhow::ensure!(
            seen.to_str() == Some(&std::process::id().to_string()),
            "/proc shows the processes of another PID namespace; mount this one's: mount -t proc proc /proc (unshare does it \
             with --mount-proc)"
        );
    }
    Ok(())
}

/// The ports that the kernel gives to who asks for none (`ip_local_port_range`, ip(7)). Where it does not tell, those that
/// Linux begins with; other systems have fewer of them.
pub(crate) fn chosen_ports() -> RangeInclusive<u16> {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ports = range.split_whitespace().map_while(|port| port.parse().ok());
    ports.next().unwrap_or(32_768)..=ports.next().unwrap_or(u16::MAX)
}

/// One socket as the kernel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The state of RFC 9293 section 3.3.2; for a datagram socket `Established` means connected.
    pub state: State,
    /// This end.
    pub local: SocketAddr,
    /// The other end; port 0 where there is none.
    pub remote: SocketAddr,
    /// Bytes that arrived and that the program has not read; a FIN is not counted. For a listener: connections that wait for `accept`.
    pub unread: u32,
    /// Bytes that the program wrote and that the other kernel has not acknowledged. For a listener: the backlog.
    pub unacknowledged: u32,
    /// The part of `unacknowledged` that has not even been sent yet (`tcpi_notsent_bytes`).
    pub unsent: u32,
    /// Payload bytes that arrived since the connection began (`tcpi_bytes_received`); a FIN counts as one.
    pub received: u64,
    /// The number of its inode (`sock_diag(7)`); 0 when no process has it open any more.
    pub inode: u32,
}

/// The states of a TCP connection, RFC 9293 section 3.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the standard's own")]
pub enum State {
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl State {
    /// The state for the number that Linux uses (`include/net/tcp_states.h`).
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux reports states as numbers"))]
    fn from_number(number: u8) -> Option<State> {
        Some(match number {
            1 => State::Established,
            2 => State::SynSent,
            3 | 12 => State::SynReceived,
            4 => State::FinWait1,
            5 => State::FinWait2,
            6 => State::TimeWait,
            7 => State::Closed,
            8 => State::CloseWait,
            9 => State::LastAck,
            10 => State::Listen,
            11 => State::Closing,
            _ => return None,
        })
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            State::Established => "ESTABLISHED",
            State::SynSent => "SYN-SENT",
            State::SynReceived => "SYN-RECEIVED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::TimeWait => "TIME-WAIT",
            State::Closed => "CLOSED",
            State::CloseWait => "CLOSE-WAIT",
            State::LastAck => "LAST-ACK",
            State::Listen => "LISTEN",
            State::Closing => "CLOSING",
        })
    }
}

/// Whether two ends are one place: the same port, and the same address or an unspecified one, which stands for all. An IPv4
/// address and its form in IPv6 (RFC 4291 section 2.5.5.2) are the same.
pub fn same_place(one: SocketAddr, other: SocketAddr) -> bool {
    let [this, that] = [one, other].map(|end| end.ip().to_canonical());
    one.port() == other.port() && (this == that || this.is_unspecified() || that.is_unspecified())
}

/// What carries the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A stream, RFC 9293.
    Tcp,
    /// Datagrams, RFC 768.
    Udp,
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
        })
    }
}

/// What a process and its children are doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Every thread sleeps: none runs, none waits for a processor or for a disk.
    pub asleep: bool,
    /// Processor time used so far, nanoseconds.
    pub cpu: u64,
    /// How often its threads were put on a processor. Unchanged between two looks: nothing ran in between.
    pub turns: u64,
    /// How long its threads were ready to run and got no processor, nanoseconds.
    pub starved: u64,
    /// The largest part of that of one thread.
    pub waited: u64,
}

/// Memory of a process and its descendants, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The most that was ever resident (`VmHWM`).
    pub resident: u64,
    /// The most address space that was ever asked for (`VmPeak`).
    pub requested: u64,
}
