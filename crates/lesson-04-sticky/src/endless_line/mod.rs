//! `endless-line`: a peer sends 8 MiB without a newline, and would send more.

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

use crate::bigger_buffer_myth::peer;
use crate::finished;

mod broken;
mod fixed;

const MIB: u64 = 1024 * 1024;
const SENT: usize = 8 * 1024 * 1024;
const FULL: &str = "8 MiB without a newline made the server's memory grow by as much";
const LITTLE: &str = "8 MiB without a newline made the server's memory grow by less than 1 MiB";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "endless-line",
    question: "What if the newline never comes?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a process is read from /proc")],
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(finished::rehearsal(&["hello"], judge)),
    ..lab::EXPERIMENT
};

/// The next client must be served whatever the attacker did.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let server = stage.server()?;
    stage.settle()?;
    let before = stage.memory(server);
    let mut attacker = stage.attacker()?;
    attacker.flood(b'x', SENT);
    stage.settle()?;
    if let (Some(before), Some(now)) = (before, stage.memory(server)) {
        // The kernel counts resident pages in batches: it may be some hundreds of KiB behind.
        stage.fact(
            server,
            match now.resident.saturating_sub(before.resident) / MIB {
                0 => LITTLE.to_string(),
                7.. => FULL.to_string(),
                some => format!("8 MiB without a newline made the server's memory grow by {some} MiB"),
            },
        );
    }
    attacker.reset();
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let served = record.exit(CLIENT) == Some(Exit::Status(0)) && record.lines(CLIENT) == ["-----> hello"];
    let yours = matches!(record.cast, Cast::Yours(_));
    let facts = record.kernel();
    if record.exit(SERVER).is_some() {
        Finding::Broke("the server died of a line that did not end".to_string())
    } else if facts == [FULL] {
        Finding::Broke("a line without an end is kept in memory for as long as its sender likes".to_string())
    } else if !served {
        Finding::Other("the next client was not served".to_string())
    } else if facts == [LITTLE] || yours {
        Finding::Held("the line was refused when it was too long, and the next client was served".to_string())
    } else {
        Finding::Other("the server kept a part of the line that is longer than any message".to_string())
    }
}
