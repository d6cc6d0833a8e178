//! `joined-greeting`: the relay keeps the greeting until the first answer is there, and hands on both as one piece. The
//! second answer it cuts in two, so that a client is caught as well that has come through by counting its reads.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Stage, Step, What,
};
use lab::{Way};

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
