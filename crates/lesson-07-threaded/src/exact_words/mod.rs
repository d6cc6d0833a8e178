//! `exact-words`: the relay hands on two commands as one piece, and one command as two.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, SERVER, Script, Side, Stage, Step, Way,
};

use crate::finished;
use crate::wire::{AGAIN, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "that a read gives one command is the mistake")]
mod broken;
mod fixed;
mod peer;

const LINES: &[&str] = &["0", "0", "exit"];
const ANSWERS: &[u8] = "我是多线程您输入的是0您输入的是0".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "exact-words",
    question: "I sent exit. Why does the server say: enter again?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: crate::wire::dissect,
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--lines"],
        ..finished::rehearsal(LINES, judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([
        Step::Hold(At::Byte(4)),
        Step::Settle,
        Step::Send(At::Byte(4)),
        Step::Settle,
        Step::Hold(At::Byte(6)),
        Step::Send(At::Byte(6)),
        Step::Settle,
    ])])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = String::from_utf8_lossy(&record.bytes(1, Way::ToClient)).replace('\n', "");
    let ended = record.fin(1, Way::ToClient);
    match answers.strip_prefix(GREETING).map(|answers| (answers, answers.ends_with(AGAIN))) {
        None => Finding::Other("the greeting did not come".to_string()),
        Some((answers, _)) if answers == [ZERO; 2].concat() && ended => Finding::Held(
            "two commands in one piece and one in two pieces: the server found each by its newline".to_string(),
        ),
        Some((answers, _)) if answers == [AGAIN; 3].concat() => Finding::Broke(
            "two commands in one piece and one in two pieces: the server took each piece for a wrong command"
                .to_string(),
        ),
        Some((answers, true)) if answers.starts_with(ZERO) => {
            Finding::Broke("exit came in two pieces, and the server took each for a wrong command".to_string())
        }
        Some(("", _)) => Finding::Other("neither of the two commands in one piece was answered".to_string()),
        Some(_) if !ended => Finding::Other("exit did not end the conversation".to_string()),
        Some(_) => Finding::Other("the two commands in one piece did not get their two answers".to_string()),
    }
}

/// The finished client waits for an answer before it sends the next command: its commands are only cut.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([1, 2, 3, 4, 6].map(|cut| [Step::Send(At::Byte(cut)), Step::Settle]).concat())])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    // The log follows the end of a connection.
    stage.says(SERVER, "ended by exit")?;
    let mut attacker = stage.attacker()?;
    attacker.send(b"0\n0\nexit\n");
    attacker.receive_all(2 * ANSWERS.len());
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let joined = record.bytes(2, Way::ToClient) == ANSWERS && record.fin(2, Way::ToClient);
    let cut = finished::printed(record, &[ZERO; 2]);
    finished::finding(joined && cut, "each command was found by its newline, whether it was cut or joined to others")
}
