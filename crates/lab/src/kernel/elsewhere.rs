//! Systems whose tables the lab cannot read: every answer is "unknown".

use std::net::SocketAddr;
use std::time::Duration;

use super::{Activity, Memory, Protocol, Socket};

/// Unknown here.
pub fn tcp_pair(_local: SocketAddr, _remote: SocketAddr) -> Option<Option<Socket>> {
    None
}

/// Unknown here.
pub fn tcp_sockets(_ports: &[u16]) -> Option<Vec<Socket>> {
    None
}

/// Unknown here.
pub fn udp_sockets(_ports: &[u16]) -> Option<Vec<Socket>> {
    None
}

/// Unknown here.
pub fn udp_of(_process: u32) -> Option<Vec<Socket>> {
    None
}

/// Unknown here.
pub fn carrying(_entry: &str) -> Option<Vec<u32>> {
    None
}

/// Unknown here.
pub fn network_sockets(_process: u32) -> Option<Vec<u32>> {
    None
}

/// Unknown here.
pub fn reached_at(_process: u32) -> Option<Vec<(Protocol, SocketAddr)>> {
    None
}

/// Unknown here.
pub fn listens_at(_address: SocketAddr) -> Option<bool> {
    None
}

/// Unknown here.
pub fn tcp_listening(_port: u16) -> Option<bool> {
    None
}

/// Unknown here.
pub fn udp_bound(_port: u16) -> Option<bool> {
    None
}

/// Unknown here.
pub fn activity(_process: u32) -> Option<Activity> {
    None
}

/// Unknown here.
pub fn processor_time(_process: u32) -> Option<Duration> {
    None
}

/// Unknown here.
pub fn memory(_process: u32) -> Option<Memory> {
    None
}

/// Unknown here.
pub fn this_thread() -> Option<u32> {
    None
}

/// Unknown here.
pub fn thread_asleep(_thread: u32) -> Option<bool> {
    None
}

/// Unknown here.
pub fn shares_descriptors(_process: u32) -> Option<bool> {
    None
}

/// Unknown here.
pub fn stopped(_process: u32) -> Option<bool> {
    None
}
