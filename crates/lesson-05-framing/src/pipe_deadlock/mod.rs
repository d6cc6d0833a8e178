//! `pipe-deadlock`: a command prints a little on both streams, then one prints 1 MiB on its standard output.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Stage, Step, Way,
};

use crate::finished::{self, Reply};

#[expect(clippy::disallowed_methods, reason = "reading one pipe to its end before the other is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod peer;

const COMMANDS: [&str; 2] = ["print 3 5", "print 1048576 0"];
const MIB: usize = 1024 * 1024;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "pipe-deadlock",
    question: "Who empties one pipe of a child while I read the other?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(Rehearsal { serve: &["--allow", "sh"], ..finished::rehearsal(&BOTH_STREAMS, judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let one_by_one = [Step::Send(At::FrameEnd), Step::Settle, Step::Send(At::FrameEnd), Step::Settle];
    stage.relay([Script::to_server(one_by_one)])?;
    stage.client(&COMMANDS)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    let first = [frame(b"ooo"), frame(b"eeeee")].concat();
    let both = [&first[..], &frame(&[b'o'; MIB]), &frame(b"")].concat();
    if answers == both && ends_well {
        Finding::Held("both streams of both commands came back, 1 MiB of them too".to_string())
    } else if record.cast == Cast::Broken && answers == frame(b"eeeee") && record.hung(CLIENT).is_some() {
        Finding::Broke(
            "5 bytes of stderr hid the stdout of the first command; 1 MiB of stdout in the second stopped everything"
                .to_string(),
        )
    } else if record.cast == Cast::Broken {
        Finding::Other("the server did not stop at the second command".to_string())
    } else if !answers.starts_with(&first) {
        Finding::Broke("the first command printed ooo and eeeee, and not both came back, each in its frame".to_string())
    } else if record.hung(CLIENT).is_some() {
        Finding::Broke("the command that prints 1 MiB on its standard output stopped everything".to_string())
    } else {
        Finding::Broke("the 1 MiB of the second command did not come back whole".to_string())
    }
}

fn frame(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes(), payload].concat()
}

const BOTH_STREAMS: [&str; 2] = ["sh -c 'printf ooo; printf eeeee >&2'", "printf %01048576d 0"];

fn judge_finished(record: &Record) -> Finding {
    let first = Reply::Done("ooo".to_string(), "eeeee".to_string());
    let second = Reply::Done("0".repeat(MIB), String::new());
    let whole = finished::replies(record, 1) == Some(vec![first, second]);
    finished::finding(whole, "both streams of both commands came back, 1 MiB of them too")
}
