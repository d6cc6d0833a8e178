//! `half-close`: the answer can only begin when the request has ended.

use std::time::Duration;

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Stage,
    Step, Way, wire,
};

use crate::finished;
use crate::forms::kept_if;

#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the text here, and there is a limit")]
pub(crate) mod peer;

const LINES: &[&str] = &["pear", "apple"];
pub(crate) const TEXT: &[u8] = b"pear\napple\n";
pub(crate) const SORTED: &[u8] = b"apple\npear\n";
const FIRST_LINE: usize = 6;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "half-close",
    question: "I have sent everything and read to the end of the answer: why does it never come?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: SORTING,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

/// What clients of the sorting server are told of their wire.
pub(crate) const SORTING: &[&str] = &[
    "-> the lines of standard input, each ended by a newline, 64 KiB at most; then the end of the stream",
    "<- the same lines in order, in whatever pieces, and with pauses of up to 2 s between them; then the end of the stream",
    "the server sends nothing before the client has ended its stream",
    "the client prints the answer and nothing else, and ends with status 0",
];

/// The forms of both experiments with the sorting server.
pub(crate) fn forms() -> Vec<Form> {
    let cut = |places: &[usize]| -> Vec<Step> {
        let pieces = places.iter().flat_map(|place| [Step::Send(At::Byte(*place)), Step::Settle]);
        [Step::Hold(At::StreamEnd), Step::Settle].into_iter().chain(pieces).collect()
    };
    let whole = [Step::Hold(At::StreamEnd), Step::Settle, Step::Send(At::BeforeEnd(0)), Step::Settle];
    let pause = Step::Pause(Duration::from_millis(1500));
    let paused = [cut(&[FIRST_LINE]), vec![pause]].concat();
    let many: Vec<String> = (0..300).map(|n| format!("{:03} {}", n * 7 % 300, "x".repeat(66))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    vec![
        sorted("the answer in two pieces", LINES, cut(&[FIRST_LINE])),
        sorted("the answer whole, and its end later", &["pear", "apple", "", "fig"], whole),
        sorted("300 lines, the answer in many pieces", &many, cut(&[1, 1000, 4096, 8192, 20_000])),
        sorted("a pause of 1.5 s inside the answer", LINES, paused),
        sorted("one line in letters of two bytes, cut inside a letter", &["été"], cut(&[1, 4])),
        sorted("an empty text", &[], []),
    ]
}

/// A client of the sorting server is typed these lines; the relay does so with the answer.
fn sorted(name: &str, lines: &[&str], answer: impl Into<Vec<Step>>) -> Form {
    let answer = answer.into();
    let scripts = if answer.is_empty() { Vec::new() } else { vec![Script::to_client(answer)] };
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Form::relayed(name, scripts, lines)
        .bytes(1, Way::ToServer, "the text", text)
        .rule(wire::ends(1, Way::ToServer).hint(HALF))
        .rule(takes())
        .rule(shows())
}

/// What most clients that never end their stream, or end both directions, have to do.
const HALF: &str = "end the direction in which you send, and only that one, when you have sent everything: \
                    shutdown(SHUT_WR), in Rust Shutdown::Write, in Node end(); then read to the end";

fn takes() -> Rule {
    let requires = "the client takes the whole answer before it closes";
    Rule::new("takes", requires, |record| {
        kept_if(!record.reset(1, Way::ToServer), || {
            "the client had closed the direction of the answer, and its kernel refused what came".to_string()
        })
    })
    .hint(HALF)
}

/// What is printed are the lines that were sent, in order: what the server answers to them.
fn shows() -> Rule {
    Rule::new("prints", "the client prints the answer", |record| {
        let sent = record.bytes(1, Way::ToServer);
        let mut answer: Vec<&[u8]> = sent.split_inclusive(|byte| *byte == b'\n').collect();
        answer.sort_unstable();
        let answer = String::from_utf8_lossy(&answer.concat()).into_owned();
        let (printed, answered) = (record.lines(CLIENT), answer.lines().collect::<Vec<_>>());
        let same = printed.iter().zip(&answered).take_while(|(printed, line)| printed == line).count();
        match (printed.get(same), answered.get(same)) {
            (None, None) => Seen::Kept,
            (None, Some(_)) => Seen::Violated(format!(
                "the answer has {} lines, and the client printed {same} of them",
                answered.len()
            )),
            (Some(line), _) => Seen::Violated(format!(
                "line {} that the client printed is no line of the answer: {}",
                same + 1,
                wire::quoted(line.as_bytes())
            )),
        }
    })
    .hint("one read gives a part of the answer: read until there is nothing more, and print the bytes as text")
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() != Cast::Broken {
        return answer_in_two_pieces(stage);
    }
    // There will be no answer.
    stage.server()?;
    stage.relay([])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

/// The answer waits until the client has done all that it does without one. Then it comes in two pieces: a client that
/// is not there for the first shows it before the second.
pub(crate) fn answer_in_two_pieces(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_client([
        Step::Hold(At::StreamEnd),
        Step::Settle,
        Step::Send(At::Byte(FIRST_LINE)),
        Step::Settle,
        Step::Send(At::StreamEnd),
    ])])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

/// The finished client needs no answer after its end; who asks so is somebody else.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut caller = stage.attacker()?;
    caller.send(TEXT);
    caller.half_close();
    caller.receive_all(1024);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let ended = record.fin(1, Way::ToServer);
    let answered = record.bytes(1, Way::ToClient) == SORTED;
    if record.bytes(1, Way::ToServer) != TEXT {
        Finding::Other("the client did not send its two lines, each ended by a newline".to_string())
    } else if record.hung(CLIENT).is_some() && !ended {
        Finding::Broke(
            "both wait forever: the server for the end of the text, the client for the end of the answer".to_string(),
        )
    } else if ended && answered && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the client ended its own direction, and the answer came through the other".to_string())
    } else if record.reset(1, Way::ToServer) {
        Finding::Other("the client closed the connection before it had taken the answer".to_string())
    } else if !answered {
        Finding::Other("no sorted text came back".to_string())
    } else {
        Finding::Other("the answer came, and the client did not end well".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::unstamped(&record.bytes(1, Way::ToClient)) == TEXT;
    if whole && record.fin(1, Way::ToClient) {
        Finding::Held(
            "who had ended one direction was answered through the other, and then it ended as well".to_string(),
        )
    } else {
        Finding::Other("the answer did not come whole, or the stream did not end after it".to_string())
    }
}
