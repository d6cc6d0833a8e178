//! `double-count`: an answer of 3000 bytes waits whole for a client that reads 1024 at a time and counts wrongly.

use lab::{At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Role, Script, Side, Span, Stage, Step};
use lab::{Way};

use crate::finished;

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
    finished: Some(finished::rehearsal(&["printf %03000d 7", "echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let first = At::Byte(FIRST_ANSWER);
    let commands = [Step::Send(At::Byte(COMMANDS[0].len())), Step::Send(At::Byte(REQUESTS.len())), Step::Settle];
    stage.relay([Script::to_client([Step::Hold(first), Step::Send(first)]).and(Way::ToServer, commands)])?;
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
    } else if record.cast != Cast::Broken {
        Finding::Broke(
            "the client did not take exactly the 3000 bytes of the first answer and the 5 of the second".to_string(),
        )
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
