//! A board that everybody may read and that blocked addresses may not write to: `read` or `write TEXT`, and a newline.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// Who may not write.
const BLOCKED: [IpAddr; 1] = [IpAddr::V4(Ipv4Addr::LOCALHOST)];
/// More than any request has, bytes.
const MAXIMUM: u64 = 1024;
/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves one client after the other.
pub fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let mut board = "welcome".to_string();
    loop {
        let (stream, client) = listener.accept()?;
        if let Err(error) = answer(&stream, client.ip(), &mut board) {
            eprintln!("connection closed: {error}");
        }
    }
}

fn answer(mut stream: &TcpStream, client: IpAddr, board: &mut String) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let client = client.to_canonical(); // ::ffff:127.0.0.1 is 127.0.0.1
    let mut requests = BufReader::new(stream);
    loop {
        let mut line = String::new();
        Read::by_ref(&mut requests).take(MAXIMUM).read_line(&mut line)?; // a longer one is cut in two: see endless-line
        let reply = match line.trim_end().split_once(' ') {
            None if line.is_empty() => return Ok(()),
            None if line.trim_end() == "read" => board.clone(),
            Some(("write", _)) if BLOCKED.contains(&client) => "blocked".to_string(),
            Some(("write", text)) => {
                *board = text.to_string();
                "written".to_string()
            }
            _ => return Err(io::Error::other("a request is read, or write TEXT")),
        };
        stream.write_all(format!("{reply}\n").as_bytes())?;
    }
}

/// A socket for both families, as one that is bound to `[::]` is, but on loopback alone.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let ip = match addr.ip() {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    };
    let socket = Socket::new(Domain::IPV6, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_only_v6(false)?;
    socket.bind(&SocketAddr::from((ip, addr.port())).into())?;
    socket.listen(128)?;
    Ok(socket.into())
}
