//! `double-count`: an answer of 3000 bytes waits whole for a client that reads 1024 at a time and counts wrongly.

use lab::{At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;
use crate::split_header::forms;

#[expect(
    clippy::disallowed_methods,
    reason = "reads a result in pieces, and a length as the machine of the server has it"
)]
mod broken;
#[expect(
    clippy::disallowed_methods,
    reason = "reads a result in pieces, and a length as the machine of the server has it"
)]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "commands have no frames on this wire, and lengths are native-endian")]
mod peer;

const COMMANDS: [&str; 2] = ["fill 3000", "echo hello"];
const REQUESTS: &[u8] = b"fill 3000echo hello";
/// Length, header and result of the first answer.
const FIRST_ANSWER: usize = 4 + "{\"data_size\": 3000}".len() + 3000;
/// What the first four bytes of the rest are as a length.
const YYYY: &str = "2038004089";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "double-count",
    question: "Which bytes have been counted already?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect,
    wire: &WIRE,
    forms: |_| all_forms(),
    finished: Some(finished::rehearsal(&["printf %03000d 7", "echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> a command as it was typed, echo TEXT or fill N, with nothing behind it",
    "<- 4 bytes length of the header, in the machine's byte order; the header {\"data_size\": N}; N bytes of result",
    "-> the next command, when all of the result has come",
    "your client prints each result as one line on standard output, and nothing else there",
    "it ends its stream and ends with status 0 at the end of its input; results have up to 20000 bytes",
];

fn all_forms() -> Vec<Form> {
    let cut = |at: usize| [Step::Send(At::Byte(at)), Step::Settle];
    let header = "{\"data_size\": 3000}".len();
    let odd = [1, 3, 4, 12, 4 + header, 5 + header, 1028 + header, 4 + header + 2999].map(cut).concat();
    vec![
        printed("an answer of 3000 bytes comes whole", &[("fill", 3000), ("hello", 5)], held(FIRST_ANSWER)),
        printed("an answer of 3000 bytes comes in odd pieces", &[("fill", 3000), ("hello", 5)], Script::to_client(odd)),
        printed(
            "a result of 20000 bytes comes whole",
            &[("fill", 20_000), ("hello", 5)],
            held(4 + header + 1 + 20_000),
        ),
        printed(
            "results as long as a buffer, and nearly",
            &[
                ("fill", 1024),
                ("fill", 1023),
                ("fill", 1025),
                ("fill", 2048),
                ("fill", 1),
                ("hello", 5),
                ("fill", 4000),
            ],
            Script::open(),
        ),
    ]
}

/// Commands for these results, `fill` or a text for `echo`, with their lengths: the client prints them.
fn printed(name: &str, results: &[(&str, usize)], script: Script) -> Form {
    let command = |(what, length): &(&str, usize)| match *what {
        "fill" => format!("fill {length}"),
        text => format!("echo {text}"),
    };
    let commands: Vec<String> = results.iter().map(command).collect();
    let pieces = |(what, length): &(&str, usize)| match *what {
        // The record has a long line in pieces.
        "fill" => (0..*length).step_by(LINE).map(|start| "y".repeat(LINE.min(length - start))).collect::<Vec<_>>(),
        text => vec![text.to_string()],
    };
    let lines: Vec<String> = results.iter().flat_map(pieces).collect();
    Form::relayed(name, [script], &commands.iter().map(String::as_str).collect::<Vec<_>>())
        .bytes(1, Way::ToServer, "what the client sends", commands.concat())
        .rule(forms::prints_results(lines.iter().map(String::as_str)))
}

/// Longer lines are kept in pieces of this size, bytes.
const LINE: usize = 4096;

/// The whole first answer is handed on at once, and the commands as they come.
fn held(answer: usize) -> Script {
    let answer = At::Byte(answer);
    Script::to_client([Step::Hold(answer), Step::Send(answer)])
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // The story is told in one order: whoever makes the mistake has done so before the server sees the next command.
    let commands = [Step::Send(At::Byte(COMMANDS[0].len())), Step::Send(At::Byte(REQUESTS.len())), Step::Settle];
    stage.relay([held(FIRST_ANSWER).and(Way::ToServer, commands)])?;
    stage.client(&COMMANDS)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let requests = record.bytes(1, Way::ToServer);
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success) && !record.reset(1, Way::ToServer);
    if !REQUESTS.starts_with(&requests) {
        Finding::Other("the client did not send the two commands as they were typed".to_string())
    } else if ends_well && requests == REQUESTS {
        Finding::Held("all 3000 bytes were taken, and the next answer begins where the client looks for it".to_string())
    } else if record.complaints(CLIENT).iter().any(|line| line.contains(YYYY)) {
        Finding::Broke(format!("3000 bytes announced, 2048 taken: four of the rest passed for the next length, {YYYY}"))
    } else {
        Finding::Other("the client failed, and not because it took the rest for a length".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToServer {
        return lab::dissect_text(way, bytes);
    }
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let native = if cfg!(target_endian = "little") { u32::from_le_bytes } else { u32::from_be_bytes };
        let length = native(*length) as usize;
        let Some(header) = bytes.get(at + 4..at + 4 + length) else { break };
        let size =
            serde_json::from_slice(header).ok().and_then(|header: serde_json::Value| header["data_size"].as_u64());
        let size = (size.unwrap_or(0) as usize).min(bytes.len() - at - 4 - length);
        spans.push(Span { length: 4, name: format!("length {length}") });
        spans.push(Span { length, name: "header".to_string() });
        spans.push(Span { length: size, name: "result".to_string() });
        at += 4 + length + size;
    }
    spans
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &[&format!("{:03000}", 7), "hello\n"]);
    finished::finding(whole, "all 3000 bytes were taken, and the next reply begins where the client looks for it")
}
