//! `length-ack`: the relay cuts the length of an answer after its first byte.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Record, Role, Script, Side, Span, Stage, Step, Way,
};

use crate::finished;
use crate::split_header::forms::{self, ECHO, NEXT, frame};

#[expect(
    clippy::disallowed_methods,
    reason = "commands have no frames on this wire; the single read of the digits is the mistake"
)]
mod broken;
#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire")]
mod fixed;

const COMMAND: &str = "echo hello, world";
const DIGITS: &[u8] = b"12hello, world";
const FRAME: &[u8] = b"\0\0\0\x0chello, world";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "length-ack",
    question: "Where does a number in digits end?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Either,
    play,
    judge,
    dissect,
    wire: &WIRE,
    forms: all_forms,
    finished: Some(finished::rehearsal(&["echo hello, world"], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> a command as it was typed, echo TEXT of at most 1024 bytes, in one piece, with nothing behind it",
    "<- 4 bytes length, big-endian, and right behind it the result: TEXT",
    "-> the next command when the result is there; no acknowledgement in between",
    "a client prints each result as one line on standard output, and ends with status 0 at the end of its input",
    ECHO[3],
];

fn all_forms(side: Role) -> Vec<Form> {
    let texts = ["hello, world".to_string(), "a".to_string(), "价格¥9".to_string(), "x".repeat(300), "y".repeat(1000)];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    match side {
        Role::Server => vec![
            served("one command", &texts[..1], false),
            served("results of 12, 1, 9, 300 and 1000 bytes", &texts, true),
        ],
        _ => {
            let cut = |at: usize| vec![Step::Send(At::Byte(at)), Step::Gate];
            let chapter = vec![Step::Send(At::Byte(1)), Step::Gate, Step::Hold(At::Byte(DIGITS.len()))];
            vec![
                printed("the length cut after 1 byte", &texts[..1], chapter),
                printed("the length cut after 2 bytes", &texts[..1], cut(2)),
                printed("the length cut after 3 bytes", &texts[..2], cut(3)),
                printed(
                    "the result cut after 1 and before the last of its bytes",
                    &texts[..2],
                    [cut(5), cut(15)].concat(),
                ),
                printed(
                    "a result of 1000 bytes in three pieces, after another one",
                    &[texts[0], texts[4], texts[2]],
                    [cut(16), cut(18), cut(21), cut(1000)].concat(),
                ),
            ]
        }
    }
}

/// A server gives these results, and the next client its own.
fn served(name: &str, texts: &[&str], next: bool) -> Form {
    let commands = commands(texts);
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        stage.relay([])?;
        stage.client(&commands.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)?;
        if next && stage.record(|record| record.hung(CLIENT)).is_none() {
            stage.client(&["echo ok"])?;
            stage.ends(NEXT)?;
        }
        Ok(())
    });
    let answers = texts.iter().flat_map(|text| frame(text.as_bytes())).collect::<Vec<_>>();
    let form = form.bytes(1, Way::ToClient, "the answer", answers).hint(
        "bytes",
        "the length has 4 bytes, big-endian (in Python struct \"!I\"), no digits, and the result follows at once",
    );
    if next { form.bytes(2, Way::ToClient, "the answer to the next client", frame(b"ok")) } else { form }
}

/// A client prints these results, whose answers are cut by these steps.
fn printed(name: &str, texts: &[&str], steps: Vec<Step>) -> Form {
    let commands = commands(texts);
    Form::relayed(name, [Script::to_client(steps)], &commands.iter().map(String::as_str).collect::<Vec<_>>())
        .bytes(1, Way::ToServer, "what the client sends", commands.concat())
        .rule(
            forms::prints_results(texts.iter().copied())
                .hint("read the 4 bytes of the length in a loop, and then as many bytes as it says"),
        )
}

fn commands(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| format!("echo {text}")).collect()
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // The rest goes on when there is all of it: behind the digits that takes the acknowledgement of the client.
    let cut = [Step::Send(At::Byte(1)), Step::Gate, Step::Hold(At::Byte(DIGITS.len()))];
    stage.relay([Script::to_client(cut)])?;
    stage.client(&[COMMAND])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success) && !record.reset(1, Way::ToServer);
    let trips = record.turns(1) / 2;
    if record.cast == Cast::Broken {
        return if answer == DIGITS && record.lines(CLIENT) == ["2"] && trips == 2 {
            Finding::Broke(format!(
                "1 of the digits 12 passed for the length, and the 2 for the result; {trips} round trips for one command"
            ))
        } else {
            Finding::Other("the client did not take the second digit for the result".to_string())
        };
    }
    if answer == FRAME && ends_well && trips == 1 {
        Finding::Held("the length came in two pieces and the answer is whole; 1 round trip for one command".to_string())
    } else {
        Finding::Other("the client did not take the whole answer in one round trip".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToClient && !bytes.starts_with(b"1") {
        return lab::dissect_frames(way, bytes);
    }
    let spans = |parts: &[(usize, &str)]| {
        parts.iter().map(|(length, name)| Span { length: *length, name: (*name).to_string() }).collect()
    };
    match way {
        Way::ToServer => spans(&[(COMMAND.len(), "command"), (b"recv_ready".len(), "acknowledgement")]),
        Way::ToClient => spans(&[(2, "length in digits"), (12, "result")]),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &["hello, world\n"]) && record.turns(1) == 2;
    finished::finding(whole, "the length came in two pieces and the reply is whole; 1 round trip for one command")
}
