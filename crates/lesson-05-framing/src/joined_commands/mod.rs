//! `joined-commands`: two commands that are sent one after the other come in one read.

use lab::{
    At, CLIENT, Cast, Check, Exit, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Span, Stage, Step,
};
use lab::{Way};

use crate::finished::{self, Reply};

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;

const COMMANDS: [&str; 2] = ["echo a", "echo b"];
/// Both commands as frames; as bare text they are fewer bytes.
const BOTH: usize = 20;
const ANSWERS: &[u8] = b"\0\0\0\x01a\0\0\0\x01b";
const JOINED: &[u8] = b"\0\0\0\x07aecho b";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "joined-commands",
    question: "Is what one read gives one command?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // Bare commands are followed by the end of the stream before there are so many bytes.
    stage.relay([Script::to_server([Step::Send(At::Byte(BOTH)), Step::Settle])])?;
    stage.client(&COMMANDS)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    if answers == ANSWERS && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("both commands came at once and each got its own answer".to_string())
    } else if answers == JOINED {
        Finding::Broke("two commands in one read ran as one: echo printed \"aecho b\"".to_string())
    } else if answers.starts_with(&ANSWERS[..5]) && record.cast != Cast::Broken {
        Finding::Broke("both commands came at once and only the first was answered rightly".to_string())
    } else {
        Finding::Other("both commands came at once and were not answered with a frame each".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    if way == Way::ToServer && bytes.starts_with(COMMANDS[0].as_bytes()) {
        let command = || Span { length: COMMANDS[0].len(), name: "command".to_string() };
        return vec![command(), command()];
    }
    lab::dissect_frames(way, bytes)
}

/// Its client waits for a reply before it sends the next request, so somebody else does not.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut attacker = stage.attacker()?;
    let frame = |payload: String| [&(payload.len() as u32).to_be_bytes(), payload.as_bytes()].concat();
    let request = |word: &str| frame(format!("{{\"id\":\"{word}\",\"command\":[\"echo\",\"{word}\"]}}"));
    attacker.send(&[request("a"), request("b")].concat());
    // Both replies, 59 bytes each, before the end of the stream: behind it the server may send signs of life.
    attacker.receive(2 * 59);
    attacker.half_close();
    attacker.receive_all(4096);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let done = |word: &str| Reply::Done(format!("{word}\n"), String::new());
    if finished::replies(record, 1) == Some(vec![done("a"), done("b")]) {
        Finding::Held("both requests came at once and each got its own reply".to_string())
    } else {
        Finding::Other("both requests came at once and did not get a reply each".to_string())
    }
}
