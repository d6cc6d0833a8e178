//! `name-family`: a name has an IPv6 and an IPv4 address, and the server listens at the second only.

use std::io;
use std::net::{Ipv6Addr, SocketAddr};

use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void};
use socket2::{Domain, Protocol, Socket, Type};

mod broken;
mod fixed;
pub(crate) mod peer;

/// What `localhost` is on a machine with both families, in the order of RFC 6724.
const ADDRESSES: [&str; 2] = ["::1", "127.0.0.1"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "name-family",
    question: "Why is localhost refused, when the server runs?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(Rehearsal {
        play: None,
        needs: &[],
        serve: &[],
        connect: &["--to", "::1", "--to", "127.0.0.1"],
        input: &[],
        judge: judge_finished,
        dissect: lab::dissect_lines,
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let _nobody = bound_and_silent(stage.address()?.port())?;
    stage.step(SERVER, "listens at 127.0.0.1; at ::1 nobody listens");
    stage.client(&ADDRESSES)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

/// A socket that is bound to ::1 and does not listen, so that nobody else can while the play goes on. Without IPv6 nobody
/// can anyway.
fn bound_and_silent(port: u16) -> anyhow::Result<Option<Socket>> {
    let socket = match Socket::new(Domain::IPV6, Type::STREAM, Some(Protocol::TCP)) {
        Ok(socket) => socket,
        Err(_) => return Ok(None),
    };
    match socket.bind(&SocketAddr::from((Ipv6Addr::LOCALHOST, port)).into()) {
        Ok(()) => Ok(Some(socket)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Err(Void("another program has this port at ::1".to_string()).into())
        }
        Err(_) => Ok(None),
    }
}

fn judge(record: &Record) -> Finding {
    let greeted = record.lines(SERVER).contains(&"a client was greeted");
    match (greeted, record.exit(CLIENT)) {
        (true, Some(exit)) if exit.is_success() => {
            Finding::Held("nobody answers at the first address, and the client is greeted at the second".to_string())
        }
        (false, Some(exit)) if !exit.is_success() => {
            Finding::Broke("the client gives up after the first address, and the server never hears of it".to_string())
        }
        (false, Some(_)) => Finding::Other("the client ends well, but it never reached the server".to_string()),
        (true, Some(_)) => Finding::Other("the client reached the server and failed all the same".to_string()),
        (_, None) => Finding::Other("the client does not end".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let lines = record.lines(CLIENT);
    let [first, second] = lines[..] else { return Finding::Other("the client did not try two addresses".to_string()) };
    if first.starts_with("::1 does not answer: ") && second.ends_with("(loopback): welcome") {
        Finding::Held("the client says why ::1 did not answer, and is let in at 127.0.0.1".to_string())
    } else {
        Finding::Other("the client did not say which address answers and which does not".to_string())
    }
}
