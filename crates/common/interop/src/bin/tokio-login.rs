//! The login with tokio: [`Client`], [`Server`] and [`Session`] touch no socket, so any `AsyncRead + AsyncWrite` carries
//! them. What follows the login may be cancelled at any moment, in both directions.

use std::io;
use std::time::Duration;

use common::auth::{Client, Error, Key, LOGIN_MAXIMUM, LOGIN_TIME, RECORD_MAXIMUM, Record, Server, Session, Step};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

const SERVICE: &str = "greeter";

/// A connection that is logged in.
struct Secured<S> {
    stream: S,
    session: Session,
    /// Records that have not left yet. Kept here and not in a future, so that no record is half sent when one is dropped.
    out: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Secured<S> {
    async fn connect(mut stream: S, identity: &str, key: &Key) -> Result<Secured<S>, Error> {
        let mut client = Client::new(SERVICE, identity, key)?;
        let session = within(LOGIN_TIME, login(&mut stream, &[], |bytes| client.feed(bytes))).await?;
        Ok(Secured { stream, session, out: Vec::new() })
    }

    async fn accept(mut stream: S, key_of: impl Fn(&str) -> Option<Key>) -> Result<Secured<S>, Error> {
        let (mut server, m1) = Server::new(SERVICE)?;
        let session = within(LOGIN_TIME, login(&mut stream, &m1, |bytes| server.feed_with(bytes, &key_of))).await?;
        Ok(Secured { stream, session, out: Vec::new() })
    }

    /// What came, as it was cut into records; `None` after the authenticated end. Cancellation safe.
    async fn receive(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let mut bytes = [0; 8 * 1024];
        loop {
            match self.session.receive.record()? {
                Some(Record::Data(payload)) => return Ok(Some(payload.to_vec())),
                Some(Record::End) => {}
                None => match self.stream.read(&mut bytes).await? {
                    0 => return self.session.receive.end().map(|()| None),
                    got => self.session.receive.feed(&bytes[..got]),
                },
            }
        }
    }

    /// Makes records of these bytes. They leave with [`flush`](Secured::flush).
    fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for payload in bytes.chunks(RECORD_MAXIMUM) {
            self.out.extend(self.session.send.data(payload)?);
        }
        Ok(())
    }

    /// Sends what waits. Cancellation safe: what has not left stays in `out`.
    async fn flush(&mut self) -> io::Result<()> {
        while !self.out.is_empty() {
            // Dropped, `AsyncWriteExt::write` has written nothing.
            match self.stream.write(&self.out).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => drop(self.out.drain(..written)),
            }
        }
        self.stream.flush().await
    }

    async fn finish(&mut self) -> Result<(), Error> {
        self.out.extend(self.session.send.end()?);
        self.flush().await?;
        Ok(self.stream.shutdown().await?)
    }
}

/// Feeds what arrives and sends what comes out, until there is a session. If it is cancelled, the login has failed: let
/// the stream go.
async fn login<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    first: &[u8],
    mut feed: impl FnMut(&[u8]) -> Result<Step, Error>,
) -> Result<Session, Error> {
    stream.write_all(first).await?;
    let mut bytes = [0; LOGIN_MAXIMUM];
    loop {
        let got = stream.read(&mut bytes).await?;
        if got == 0 {
            return Err(Error::Closed);
        }
        let step = feed(&bytes[..got])?;
        stream.write_all(&step.send).await?;
        if let Some(session) = step.session {
            return Ok(session);
        }
    }
}

async fn within<T>(time: Duration, done: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(time, done).await.unwrap_or(Err(Error::Expired))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = Key::generate()?;
    // A pipe in memory that holds 7 bytes: every message and every record is cut many times.
    let (ours, theirs) = tokio::io::duplex(7);
    let key_of = |identity: &str| (identity == "alice").then(|| key.clone());
    let (client, server) = tokio::join!(Secured::connect(ours, "alice", &key), Secured::accept(theirs, key_of));
    let (mut client, mut server) = (client?, server?);
    assert_eq!(server.session.identity, "alice");

    client.send(b"hello")?;
    client.send(b"world")?;
    let (mut received, mut cancelled) = (Vec::new(), 0);
    while received.len() < 10 {
        // Neither side is ever let finish: each is dropped when the other one waits.
        cancelled += usize::from(timeout(Duration::from_millis(1), client.flush()).await.is_err());
        match timeout(Duration::from_millis(1), server.receive()).await {
            Ok(payload) => received.extend(payload?.ok_or("an early end")?),
            Err(_) => cancelled += 1,
        }
    }
    assert_eq!(received, b"helloworld");
    println!("tokio, login as {}: cancelled {cancelled} times, nothing lost", server.session.identity);
    assert!(cancelled > 2);

    let (finished, end) = tokio::join!(client.finish(), server.receive());
    finished?;
    assert_eq!(end?, None);

    let (ours, theirs) = tokio::io::duplex(7);
    let another = Key::generate()?;
    let (client, server) = tokio::join!(Secured::connect(ours, "alice", &another), Secured::accept(theirs, key_of));
    assert!(matches!(server, Err(Error::ClientUnproven { .. })));
    assert!(client.is_err());
    println!("tokio, login with a wrong key: {}", server.err().ok_or("a login with a wrong key")?);
    Ok(())
}
