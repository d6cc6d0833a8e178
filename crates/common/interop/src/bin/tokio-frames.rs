//! Frames with tokio: a [`Decoder`] between an `AsyncRead` and you, in a form that `select!` and `timeout` may cancel at
//! any moment.
//!
//! `tokio::time::timeout(.., reader.read_exact(..))` loses what it had read when the time is up; its documentation says
//! "not cancellation safe". Here, what was read is in the decoder before anything else is awaited.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use common::framing::{Decoder, Error, Frames, encode, encode_into, write_frame};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

const MAXIMUM: usize = 1024;

/// The frames of an async reader.
struct AsyncFrames<R> {
    reader: R,
    decoder: Decoder,
    piece: Box<[u8]>,
}

impl<R: AsyncRead + Unpin> AsyncFrames<R> {
    fn new(reader: R, maximum: usize) -> AsyncFrames<R> {
        AsyncFrames { reader, decoder: Decoder::new(maximum), piece: vec![0; 8 * 1024].into() }
    }

    /// The payload of the next frame, `None` at the end of the stream. Cancellation safe: if the future is dropped, the
    /// next call continues where this one was.
    async fn next_frame(&mut self) -> Result<Option<&[u8]>, Error> {
        while self.decoder.needs() > 0 {
            // The only place to wait. `AsyncReadExt::read` is cancellation safe: dropped, it has read nothing.
            let got = self.reader.read(&mut self.piece).await?;
            if got == 0 {
                self.decoder.end()?;
                return Ok(None);
            }
            self.decoder.feed(&self.piece[..got]);
        }
        self.decoder.frame()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    cancelled_at_every_byte().await?;
    what_read_exact_loses().await?;
    a_server().await
}

/// The reader is cancelled after each byte of two frames, and both frames come whole.
async fn cancelled_at_every_byte() -> io::Result<()> {
    let wire = [encode(b"hello", MAXIMUM)?, encode(b"", MAXIMUM)?].concat();
    let (mut writer, reader) = tokio::io::duplex(64);
    let mut frames = AsyncFrames::new(reader, MAXIMUM);
    let (mut cancelled, mut payloads) = (0, Vec::new());
    for byte in wire {
        match timeout(Duration::from_millis(1), frames.next_frame()).await {
            Err(_) => cancelled += 1,
            Ok(frame) => payloads.extend(frame?.map(<[u8]>::to_vec)),
        }
        writer.write_all(&[byte]).await?;
    }
    drop(writer);
    while let Some(payload) = frames.next_frame().await? {
        payloads.push(payload.to_vec());
    }
    assert_eq!(payloads, [&b"hello"[..], b""]);
    println!("tokio, frames: cancelled {cancelled} times, both frames whole");
    assert!(cancelled > 10);
    Ok(())
}

/// The mistake, for comparison: the two bytes that came before the time was up are gone.
async fn what_read_exact_loses() -> io::Result<()> {
    let (mut writer, mut reader) = tokio::io::duplex(64);
    let mut header = [0; 4];
    writer.write_all(b"\0\0").await?;
    assert!(timeout(Duration::from_millis(1), reader.read_exact(&mut header)).await.is_err());
    writer.write_all(b"\0\x05hello").await?;
    reader.read_exact(&mut header).await?;
    assert_eq!(&header, b"\0\x05he");
    println!("tokio, read_exact under a timeout: the header was read as {header:?}");
    Ok(())
}

/// Sends every frame back, to at most so many clients at a time: a task for each client needs a limit as a thread does.
async fn serve(listener: TcpListener, clients: usize) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(clients));
    loop {
        let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => match common::accept::about(&error) {
                common::accept::About::Connection => continue,
                common::accept::About::Shortage => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    continue;
                }
                _ => return Err(error),
            },
        };
        tokio::spawn(async move {
            if let Err(error) = echo(stream).await {
                eprintln!("connection closed: {error}");
            }
            drop(place);
        });
    }
}

async fn echo(mut stream: TcpStream) -> Result<(), Error> {
    const PATIENCE: Duration = Duration::from_secs(5);
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.split();
    let mut frames = AsyncFrames::new(reader, MAXIMUM);
    let mut wire = Vec::new();
    // Each request and each answer has its time. A deadline for the whole conversation would be one more `timeout`.
    while let Some(payload) = timeout(PATIENCE, frames.next_frame()).await.map_err(io::Error::from)?? {
        wire.clear();
        encode_into(payload, MAXIMUM, &mut wire)?;
        timeout(PATIENCE, writer.write_all(&wire)).await.map_err(io::Error::from)??;
    }
    Ok(())
}

/// The server, and a client that blocks, in a thread.
async fn a_server() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let server = tokio::spawn(serve(listener, 8));
    let answers = tokio::task::spawn_blocking(move || ask(addr)).await.map_err(io::Error::other)??;
    server.abort();
    assert_eq!(answers, 100);
    println!("tokio, server: {answers} answers");
    Ok(())
}

fn ask(addr: SocketAddr) -> io::Result<usize> {
    let stream = std::net::TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut answers = Frames::new(&stream, MAXIMUM);
    for number in 0..100 {
        let text = format!("question {number}");
        write_frame(&mut &stream, text.as_bytes(), MAXIMUM)?;
        let answer = answers.next_frame()?.ok_or(Error::Closed)?;
        assert_eq!(answer, text.as_bytes());
    }
    Ok(100)
}
