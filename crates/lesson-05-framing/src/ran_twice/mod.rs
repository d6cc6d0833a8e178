//! `ran-twice`: the server carries out a request, its reply is lost, and the client sends the same request again.

use lab::{At, CLIENT, Check, Experiment, Finding, Record, Role, SERVER, Script, Side, Stage, Step, Way};

use crate::finished::{self, Reply};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
mod peer;

const ONCE: &[u8] = b"\0\0\0\x0corder 1: tea";
const TWICE: &[u8] = b"\0\0\0\x0corder 2: tea";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ran-twice",
    question: "The reply was lost. May the client ask again?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(finished::rehearsal(&["echo tea"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // By the time its reply is there, the server has acted.
    stage.relay([Script::to_client([Step::Drop(At::FrameEnd), Step::Rst])])?;
    stage.client(&["tea"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let reply = record.bytes(2, Way::ToClient);
    if record.connections() < 2 {
        Finding::Other("the client did not ask again".to_string())
    } else if reply == ONCE {
        Finding::Held("the request came twice, the order was taken once, and the reply came after all".to_string())
    } else if reply == TWICE {
        Finding::Broke("the request came twice with the same id, and the tea was ordered twice".to_string())
    } else if reply.is_empty() {
        Finding::Other("nothing came back when the client asked again".to_string())
    } else {
        Finding::Other("what came back when the client asked again is not the reply to its request".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let asked = [1, 2].map(|connection| record.bytes(connection, Way::ToServer));
    let lines = record.lines(SERVER);
    let ran = lines.iter().filter(|line| line.contains("status 0")).count();
    let kept = lines.iter().filter(|line| line.contains("asked again")).count();
    let came = finished::replies(record, 2) == Some(vec![Reply::Done("tea\n".to_string(), String::new())]);
    if asked[0] == asked[1] && (ran, kept) == (1, 1) && came {
        Finding::Held("the request came twice, the command ran once, and the reply came after all".to_string())
    } else {
        Finding::Other(format!("the command ran {ran} times, and {kept} replies came from those that are kept"))
    }
}
