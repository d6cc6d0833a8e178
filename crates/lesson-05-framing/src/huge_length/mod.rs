//! `huge-length`: two peers announce far more than they send; one of them does not even know that it announces anything.

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

use crate::finished;
use crate::split_header::peer;

mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod fixed;

/// A frame of 16 MiB, of which 3 bytes are sent. Every server that takes frames of this size has to believe it.
const LONG: &[u8] = b"\x01\0\0\0abc";
/// To a server of frames its first four bytes are the number 1195725856.
const WEB: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

const MIB: u64 = 1024 * 1024;
const LITTLE: &str = "less than 1 MiB";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "huge-length",
    question: "How much memory does a server ask for because of four bytes?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a process is read from /proc")],
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(finished::rehearsal(&["echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let server = stage.server()?;
    stage.settle()?;
    let before = stage.memory(server);
    for (cause, bytes) in [("16 MiB were announced", LONG), ("\"GET \" was read as a length", WEB)] {
        let mut attacker = stage.attacker()?;
        attacker.send(bytes);
        attacker.half_close();
        attacker.receive_all(64);
        stage.settle()?;
        if let (Some(before), Some(now)) = (before, stage.memory(server)) {
            let asked = amount(now.requested.saturating_sub(before.requested));
            let used = amount(now.resident.saturating_sub(before.resident));
            stage.fact(server, format!("{cause}: the server asked for {asked} and touched {used}"));
        }
    }
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn amount(bytes: u64) -> String {
    if bytes < MIB { LITTLE.to_string() } else { format!("{} MiB", bytes / MIB) }
}

/// The MiB that a fact says were asked for; 0 for less than one.
fn asked(fact: &str) -> u64 {
    let amount = fact.split_once("asked for ").and_then(|(_, rest)| rest.split_once(' '));
    amount.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

fn judge(record: &Record) -> Finding {
    let facts: Vec<u64> = record.kernel().into_iter().map(asked).collect();
    let served = record.exit(CLIENT) == Some(Exit::Status(0));
    // Of a program in another language only the large amount is held against it: starting a thread may ask for more than 16 MiB.
    let yours = matches!(record.cast, Cast::Yours(_));
    if record.exit(SERVER).is_some() {
        return Finding::Broke("the server died when it asked for all the memory that was announced".to_string());
    }
    match facts[..] {
        [_, all] if all >= 1140 => Finding::Broke(
            "four bytes of text, read as the length 1195725856, made the server ask for 1140 MiB".to_string(),
        ),
        [_, _] if !served => Finding::Other("the next client was not served".to_string()),
        [long, _] if long == 0 || yours => Finding::Held(
            "no memory was asked for because of an announcement, and the next client was served".to_string(),
        ),
        _ => Finding::Other("the server asked for far more memory than it was sent bytes".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let facts: Vec<u64> = record.kernel().into_iter().map(asked).collect();
    if facts == [0, 0] && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "both lengths were refused before any memory was asked for, and the next client was served".to_string(),
        )
    } else {
        Finding::Other("the server asked for memory, or the next client was not served".to_string())
    }
}
