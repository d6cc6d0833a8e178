//! The frame of a TCP server: everything around the conversation with one client.
//!
//! * [`Listen`]: a listening socket with a backlog that holds a burst of clients.
//! * [`Permits`]: how many clients are served at the same time, of all and of one address, and how a server is stopped.
//! * [`run()`]: the accept loop. Nothing that a client does ends it, and no shortage either.
//! * [`spawn`]: a thread for a client, or the client back where the system gives no thread.
//! * [`linger()`]: the end of a connection that does not destroy the last words.
//! * [`stop`]: the end of a server that finishes what has begun and tells who waits.
//! * [`Log`], [`say`]: lines of a log that never wait for whoever reads them.
//!
//! A server with a thread for each client:
//!
//! ```
//! use common::server::{Client, Full, Listen, Permits, linger, run, spawn};
//! use std::io::Write;
//! use std::time::Duration;
//!
//! # fn main() -> std::io::Result<()> {
//! let listener = Listen::at("127.0.0.1:0".parse().unwrap()).open()?;
//! let permits = Permits::new(64);
//! # let (address, stop) = (listener.local_addr()?, permits.clone());
//! # std::thread::spawn(move || {
//! let end = run(
//!     &listener,
//!     &permits,
//!     Full::Wait,
//!     |client| {
//!         spawn(client, |Client { mut stream, permit, .. }| {
//!             let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
//!             let _ = stream.write_all(b"hello\n");
//!             linger(&stream, Duration::from_secs(1), 64 * 1024);
//!             drop(permit);
//!         })
//!     },
//!     |_stream, address, refused| eprintln!("{address} was not served: {refused}"),
//! );
//! # drop(end);
//! # });
//! # let mut line = String::new();
//! # std::io::BufRead::read_line(&mut std::io::BufReader::new(std::net::TcpStream::connect(address)?), &mut line)?;
//! # assert_eq!(line, "hello\n");
//! # assert!(common::server::stop(address, &stop, Duration::from_secs(10)));
//! # Ok(())
//! # }
//! ```

mod linger;
mod listen;
mod log;
mod permits;
mod run;

pub use linger::linger;
pub use listen::{BACKLOG, Listen};
pub use log::{Log, flush, say};
pub use permits::{NoPermit, Permit, Permits};
pub use run::{Client, Full, Refused, run, spawn, stop, turn_away};
