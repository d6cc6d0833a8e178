use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::accept::accept;
use crate::deadline::Deadline;

use super::log::{flush, say};
use super::permits::{NoPermit, Permit, Permits};

/// How long to wait for a descriptor when no client leaves: another program may have given some back.
const SHORTAGE: Duration = Duration::from_millis(500);
/// The handler of one client needs little; what a thread does not touch is not taken from the memory of the machine.
const STACK: usize = 256 * 1024;

/// A client that is to be served.
pub struct Client {
    /// Its connection, blocking.
    pub stream: TcpStream,
    /// Where it comes from: peer_addr may fail when the client has already reset the connection.
    pub address: SocketAddr,
    /// Its right to be served.
    pub permit: Permit,
}

/// What is done when all permits are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The client waits until another one leaves; those after it wait in the queue of the kernel. For conversations that are
    /// short and have deadlines.
    Wait,
    /// It is refused at once. For conversations that may take long.
    Refuse,
}

/// Why a client is not served.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refused {
    /// It has no permit.
    NoPermit(NoPermit),
    /// Nobody can be had to serve it: no thread, or no process.
    Nobody(io::Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::NoPermit(why) => why.fmt(f),
            Refused::Nobody(error) => write!(f, "nobody can serve it: {error}"),
        }
    }
}

/// The accept loop. Each client that has a permit is given to `serve`, which returns it with an error when nobody can be had
/// for it; each that is not served is given to `refuse`, which may tell it so but may not wait for it.
///
/// Errors that are about one connection are passed over. When this machine has no descriptor left, accept(2) fails at once
/// and the connection stays in the queue; then the loop says so once, by [`say`], and waits until a connection is closed.
///
/// Returns the error of the listener after which there will be no more connections.
pub fn run(
    listener: &TcpListener,
    permits: &Permits,
    full: Full,
    mut serve: impl FnMut(Client) -> Result<(), (Client, io::Error)>,
    mut refuse: impl FnMut(TcpStream, SocketAddr, Refused),
) -> io::Error {
    loop {
        let mut short = false;
        let accepted = accept(listener, |error, times| {
            if times == 1 {
                short = true;
                say(format_args!("no connection can be accepted for now: {error}"));
            }
            permits.wait_until_one_less(SHORTAGE);
        });
        if short {
            say("connections are accepted again");
        }
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => return error,
        };
        let permit = match full {
            Full::Wait => permits.take(address.ip()),
            Full::Refuse => permits.try_take(address.ip()),
        };
        match permit {
            Ok(permit) => {
                if let Err((client, error)) = serve(Client { stream, address, permit }) {
                    let Client { stream, address, permit } = client;
                    permit.leave(|| refuse(stream, address, Refused::Nobody(error)));
                }
            }
            Err(why) => refuse(stream, address, Refused::NoPermit(why)),
        }
    }
}

/// Serves a client in a thread of its own.
///
/// # Errors
///
/// The system gives no more threads: the client comes back. `std::thread::spawn` would panic then, in the accept loop.
pub fn spawn(client: Client, serve: impl FnOnce(Client) + Send + 'static) -> Result<(), (Client, io::Error)> {
    // A closure that could not be started is gone with all that is in it, so the client is beside it.
    let slot = Arc::new(Mutex::new(Some(client)));
    let its_slot = slot.clone();
    let take = |slot: &Mutex<Option<Client>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new().stack_size(STACK).spawn(move || {
        if let Some(client) = take(&its_slot) {
            serve(client);
        }
    });
    match started {
        Ok(_) => Ok(()),
        Err(error) => take(&slot).map_or(Ok(()), |client| Err((client, error))),
    }
}

/// Says a last word to a client that is not served, and closes its connection, without waiting for anything. `word` has to
/// be short: it goes into the empty buffer of a new socket. What the client has sent already is thrown away, up to 64 KiB,
/// since unread bytes would make of the close a reset, which may destroy the word (RFC 9293, section 3.6.1).
pub fn turn_away(mut stream: TcpStream, word: &[u8]) {
    // Each of these fails when the client has gone, and then there is nobody to tell.
    let told = stream.set_nonblocking(true).and_then(|()| stream.write_all(word));
    if told.and_then(|()| stream.shutdown(Shutdown::Write)).is_ok() {
        let _ = io::copy(&mut stream.take(64 * 1024), &mut io::sink());
    }
}

/// Stops a server that [`run()`] serves at `address`, from another thread, such as that of a signal: nobody gets a permit any
/// more, conversations are woken ([`Permits::stop`]), who waits in the queue of the listener is refused, and those who are
/// being served have `time` to come to their end. Then the log is written, and the process may exit.
///
/// Whether every conversation came to its end.
pub fn stop(address: SocketAddr, permits: &Permits, time: Duration) -> bool {
    /// Longer than a loop that is not kept from it takes to refuse a whole queue.
    const QUEUE: Duration = Duration::from_secs(1);
    permits.stop();
    // A client of our own, the last in the queue: when it is refused, so is everybody before it.
    let ours = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    if let Ok(last) = TcpStream::connect_timeout(&SocketAddr::new(ours, address.port()), QUEUE) {
        let _ = io::copy(&mut Deadline::after(QUEUE).over(&last).take(1024), &mut io::sink());
    }
    let all = permits.wait_until_empty(time);
    flush(Duration::from_secs(1));
    all
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::server::Listen;

    fn said(stream: TcpStream) -> String {
        let mut text = Vec::new();
        io::copy(&mut stream.take(1000), &mut text).expect("no reset");
        String::from_utf8(text).expect("text")
    }

    #[test]
    fn who_has_no_permit_and_whom_nobody_can_serve_is_told() {
        let listener = Listen::at("127.0.0.1:0".parse().expect("an address")).open().expect("a listener");
        let address = listener.local_addr().expect("its address");
        let permits = Permits::new(1);
        let (served, serves) = mpsc::channel();
        let its = permits.clone();
        thread::spawn(move || {
            let mut first = true;
            run(
                &listener,
                &its,
                Full::Refuse,
                |client| {
                    if std::mem::take(&mut first) {
                        return Err((client, io::Error::from_raw_os_error(11)));
                    }
                    served.send(client).map_err(|_| unreachable!("the test waits"))
                },
                |mut stream, _, refused| {
                    stream.write_all(refused.to_string().as_bytes()).expect("there is room");
                },
            )
        });
        let connect = || TcpStream::connect(address).expect("a connection");
        assert!(said(connect()).starts_with("nobody can serve it: "));
        let _second = connect();
        let client = serves.recv().expect("the failure gave its permit back");
        assert_eq!(said(connect()), "there are 1 clients already");
        drop(client);
        let _fourth = connect();
        drop(serves.recv().expect("there is room again"));
        permits.stop();
        assert_eq!(said(connect()), "the server is being stopped");
    }

    #[test]
    fn who_waits_in_the_queue_of_a_server_that_stops_is_told() {
        let listener = Listen::at("127.0.0.1:0".parse().expect("an address")).open().expect("a listener");
        let address = listener.local_addr().expect("its address");
        let permits = Permits::new(1);
        let (served, serves) = mpsc::channel();
        let its = permits.clone();
        thread::spawn(move || {
            let serve = |client| served.send(client).map_err(|_| unreachable!("the test waits"));
            run(&listener, &its, Full::Wait, serve, |stream, _, refused| {
                turn_away(stream, refused.to_string().as_bytes());
            })
        });
        let _first = TcpStream::connect(address).expect("a connection");
        let client = serves.recv().expect("it has the permit");
        let mut clients: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(address).expect("room")).collect();
        clients[1].write_all(b"not read by anybody").expect("room");
        assert!(!stop(address, &permits, Duration::ZERO), "the first one is still there");
        for client in clients {
            assert_eq!(said(client), "the server is being stopped");
        }
        drop(client);
        assert!(stop(address, &permits, Duration::ZERO));
    }
}
