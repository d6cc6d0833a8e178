//! `sock_diag(7)`: the kernel's socket tables, asked over a netlink socket.
//!
//! One exact question costs about 0.05 ms; reading `/proc/net/tcp` costs 12 ms and misses data that still waits in the
//! socket's backlog. Layouts: `linux/sock_diag.h`, `linux/inet_diag.h`, `linux/tcp.h` (`struct tcp_info`).

use std::cell::RefCell;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Type};

use super::{Socket, State};

const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// The request before `sock_diag`, and the answers to it.
const TCPDIAG_GETSOCK: u16 = 18;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_DUMP: u16 = 0x300;
const INET_DIAG_INFO: u16 = 2;
const TCP: u8 = 6;
const UDP: u8 = 17;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const MESSAGE_HEADER: usize = 16;
const DIAG_MESSAGE: usize = 72;
/// `idiag_states` of a request: sockets in every state.
const ALL: u32 = u32::MAX;
/// Only listeners (`TCP_LISTEN`, `include/net/tcp_states.h`).
const LISTENERS: u32 = 1 << 10;

thread_local! {
    static NETLINK: RefCell<Option<socket2::Socket>> = const { RefCell::new(None) };
}

/// The TCP socket with this local and this remote address. `Some(None)`: the kernel has no such socket any more.
pub fn tcp_pair(local: SocketAddr, remote: SocketAddr) -> Option<Option<Socket>> {
    let mut found = None;
    ask(&request(TCP, family(local), 0, ALL, Some((local, remote))), &mut |socket| {
        if socket.local.port() == local.port() && socket.remote.port() == remote.port() {
            found = Some(socket);
        }
    })
    .ok()?;
    Some(found)
}

/// Every TCP socket, of either family and in any state, that has one of these ports at one of its ends.
pub fn tcp_sockets(ports: &[u16]) -> Option<Vec<Socket>> {
    dump(TCP, ports)
}

/// Every UDP socket, of either family, that has one of these ports at one of its ends.
pub fn udp_sockets(ports: &[u16]) -> Option<Vec<Socket>> {
    dump(UDP, ports)
}

/// Whether a TCP socket listens on this port.
pub fn tcp_listening(port: u16) -> Option<bool> {
    let mut found = false;
    for family in [AF_INET, AF_INET6] {
        let request = request(TCP, family, NLM_F_DUMP, LISTENERS, None);
        ask(&request, &mut |socket| found |= socket.state == State::Listen && socket.local.port() == port).ok()?;
    }
    Some(found)
}

/// Whether a TCP socket listens that is reached by who connects to this address.
pub fn listens_at(address: SocketAddr) -> Option<bool> {
    let mut found = false;
    for family in [AF_INET, AF_INET6] {
        let request = request(TCP, family, NLM_F_DUMP, LISTENERS, None);
        ask(&request, &mut |socket| {
            found |= socket.state == State::Listen && super::same_place(socket.local, address);
        })
        .ok()?;
    }
    Some(found)
}

/// The sockets at which a process, or one that it started, can be reached: those that listen, and bound datagram sockets.
/// `None` where the kernel does not tell, or when it is gone.
pub fn reached_at(process: u32) -> Option<Vec<(super::Protocol, SocketAddr)>> {
    let inodes = super::process::sockets(process)?;
    let mut found = Vec::new();
    for family in [AF_INET, AF_INET6] {
        ask(&request(TCP, family, NLM_F_DUMP, LISTENERS, None), &mut |socket| {
            if socket.state == State::Listen && inodes.contains(&socket.inode) {
                found.push((super::Protocol::Tcp, socket.local));
            }
        })
        .ok()?;
    }
    let bound = |socket: &Socket| socket.local.port() != 0 && socket.remote.port() == 0;
    found.extend(udp_of(process)?.into_iter().filter(bound).map(|socket| (super::Protocol::Udp, socket.local)));
    Some(found)
}

/// Whether a UDP socket is bound to this port.
pub fn udp_bound(port: u16) -> Option<bool> {
    Some(udp_sockets(&[port])?.iter().any(|socket| socket.local.port() == port))
}

/// The UDP sockets that a process, or one that it started, has open; `None` when it is gone.
pub fn udp_of(process: u32) -> Option<Vec<Socket>> {
    let inodes = super::process::sockets(process)?;
    let mut found = Vec::new();
    for family in [AF_INET, AF_INET6] {
        ask(&request(UDP, family, NLM_F_DUMP, ALL, None), &mut |socket| {
            if inodes.contains(&socket.inode) {
                found.push(socket);
            }
        })
        .ok()?;
    }
    Some(found)
}

fn dump(protocol: u8, ports: &[u16]) -> Option<Vec<Socket>> {
    /// With more, the kernel's program would take longer than what it saves.
    const MOST_FILTERED: usize = 64;
    let mut found = Vec::new();
    if ports.is_empty() {
        return Some(found);
    }
    let filter = if ports.len() <= MOST_FILTERED { port_filter(ports) } else { Vec::new() };
    let mut ask_for = |request: Vec<u8>| {
        ask(&with_filter(request, &filter), &mut |socket| {
            if ports.contains(&socket.local.port()) || ports.contains(&socket.remote.port()) {
                found.push(socket);
            }
        })
    };
    // The kernel goes through its whole table for each request, TIME-WAIT and all; the old form of the request needs but one.
    if protocol == TCP && ask_for(request_for_all_families()).is_ok() {
        return Some(found);
    }
    for family in [AF_INET, AF_INET6] {
        ask_for(request(protocol, family, NLM_F_DUMP, ALL, None)).ok()?;
    }
    Some(found)
}

/// A program for the kernel (`struct inet_diag_bc_op`, `linux/inet_diag.h`) that accepts a socket with one of these ports at
/// one of its ends. Each step names how far to go on, in bytes, if its condition holds and if not; the end accepts, and
/// four bytes beyond it rejects. A step that compares a port is followed by the port, as a step.
fn port_filter(ports: &[u16]) -> Vec<u8> {
    const JUMP: u8 = 1;
    const LOCAL_AT_LEAST: u8 = 2;
    const LOCAL_AT_MOST: u8 = 3;
    const REMOTE_AT_LEAST: u8 = 4;
    const REMOTE_AT_MOST: u8 = 5;
    /// One step.
    const STEP: u16 = 4;
    /// A port is at least this and at most this, or else the next condition: 2 times 2 steps, and the jump to the end.
    const CONDITION: u16 = 5 * STEP;
    let ends = [(LOCAL_AT_LEAST, LOCAL_AT_MOST), (REMOTE_AT_LEAST, REMOTE_AT_MOST)];
    let mut conditions = ports.iter().flat_map(|port| ends.map(|(least, most)| (least, most, *port))).peekable();
    // The last condition needs no jump.
    let mut left = CONDITION * 2 * ports.len() as u16 - STEP;
    let mut program = Vec::new();
    let mut step = |code: u8, yes: u16, no: u16| {
        program.extend([code, yes as u8]);
        push_native_u16(&mut program, no);
    };
    while let Some((at_least, at_most, port)) = conditions.next() {
        let is_last = conditions.peek().is_none();
        let otherwise = if is_last { left + STEP } else { CONDITION };
        step(at_least, 2 * STEP, otherwise);
        step(0, 0, port);
        step(at_most, 2 * STEP, otherwise - 2 * STEP);
        step(0, 0, port);
        if !is_last {
            step(JUMP, STEP, left - 4 * STEP);
        }
        left -= if is_last { 4 * STEP } else { CONDITION };
    }
    program
}

/// Adds a program that chooses sockets to a request; an empty one chooses all.
fn with_filter(mut request: Vec<u8>, program: &[u8]) -> Vec<u8> {
    const INET_DIAG_REQ_BYTECODE: u16 = 1;
    const ATTRIBUTE_HEADER: usize = 4;
    if !program.is_empty() {
        push_native_u16(&mut request, (ATTRIBUTE_HEADER + program.len()) as u16);
        push_native_u16(&mut request, INET_DIAG_REQ_BYTECODE);
        request.extend(program);
        let length = request.len() as u32;
        request[..4].clone_from_slice(&native(length));
    }
    request
}

/// Every TCP socket of IPv4 and IPv6 in one go (`struct inet_diag_req`).
fn request_for_all_families() -> Vec<u8> {
    /// Header, `struct inet_diag_req`.
    const LENGTH: u32 = 16 + 60;
    let mut message = Vec::with_capacity(LENGTH as usize);
    push_native_u32(&mut message, LENGTH);
    push_native_u16(&mut message, TCPDIAG_GETSOCK);
    push_native_u16(&mut message, NLM_F_REQUEST | NLM_F_DUMP);
    message.extend([0; 8]);
    // Family, lengths of the two addresses, extensions; then no addresses, every state, and no table of its own.
    message.extend([0, 0, 0, 1 << (INET_DIAG_INFO - 1)]);
    message.extend([0; 48]);
    push_native_u32(&mut message, ALL);
    push_native_u32(&mut message, 0);
    message
}

fn family(address: SocketAddr) -> u8 {
    if address.is_ipv4() { AF_INET } else { AF_INET6 }
}

fn request(protocol: u8, family: u8, flags: u16, states: u32, pair: Option<(SocketAddr, SocketAddr)>) -> Vec<u8> {
    let mut message = Vec::with_capacity(DIAG_MESSAGE);
    push_native_u32(&mut message, DIAG_MESSAGE as u32);
    push_native_u16(&mut message, SOCK_DIAG_BY_FAMILY);
    push_native_u16(&mut message, NLM_F_REQUEST | flags);
    push_native_u32(&mut message, 0);
    push_native_u32(&mut message, 0);
    let extensions = 1 << (INET_DIAG_INFO - 1);
    message.extend([family, protocol, extensions, 0]);
    push_native_u32(&mut message, states);
    let nowhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let (local, remote) = pair.unwrap_or((nowhere, nowhere));
    message.extend(local.port().to_be_bytes());
    message.extend(remote.port().to_be_bytes());
    push_address(&mut message, local.ip());
    push_address(&mut message, remote.ip());
    push_native_u32(&mut message, 0);
    push_native_u32(&mut message, u32::MAX);
    push_native_u32(&mut message, u32::MAX);
    message
}

fn push_native_u16(message: &mut Vec<u8>, number: u16) {
    message.extend(number.to_ne_bytes());
}

fn push_native_u32(message: &mut Vec<u8>, number: u32) {
    message.extend(native(number));
}

#[expect(clippy::disallowed_methods, reason = "netlink never leaves the machine and uses its byte order")]
fn native(number: u32) -> [u8; 4] {
    number.to_ne_bytes()
}

fn push_address(message: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(v4) => {
            message.extend(v4.octets());
            message.extend([0; 12]);
        }
        IpAddr::V6(v6) => message.extend(v6.octets()),
    }
}

fn ask(request: &[u8], answer: &mut dyn FnMut(Socket)) -> io::Result<()> {
    NETLINK.with_borrow_mut(|slot| {
        if slot.is_none() {
            let socket =
                socket2::Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG)))?;
            *slot = Some(socket);
        }
        let result = match slot.as_mut() {
            Some(socket) => converse(socket, request, answer),
            None => Ok(()),
        };
        if result.is_err() {
            *slot = None;
        }
        result
    })
}

#[expect(clippy::disallowed_methods, reason = "a netlink socket carries datagrams: one read is one whole datagram")]
fn converse(socket: &mut socket2::Socket, request: &[u8], answer: &mut dyn FnMut(Socket)) -> io::Result<()> {
    let one_answer = native_u16(request, 6) & NLM_F_DUMP == 0;
    socket.send(request)?;
    let mut datagram = vec![0; 64 * 1024];
    loop {
        let length = socket.read(&mut datagram)?;
        let mut rest = &datagram[..length];
        while rest.len() >= MESSAGE_HEADER {
            let size = native_u32(rest, 0) as usize;
            if size < MESSAGE_HEADER || size > rest.len() {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let (kind, body) = (native_u16(rest, 4), &rest[MESSAGE_HEADER..size]);
            match kind {
                NLMSG_DONE => return Ok(()),
                NLMSG_ERROR => {
                    let number = native_u32(body, 0).cast_signed();
                    let not_found = number == -2;
                    return if not_found { Ok(()) } else { Err(io::Error::from_raw_os_error(-number)) };
                }
                SOCK_DIAG_BY_FAMILY | TCPDIAG_GETSOCK => {
                    if let Some(socket) = parse(body) {
                        answer(socket);
                    }
                }
                _ => {}
            }
            if one_answer {
                return Ok(());
            }
            rest = rest.get(size.next_multiple_of(4)..).unwrap_or_default();
        }
    }
}

fn parse(body: &[u8]) -> Option<Socket> {
    let head = body.get(..DIAG_MESSAGE)?;
    let mut socket = Socket {
        state: State::from_number(head[1])?,
        local: SocketAddr::new(address(head[0], &head[8..24])?, u16::from_be_bytes([head[4], head[5]])),
        remote: SocketAddr::new(address(head[0], &head[24..40])?, u16::from_be_bytes([head[6], head[7]])),
        unread: native_u32(head, 56),
        unacknowledged: native_u32(head, 60),
        unsent: 0,
        received: 0,
        inode: native_u32(head, 68),
    };
    // The kernel counts a FIN that the program has not read yet as one byte; nothing can be unread behind it.
    if matches!(socket.state, State::CloseWait | State::LastAck | State::Closing) {
        socket.unread = socket.unread.saturating_sub(1);
    }
    let mut attributes = &body[DIAG_MESSAGE..];
    while attributes.len() >= 4 {
        let (length, kind) = (usize::from(native_u16(attributes, 0)), native_u16(attributes, 2));
        let Some(value) = attributes.get(4..length) else { break };
        if kind == INET_DIAG_INFO && value.len() >= 148 {
            socket.received = u64::from_ne_bytes(value[128..136].try_into().ok()?);
            socket.unsent = native_u32(value, 144);
        }
        attributes = attributes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Some(socket)
}

fn address(family: u8, bytes: &[u8]) -> Option<IpAddr> {
    match family {
        AF_INET => Some(Ipv4Addr::from(<[u8; 4]>::try_from(&bytes[..4]).ok()?).into()),
        AF_INET6 => Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into()),
        _ => None,
    }
}

fn native_u16(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}

#[expect(clippy::disallowed_methods, reason = "netlink never leaves the machine and uses its byte order")]
fn native_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{Shutdown, TcpListener, TcpStream};

    use super::*;
    use crate::poll::{PATIENCE, until};
    use crate::testing::sees_sockets;

    #[test]
    fn a_connection_is_seen_from_both_ends() -> io::Result<()> {
        if !sees_sockets() {
            return Ok(());
        }
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        assert_eq!(tcp_listening(port), Some(true));
        let mut client = TcpStream::connect(listener.local_addr()?)?;
        let (mut server, _) = listener.accept()?;
        client.write_all(b"hello")?;
        let (here, there) = (server.local_addr()?, server.peer_addr()?);
        // The kernel may carry a segment a little later, on a busy machine.
        let becomes = |local, remote, wanted: fn(&Socket) -> bool| {
            until(PATIENCE, || wanted(&tcp_pair(local, remote).flatten().expect("the socket exists")))
        };
        assert!(becomes(here, there, |it| (it.state, it.unread, it.received) == (State::Established, 5, 5)));
        server.read_exact(&mut [0; 5])?;
        assert!(becomes(here, there, |it| (it.unread, it.received) == (0, 5)));
        assert!(becomes(there, here, |it| (it.unacknowledged, it.unsent) == (0, 0)));
        // Not by closing: a process that another test starts just now holds a copy of the descriptor for a moment.
        client.shutdown(Shutdown::Write)?;
        assert!(becomes(here, there, |it| (it.state, it.unread) == (State::CloseWait, 0)));
        Ok(())
    }

    #[test]
    fn the_kernel_chooses_the_sockets_of_each_port_in_the_program() -> io::Result<()> {
        if !sees_sockets() {
            return Ok(());
        }
        let listeners: Vec<TcpListener> =
            (0..40).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<io::Result<_>>()?;
        let ports: Vec<u16> = listeners.iter().map(|l| Ok(l.local_addr()?.port())).collect::<io::Result<_>>()?;
        let of = |request: Vec<u8>, ports: &[u16]| {
            let mut found = Vec::new();
            ask(&with_filter(request, &port_filter(ports)), &mut |socket| found.push(socket.local.port()))?;
            found.sort_unstable();
            io::Result::Ok(found)
        };
        for chosen in [&ports[..1], &ports[..2], &ports[..3], &ports[7..39]] {
            let mut wanted = chosen.to_vec();
            wanted.sort_unstable();
            assert_eq!(of(request(TCP, AF_INET, NLM_F_DUMP, LISTENERS, None), chosen)?, wanted);
            // With sockets in every state there may be connections between others, to these ports from before.
            let all = of(request_for_all_families(), chosen)?;
            assert!(wanted.iter().all(|port| all.contains(port)), "{wanted:?} {all:?}");
        }
        Ok(())
    }

    #[test]
    fn both_ends_of_a_connection_are_found_by_either_port_and_in_either_family() -> io::Result<()> {
        if !sees_sockets() {
            return Ok(());
        }
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // A machine without IPv6 has nothing to find.
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let client = TcpStream::connect(listener.local_addr()?)?;
            let _server = listener.accept()?;
            for port in [client.local_addr()?.port(), client.peer_addr()?.port()] {
                let ends = tcp_sockets(&[port]).expect("the table can be read").into_iter();
                let open = ends.filter(|socket| socket.state == State::Established).count();
                assert_eq!(open, 2, "{address}");
            }
        }
        Ok(())
    }

    #[test]
    fn nobody_listens_on_a_port_that_nobody_bound() {
        if !sees_sockets() {
            return;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map(|a| a.port());
        let port = port.expect("a free port");
        // As above: the listener is closed once no process that is just being started has a copy of it.
        assert!(until(PATIENCE, || tcp_listening(port) == Some(false)));
    }

    #[test]
    fn the_datagram_sockets_of_a_process_are_found() -> io::Result<()> {
        if !sees_sockets() {
            return Ok(());
        }
        let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
        let address = socket.local_addr()?;
        let ours = |process| udp_of(process).is_some_and(|all| all.iter().any(|socket| socket.local == address));
        assert!(ours(std::process::id()));
        assert_eq!(udp_of(u32::MAX), None);
        Ok(())
    }

    #[test]
    fn a_bound_datagram_socket_is_seen() -> io::Result<()> {
        if !sees_sockets() {
            return Ok(());
        }
        let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
        assert_eq!(udp_bound(socket.local_addr()?.port()), Some(true));
        Ok(())
    }
}
