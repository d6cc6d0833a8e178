//! What a finished program says when it cannot begin: the error, and what to do about it where anything can be said.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

/// Why a TCP server cannot listen at this address, from the error of bind(2) or listen(2).
pub fn cannot_listen(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    anyhow::anyhow!("cannot listen on {address}: {error}{}", place(error))
}

/// Why a UDP server cannot receive at this address, from the error of bind(2).
pub fn cannot_receive(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    anyhow::anyhow!("cannot receive at {address}: {error}{}", place(error))
}

fn place(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::AddrInUse => "; end the other program or choose another port with --addr",
        ErrorKind::PermissionDenied => "; choose a port from 1024 up with --addr",
        ErrorKind::AddrNotAvailable => "; choose an address of this machine with --addr",
        _ => "",
    }
}

/// Why a client cannot connect to this address, from the error of connect(2). `package` is the client's own
/// (`CARGO_PKG_NAME`): it has the server too.
pub fn cannot_connect(package: &str, address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        ErrorKind::ConnectionRefused => {
            format!("; start the server, in another terminal: cargo run -p {package} -- serve --addr {address}")
        }
        ErrorKind::TimedOut => "; check the address, and whether a firewall is in between".to_string(),
        _ => String::new(),
    };
    anyhow::anyhow!("cannot connect to {address}: {error}{hint}")
}
