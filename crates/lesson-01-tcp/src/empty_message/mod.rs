//! `empty-message`: one of three lines is empty.

use std::time::Duration;

use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Role, Rule, Script, Seen, Side, Stage, Step, Way, What,
    wire,
};

use crate::finished;
use crate::forms::kept_if;

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "whatever one read gives gets an answer of its own")]
pub(crate) mod peer;

const LINES: &[&str] = &["hello", "", "world"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "empty-message",
    question: "What does an empty line look like on the wire?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: LABELLED,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(LINES, judge_finished)),
    ..lab::EXPERIMENT
};

/// What clients of the labelling server are told of their wire.
pub(crate) const LABELLED: &[&str] = &[
    "-> each line of standard input, UTF-8, blanks included, without its line end, 1000 bytes at most; the next one after \
     the answer",
    "<- `echo: ` and the line, without a line end, in whatever pieces, and with pauses of up to 2 s between them",
    "the client prints each answer as a line, and ends with status 0 when its input has ended",
    "an empty line has no bytes and no answer: pass it over, or take it for the end of the input",
];
/// What the server puts before every answer.
const LABEL: &str = "echo: ";

fn forms() -> Vec<Form> {
    let long = "x".repeat(1000);
    let wait = Step::Pause(Duration::from_millis(600));
    let held = [10, 31].map(|end| [Step::Hold(At::Byte(end)), wait.clone(), Step::Send(At::Byte(end))]).concat();
    vec![
        labelled("one of three lines is empty", LINES, []),
        labelled("the answers come late", &["good", "", "", "morning, world!"], held),
        labelled("the first line is empty, and so is the last", &["", "hello", ""], []),
        labelled("no line but an empty one", &[""], []),
        labelled("1000 bytes, and letters of two bytes", &[&long, "", "café"], []),
        keeps_blanks(),
    ]
}

/// Blanks belong to a line; the first answer is cut before its last blank.
pub(crate) fn keeps_blanks() -> Form {
    let cut = [20, 21].map(|end| [Step::Send(At::Byte(end)), Step::Settle]).concat();
    labelled("lines with blanks at both ends", &["  good morning ", "two  eggs", " tea"], cut).hint(
        "bytes",
        "blanks are part of a line: take away its line end and nothing else, where strip or trim takes all",
    )
}

/// A client of the labelling server is typed these lines; the relay does so with the answers.
pub(crate) fn labelled(name: &str, lines: &[&str], answers: impl Into<Vec<Step>>) -> Form {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let typed: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answers = answers.into();
    let scripts = if answers.is_empty() { Vec::new() } else { vec![Script::to_client(answers)] };
    let full = |lines: &[String]| lines.iter().filter(|line| !line.is_empty()).cloned().collect::<Vec<_>>();
    let all = full(&lines);
    let first = full(lines.split(String::is_empty).next().unwrap_or_default());
    let form = Form::relayed(name, scripts, &typed).rule(sends(&all, &first)).rule(in_turn(&all)).rule(shows(&all));
    form.wanted(1, Way::ToServer, all.concat())
}

/// All lines that have bytes are sent, or those before the first empty one.
fn sends(all: &[String], first: &[String]) -> Rule {
    let (all, first) = (all.concat(), first.concat());
    let whole = wire::bytes(1, Way::ToServer, "what is typed", all);
    Rule::new("bytes", whole.requires.clone(), move |record| {
        if record.bytes(1, Way::ToServer) == first.as_bytes() { Seen::Kept } else { whole.look(record) }
    })
    .hint("send the bytes of each line and nothing else; an empty line has none, so there is nothing to send")
}

/// No line goes out before the answer to the one before is whole.
fn in_turn(lines: &[String]) -> Rule {
    let turns: Vec<(usize, usize)> = lines
        .iter()
        .scan((0, 0), |(sent, came), line| {
            *sent += line.len();
            *came += LABEL.len() + line.len();
            Some((*sent, *came))
        })
        .collect();
    Rule::new("in-turn", "each line is sent when the answer to the one before is whole", move |record| {
        let (mut sent, mut came) = (0, 0);
        for event in record.on(1) {
            match &event.what {
                What::Bytes { way: Way::ToServer, total, .. } => {
                    sent += total;
                    let early = turns.iter().position(|(line, answer)| sent > *line && came < *answer);
                    if let Some(place) = early {
                        let before = place.checked_sub(1).map_or(0, |before| turns[before].1);
                        return Seen::Violated(format!(
                            "line {} was sent when {} of the {} bytes of the answer to line {} had come",
                            place + 2,
                            came.saturating_sub(before),
                            turns[place].1 - before,
                            place + 1
                        ));
                    }
                }
                What::Bytes { way: Way::ToClient, total, .. } => came += total,
                _ => {}
            }
        }
        Seen::Kept
    })
    .hint("an answer has 6 bytes more than its line: read in a loop until you have them, and send the next line then")
}

/// The client prints the answer to each line that it has sent.
fn shows(lines: &[String]) -> Rule {
    let lines = lines.to_vec();
    Rule::new("prints", "the client prints each answer whole", move |record| {
        let mut sent = record.bytes(1, Way::ToServer).len();
        let printed = record.lines(CLIENT);
        let mut printed = printed.iter();
        for line in lines.iter().take_while(|line| {
            let was_sent = sent >= line.len();
            sent = sent.saturating_sub(line.len());
            was_sent
        }) {
            let answer = format!("{LABEL}{line}");
            if !printed.any(|printed| printed.contains(&answer)) {
                return kept_if(false, || format!("the client never printed {}", wire::quoted(answer.as_bytes())));
            }
        }
        Seen::Kept
    })
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let sent = record.bytes(1, Way::ToServer);
    // A client may as well take an empty line for the end.
    if sent != b"hello" && sent != b"helloworld" {
        return Finding::Other("the client did not send the lines as they are, without their ends".to_string());
    }
    if record.hung(CLIENT).is_some() {
        Finding::Broke(
            "the empty line put nothing on the wire: the client waits for an answer, and the server for a question"
                .to_string(),
        )
    } else if record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("the empty line was not sent, and nobody waited for an answer to it".to_string())
    } else {
        Finding::Other("the client ended with an error".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let ended = finished::printed(record, &["hello"]);
    finished::finding(ended, "the empty line was not sent: it ended the client")
}
