//! `joined-greeting`: the relay keeps the greeting until the first answer is there, and hands on both as one piece. The
//! second answer it cuts in two, so that a client is caught as well that has come through by counting its reads.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Misread, Record, Rehearsal, Role, Rule, Script, Seen,
    Side, Span, Stage, Step, Way, What,
};

use crate::finished;
use crate::wire::{self, AGAIN, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod peer;

const LINES: &[&str] = &["0", "x"];
const SENT: &[u8] = b"0x";
/// The end of the greeting and the first answer, and of the second answer.
const JOINED: usize = GREETING.len() + ZERO.len();
const ALL: usize = JOINED + AGAIN.len();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "joined-greeting",
    question: "The server greets, then answers. Does one recv give each?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: wire::dissect,
    misread: Some(Misread {
        reader: Role::Client,
        belief: "the first read gives the greeting, and each other one an answer",
        meant: None,
        names: |pieces| {
            let name = |at| if at == 0 { "greeting" } else { "answer" };
            let pieces = pieces.iter().enumerate();
            pieces.map(|(at, piece)| Span { length: piece.len(), name: name(at).to_string() }).collect()
        },
    }),
    wire: &[
        "your client gets commands as lines on standard input, one to three of them: 0 or x",
        "-> the first command at once, without waiting for the greeting; each other one when the answer before it has come \
         (no newline, one write)",
        "<- the greeting 我是多线程, 15 bytes; to 0: 您输入的是0; to x: 请重新输入. (16 bytes each, UTF-8, no newline)",
        "stdout: greeting and answers, each whole and on a line of its own; what stands before it on the line is free",
        "when the last answer has come, end your stream, and end with status 0",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(LINES, judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let mut steps = vec![Step::Hold(At::Byte(JOINED)), Step::Send(At::Byte(JOINED)), Step::Settle];
    // There the second command is never sent, and so there is no second answer.
    if stage.cast() != Cast::Broken {
        steps.extend([Step::Hold(At::Byte(ALL)), Step::Send(At::Byte(ALL - 8)), Step::Settle]);
    }
    stage.server()?;
    stage.relay([Script::to_client(steps)])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

fn forms() -> Vec<Form> {
    vec![
        ruled(
            Form::new("greeting and first answer as one piece, the second answer as two", play).scripts([
                Script::to_client([
                    Step::Hold(At::Byte(JOINED)),
                    Step::Send(At::Byte(JOINED)),
                    Step::Settle,
                    Step::Hold(At::Byte(ALL)),
                    Step::Send(At::Byte(ALL - 8)),
                    Step::Settle,
                ]),
            ]),
            LINES,
        ),
        cut("the greeting as two pieces, the first answer joined to its rest", LINES, [6, JOINED], true),
        cut("each byte alone", &["x", "0"], 1..ALL, false),
        cut("seven bytes at a time, three commands", &["x", "0", "x"], [7, 14, 21, 28, 31, 38, 45, 47, 54, 61], false),
        cut("one answer alone, joined to the greeting", &["x"], [JOINED], true),
    ]
}

/// What the server sends is handed on up to these places, each when the client has done all that it does with what came
/// before; `joined`: the greeting waits for the first answer.
fn cut(name: &str, lines: &'static [&'static str], ends: impl IntoIterator<Item = usize>, joined: bool) -> Form {
    let first = joined.then_some(Step::Hold(At::Byte(JOINED)));
    let pieces = ends.into_iter().flat_map(|end| [Step::Hold(At::Byte(end)), Step::Send(At::Byte(end)), Step::Settle]);
    let script = Script::to_client(first.into_iter().chain(pieces).collect::<Vec<_>>());
    ruled(Form::relayed(name, [script], lines), lines)
}

/// The texts that the server has for these commands.
fn texts(lines: &[&str]) -> Vec<&'static str> {
    let answers = lines.iter().map(|line| if *line == "0" { ZERO } else { AGAIN });
    std::iter::once(GREETING).chain(answers).collect()
}

fn ruled(form: Form, lines: &'static [&'static str]) -> Form {
    form.rule(at_once()).rule(in_turn(lines)).rule(stays(lines)).rule(prints(lines))
}

const KNOWN_LENGTHS: &str = "each text has a length that you know, 15 or 16 bytes: read in a loop until you have so many, and leave \
    what follows for the next text";

fn at_once() -> Rule {
    let rule = Rule::new("first-at-once", "the first command is sent before the greeting has come", |record| {
        let what = if record.hung(CLIENT).is_some() { "waits for the greeting" } else { "ends" };
        Seen::kept_if(
            !record.bytes(1, Way::ToServer).is_empty(),
            format!(
                "your client sends nothing and {what}; the relay keeps the greeting until the first answer is there"
            ),
        )
    });
    rule.hint("on this wire the first command goes out before anything is read: send it right after connect")
}

/// The lines as they are, and none before the answer to the one before it was there.
fn in_turn(lines: &'static [&'static str]) -> Rule {
    let rule = Rule::new("in-turn", "each further command is sent when the answer before it has come", move |record| {
        let (mut sent, mut came) = (Vec::new(), 0);
        let wanted = lines.concat();
        let due = |commands: usize| GREETING.len() + ZERO.len() * (commands - 1);
        for event in record.on(1) {
            match &event.what {
                What::Bytes { way: Way::ToClient, total, .. } => came += total,
                What::Bytes { way: Way::ToServer, bytes, .. } => {
                    sent.extend_from_slice(bytes);
                    if !wanted.as_bytes().starts_with(&sent) {
                        let sent = String::from_utf8_lossy(&sent);
                        return Seen::Violated(format!("your client sends {sent:?}; expected: {wanted:?}"));
                    }
                    if sent.len() > 1 && came < due(sent.len()) {
                        return Seen::Violated(format!(
                            "your client sends command {} when {came} of the {} bytes before it have come: it took \
                             something for an answer that was none",
                            sent.len(),
                            due(sent.len())
                        ));
                    }
                }
                _ => {}
            }
        }
        let next = sent.len() + 1;
        Seen::kept_if(
            sent.is_empty() || sent.len() == wanted.len() || came < due(next),
            format!(
                "your client has all {came} bytes that it asked for, and does not send command {next}: it waits for an \
                 answer that it has already read"
            ),
        )
    });
    rule.hint(KNOWN_LENGTHS)
}

fn stays(lines: &'static [&'static str]) -> Rule {
    let all = texts(lines).concat().len();
    let rule = Rule::new("stays", "it stays until the last byte has come", move |record| {
        let came = bytes_before_the_end(record);
        let left = record.fin(1, Way::ToServer) || record.reset(1, Way::ToServer);
        Seen::kept_if(
            !left || came >= all || record.bytes(1, Way::ToServer).len() < lines.len(),
            format!("your client leaves when {came} of the {all} bytes have come: it counts reads, not bytes"),
        )
    });
    rule.hint(KNOWN_LENGTHS)
}

fn prints(lines: &'static [&'static str]) -> Rule {
    let rule = Rule::new("prints", "it prints each text whole and on a line of its own", move |record| {
        let printed: Vec<&str> = record.lines(CLIENT).into_iter().filter(|line| !line.trim().is_empty()).collect();
        let texts = texts(lines);
        let (left, came) = (record.exit(CLIENT).is_none(), bytes_before_the_end(record));
        if left || came < texts.concat().len() {
            return Seen::Kept;
        }
        let pure = |line: &str, text: &str| {
            line.ends_with(text)
                && ![GREETING, ZERO, AGAIN].iter().any(|other| line[..line.len() - text.len()].contains(other))
        };
        match texts
            .iter()
            .enumerate()
            .find(|(place, text)| printed.get(*place).is_none_or(|line| !pure(line.trim_end(), text)))
        {
            Some((place, text)) => Seen::Violated(format!(
                "line {} on standard output is {:?}; expected is {text:?}, at its end",
                place + 1,
                printed.get(place).copied().unwrap_or_default()
            )),
            None => Seen::kept_if(
                printed.len() == texts.len(),
                format!("your client prints {} lines for {} texts", printed.len(), texts.len()),
            ),
        }
    });
    rule.hint(KNOWN_LENGTHS)
}

fn judge(record: &Record) -> Finding {
    let sent = record.bytes(1, Way::ToServer);
    let well = record.exit(CLIENT).is_some_and(Exit::is_success);
    if sent.is_empty() {
        Finding::Other(
            "the client did not send its first command before the greeting came, as it has to here".to_string(),
        )
    } else if sent == SENT[..1] && record.hung(CLIENT).is_some() {
        Finding::Broke(
            "greeting and first answer came in one read: the client waits for an answer that it has already read"
                .to_string(),
        )
    } else if sent != SENT {
        Finding::Other("the client did not send its two lines as they are, without their ends".to_string())
    } else if bytes_before_the_end(record) < ALL {
        Finding::Broke("the client left with half of the second answer: it counts reads, not bytes".to_string())
    } else if well {
        Finding::Held("greeting and first answer came at once, and the client took each for what it was".to_string())
    } else {
        Finding::Other("the client had all its answers, and did not end well".to_string())
    }
}

/// How many bytes the client was sent before it ended its stream.
fn bytes_before_the_end(record: &Record) -> usize {
    let way = Way::ToServer;
    let before = record.on(1).take_while(|event| event.what != What::Fin { way } && event.what != What::Rst { way });
    let length = |what: &What| match what {
        What::Bytes { way: Way::ToClient, total, .. } => *total,
        _ => 0,
    };
    before.map(|event| length(&event.what)).sum()
}

/// The finished client waits for the greeting, which cannot be joined to an answer then. It can be cut.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    let cuts = [6, 15, 20, JOINED, ALL - 8].map(|end| [Step::Send(At::Byte(end)), Step::Settle]).concat();
    stage.server()?;
    stage.relay([Script::to_client(cuts)])?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &[ZERO, AGAIN]);
    finished::finding(whole, "the greeting and both answers were read to their ends, wherever they were cut")
}
