//! `gbk-sender`: a server that sends a text in GBK, for a client of one's own to decode.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use encoding_rs::GBK;
use lab::Utility;
use lab::clap::{Arg, ArgMatches, value_parser};

/// How long a client may keep the server waiting.
const TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) const TOOL: Utility = Utility {
    name: "gbk-sender",
    about: "Send one client a text in GBK, 7 bytes, and end",
    options: |command| {
        let addr = Arg::new("addr").long("addr").value_name("HOST:PORT").default_value("127.0.0.1:12824");
        command.arg(addr.value_parser(value_parser!(SocketAddr)).help("Where to listen"))
    },
    run,
};

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let addr: SocketAddr = matches.get_one("addr").copied().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 12824)));
    serve(addr)?;
    Ok(ExitCode::SUCCESS)
}

fn serve(addr: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(&GBK.encode("TCP数据").0)
}
