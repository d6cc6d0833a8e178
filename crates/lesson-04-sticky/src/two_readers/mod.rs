//! `two-readers`: the length of a message and the message itself come in one piece.

use lab::kernel::State;
use lab::{At, CLIENT, Check, Experiment, Finding, Record, Role, SERVER, Script, Side, Span, Stage, Step, Way};

mod broken;
mod fixed;
mod peer;

const INPUT: &[&str] = &["hello egg", "bye"];
/// What these lines become on the wire.
const SENT: &[u8] = b"9\nhello egg3\nbye";
const ANSWER: &[u8] = b"-----> hello egg\n-----> bye\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "two-readers",
    question: "I have read the header line; why does the body not come?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let server = stage.server()?;
    let together = [Step::Hold(At::Byte(SENT.len())), Step::Send(At::Byte(SENT.len())), Step::Settle];
    stage.relay([Script::to_server(together)])?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)?;
    let port = stage.address()?.port();
    let is_the_servers = |state, local: u16| state == State::Established && local == port;
    if stage.record(|record| record.hung(CLIENT)).is_some()
        && let Some(sockets) = stage.sockets()
        && let Some(socket) = sockets.iter().find(|socket| is_the_servers(socket.state, socket.local.port()))
    {
        let (came, left) = (SENT.len(), socket.unread);
        stage.fact(server, format!("of the {came} bytes that came, {left} are left in the server's receive queue"));
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("lengths and messages came in one piece, and one reader took all of them".to_string())
    } else if answer.is_empty() && record.hung(CLIENT).is_some() && record.exit(SERVER).is_none() {
        Finding::Broke(
            "the server waits for bytes that it has: the reader of the length took the message as well".to_string(),
        )
    } else if answer.is_empty() {
        Finding::Other("no message was acknowledged, and the connection was closed".to_string())
    } else {
        Finding::Other("the messages were not acknowledged as they should be".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToClient {
        return lab::dissect_lines(way, bytes);
    }
    let mut spans = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let length = std::str::from_utf8(&rest[..end]).ok().and_then(|number| number.parse().ok()).unwrap_or(0);
        let message = rest.len().min(end + 1 + length) - (end + 1);
        spans.push(Span { length: end + 1, name: format!("length {length}") });
        spans.push(Span { length: message, name: "message".to_string() });
        rest = &rest[end + 1 + message..];
    }
    spans.push(Span { length: rest.len(), name: "part of a length".to_string() });
    spans.retain(|span| span.length > 0);
    spans
}
