//! `two-readers`: the length of a message and the message itself come in one piece.

use lab::kernel::State;
use lab::{
    At, CLIENT, Check, Experiment, Finding, Form, Need, Record, Role, SERVER, Script, Side, Span, Stage, Step, Way,
};

use crate::joined::forms;

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
    needs: &[Need::SocketTables],
    play,
    judge,
    dissect,
    wire: WIRE,
    forms: |_| forms(),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> messages: a line with the length in bytes, 1 to 1024 in decimal digits, then so many bytes of UTF-8 text, blanks included",
    "   a newline follows the length and none follows the message; newlines inside it are part of it; in any pieces",
    "<- for each message \"-----> \", the message and a newline, as soon as the message is whole, and not earlier",
    "the client waits up to 5 s for an answer; its stream stays open, and the server waits for more",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// What most programs that answer too early, late or never do.
const ONE_READER: &str = "read the length and the message with one and the same reader, since a buffered one takes more \
                          than it gives; and read until all bytes of the message are there";

/// These messages as they are sent.
fn encoded(message: &str) -> Vec<u8> {
    format!("{}\n{message}", message.len()).into_bytes()
}

fn rules(form: Form, messages: &[&str]) -> Form {
    let lengths: Vec<usize> = messages.iter().map(|message| encoded(message).len()).collect();
    form.rule(forms::not_before(messages, &lengths).hint(ONE_READER))
        .rule(forms::answers(Record::connections, messages).hint(ONE_READER))
        .wanted(1, Way::ToClient, forms::acknowledged(messages))
}

/// The client of this experiment sends these messages; its stream comes in pieces that end at these places.
fn pieces(name: &str, messages: &[&str], places: &[usize]) -> Form {
    let whole: usize = messages.iter().map(|message| encoded(message).len()).sum();
    let steps = [vec![Step::Hold(At::Byte(whole))], forms::cut_at(places.iter().copied().chain([whole]))].concat();
    rules(Form::relayed(name, [Script::to_server(steps)], messages), messages)
}

fn forms() -> Vec<Form> {
    const IN_TURN: &[&str] = &["one", "two", "three"];
    const LINES: &[&str] = &["two\nlines", "bye\n"];
    let many: Vec<String> = ('a'..='t').map(|letter| letter.to_string().repeat(1000)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let sent = |messages: &[&str]| messages.iter().map(|message| encoded(message)).collect();
    vec![
        pieces("lengths and messages in one piece", INPUT, &[]),
        pieces("cut inside a message", INPUT, &[5]),
        pieces("cut inside a length", &["hello world", "egg"], &[1, 15]),
        pieces("characters of two and three bytes", &["h\u{e9}\u{20ac}llo", "bye"], &[]),
        pieces("20 messages of 1000 bytes, cut after 8192", &many, &[8192]),
        pieces("blanks at both ends of a message", &forms::BLANKS[..2], &[]).hint("bytes", forms::STRIPS),
        forms::pieces("newlines inside the messages", LINES, sent(LINES), vec![]),
        rules(forms::in_turn("a client that waits for each answer", IN_TURN, sent(IN_TURN)), IN_TURN),
    ]
}

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
