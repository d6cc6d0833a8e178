//! `mapped-address`: a blocked IPv4 client comes in at an IPv6 socket, and the list does not know it again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Stage, Way, What,
};
use socket2::{Domain, Protocol, Socket, Type};

use crate::requests::{self, Exchange, PATIENCE, answered};

mod broken;
mod fixed;
pub(crate) mod peer;

const REPLIES: &[u8] = b"welcome\nblocked\nwelcome\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "mapped-address",
    question: "127.0.0.1 is blocked, so why can it write?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Ipv6],
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: None,
        needs: &[],
        serve: &["--dual-stack", "--allow", "127.0.0.0/8"],
        connect: &[],
        input: &[],
        judge: judge_finished,
        dissect: lab::dissect_lines,
    }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "listen at {port} with an IPv6 socket that takes IPv4 too (IPV6_V6ONLY off), bound to :: or ::ffff:127.0.0.1",
    "-> lines, up to 1024 bytes of UTF-8 text with the newline: \"read\", or \"write TEXT\"; in any pieces, several at once",
    "<- to \"read\" the board, which begins as \"welcome\"; to \"write\" \"written\", but \"blocked\" for 127.0.0.1; a newline after each",
    "everybody reads, and everybody but 127.0.0.1 writes; the board is one for all",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

const CHAPTERS: &Exchange = &[("read", "welcome"), ("write it was me", "blocked"), ("read", "welcome")];
const AFTER: &Exchange = &[("read", "hello from eleven"), ("write not me", "blocked"), ("read", "hello from eleven")];

const AFTER_BYTES: &[u8] = b"hello from eleven\nblocked\nhello from eleven\n";

/// What is said of a server that has no IPv6 socket.
const IPV4_ONLY: &str = "the server listens at an IPv4 socket and at no other";

fn forms() -> Vec<Form> {
    let struck = |record: &Record| {
        if record.kernel().contains(&IPV4_ONLY) {
            return Err(format!(
                "{IPV4_ONLY}: no client of it has a mapped address, so this trap says nothing; {}",
                "bind an IPv6 socket to ::ffff:127.0.0.1, with IPV6_V6ONLY off"
            ));
        }
        Ok(())
    };
    let mut forms = vec![
        answered(Form::new("127.0.0.1 writes", play), 1, CHAPTERS).struck_if(struck),
        requests::pieces("three requests, two at once and the last cut", CHAPTERS, &[24, 25]).struck_if(struck),
    ];
    if cfg!(target_os = "linux") {
        let eleven = Form::new("127.0.0.11 writes, and 127.0.0.1 after it", eleven);
        let eleven = eleven.rule(others_may_write()).rule(board_after_it()).wanted(1, Way::ToClient, AFTER_BYTES);
        forms.push(eleven.struck_if(struck));
    }
    forms.push(Form::new("::1 writes, where it can come in", over_ipv6).rule(others_may_write()).struck_if(struck));
    forms
}

/// Says how the server of one's own listens, once it rests: it may open one socket after the other.
fn how_it_listens(stage: &mut Stage) -> anyhow::Result<Vec<IpAddr>> {
    stage.settle()?;
    let port = stage.address()?.port();
    let listening = stage.listens(SERVER).into_iter().filter(|address| address.port() == port);
    let at: Vec<IpAddr> = listening.map(|address| address.ip()).collect();
    if !at.is_empty() && at.iter().all(IpAddr::is_ipv4) {
        stage.fact(SERVER, IPV4_ONLY);
    }
    Ok(at)
}

/// What a client whose bytes are not on the record said, and what came back.
const GETS: &str = " gets ";

/// A client from this address sends these requests.
fn from(stage: &Stage, ip: IpAddr, requests: &[&str]) -> anyhow::Result<()> {
    let to = if ip.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { IpAddr::from(Ipv4Addr::LOCALHOST) };
    let to = SocketAddr::new(to, stage.address()?.port());
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.bind(&SocketAddr::new(ip, 0).into())?;
    socket.connect_timeout(&to.into(), PATIENCE)?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut replies = BufReader::new(stream.try_clone()?.take(64 * 1024));
    for request in requests {
        let mut reply = String::new();
        // Whatever goes wrong shows in what came.
        let _ = stream.write_all(format!("{request}\n").as_bytes()).and_then(|()| replies.read_line(&mut reply));
        stage.step(CLIENT, format!("from {ip} sends {request:?} and{GETS}{reply:?}"));
    }
    Ok(())
}

fn others_may_write() -> Rule {
    Rule::new("others-may-write", "whoever is not blocked may write", |record| {
        let steps = record.events.iter().filter_map(|event| match &event.what {
            What::Step(text) => text.split_once(GETS).map(|(said, got)| (text, said.contains("\"write"), got)),
            _ => None,
        });
        let writes: Vec<(&String, bool, &str)> = steps.filter(|(_, writes, _)| *writes).collect();
        match writes.iter().find(|(.., got)| *got != "\"written\\n\"") {
            Some((text, ..)) => Seen::Violated(format!("a client {text}; expected: \"written\\n\"")),
            None => Seen::Kept,
        }
    })
    .hint("block the one address and no others: not all that are mapped, not all of 127.0.0.0/8, no part of a text")
}

/// What 127.0.0.11 wrote is read by 127.0.0.1, which may not change it.
fn board_after_it() -> Rule {
    let requires = "what a client wrote that may write is read by one that may not, and stays";
    Rule::new("bytes", requires, |record| match others_may_write().look(record) {
        Seen::Kept => requests::seen(record, 1, AFTER),
        // Then there is nothing to be read.
        _ => Seen::Kept,
    })
}

fn eleven(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    how_it_listens(stage)?;
    from(stage, Ipv4Addr::new(127, 0, 0, 11).into(), &["read", "write hello from eleven"])?;
    stage.relay([])?;
    stage.client(&AFTER.iter().map(|(request, _)| *request).collect::<Vec<_>>())?;
    stage.ends(CLIENT)
}

fn over_ipv6(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let at = how_it_listens(stage)?;
    if at.iter().any(|ip| [Ipv6Addr::UNSPECIFIED, Ipv6Addr::LOCALHOST].map(IpAddr::from).contains(ip)) {
        from(stage, Ipv6Addr::LOCALHOST.into(), &["write hello from one"])?;
    }
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        how_it_listens(stage)?;
    }
    // The relay is an IPv4 client, whatever form the server writes its own address in.
    let address = stage.address()?;
    stage.server_at(SocketAddr::new(address.ip().to_canonical(), address.port()));
    stage.relay([Script::open()])?;
    stage.client(&["read", "write it was me", "read"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let replies = record.bytes(1, Way::ToClient);
    if replies == REPLIES {
        Finding::Held("127.0.0.1 may read and is kept from writing, at an IPv6 socket as well".to_string())
    } else if replies == b"welcome\nwritten\nit was me\n" {
        Finding::Broke(
            "127.0.0.1 is blocked, but it comes from ::ffff:127.0.0.1 here: it writes, and all read it".to_string(),
        )
    } else {
        Finding::Other(format!(
            "the replies are not welcome, blocked, welcome: {} bytes instead of {}",
            replies.len(),
            REPLIES.len()
        ))
    }
}

fn judge_finished(record: &Record) -> Finding {
    if record.lines(CLIENT).iter().any(|line| line.ends_with("you come from 127.0.0.1 (loopback): welcome")) {
        Finding::Held("an IPv4 client of a dual-stack server is told and judged by its IPv4 address".to_string())
    } else {
        Finding::Other("an IPv4 client of a dual-stack server is not known again".to_string())
    }
}
