use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::deadline::Deadline;

/// Ends our direction of a connection, then reads and throws away until the peer has ended its own: a lingering close. To
/// be called after the last write, before the socket is dropped.
///
/// A socket that is closed with unread bytes in it resets the connection (RFC 9293, section 3.6.1), and a reset may destroy
/// what the peer has not read yet.
///
/// Blocks for at most `time`, and takes at most `bytes` bytes; its own timeouts of the socket are overwritten. Errors mean
/// that the peer has gone, and then there is nobody who could miss anything.
pub fn linger(stream: &TcpStream, time: Duration, bytes: u64) {
    if stream.shutdown(Shutdown::Write).is_ok() {
        let _ = io::copy(&mut Deadline::after(time).over(stream).take(bytes), &mut io::sink());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn the_last_words_arrive_although_the_peer_was_still_sending() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let mut client = TcpStream::connect(listener.local_addr().expect("its address")).expect("a connection");
        let (mut server, _) = listener.accept().expect("the connection");
        client.write_all(&[b'x'; 10_000]).expect("it is taken");
        let closing = thread::spawn(move || {
            server.write_all(b"too long").expect("it is taken");
            linger(&server, Duration::from_secs(10), 64 * 1024);
        });
        let mut words = Vec::new();
        io::copy(&mut Read::by_ref(&mut client).take(100), &mut words).expect("no reset");
        assert_eq!(words, b"too long");
        drop(client);
        closing.join().expect("no panic");
    }

    #[test]
    fn a_peer_that_never_ends_is_waited_for_no_longer_than_asked() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let client = TcpStream::connect(listener.local_addr().expect("its address")).expect("a connection");
        let (server, _) = listener.accept().expect("the connection");
        linger(&server, Duration::from_millis(20), 64 * 1024);
        drop(client);
    }
}
