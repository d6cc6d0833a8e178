//! `length-ack`: the relay cuts the length of an answer after its first byte.

use lab::{At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Script, Side, Span, Stage, Step, Way};

use crate::finished;

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
    finished: Some(finished::rehearsal(&["echo hello, world"], judge_finished)),
    ..lab::EXPERIMENT
};

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
    if answer != FRAME {
        Finding::Broke("the answer is not a 4-byte big-endian length and the 12 bytes that it announces".to_string())
    } else if !ends_well {
        Finding::Broke("the length came in two pieces and the client did not take the whole answer".to_string())
    } else if trips != 1 {
        Finding::Broke(format!("the answer is whole, but one command took {trips} round trips"))
    } else {
        Finding::Held("the length came in two pieces and the answer is whole; 1 round trip for one command".to_string())
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
