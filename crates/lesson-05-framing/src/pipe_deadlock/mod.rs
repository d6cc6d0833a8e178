//! `pipe-deadlock`: a command prints a little on both streams, then one prints 1 MiB on its standard output.

use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Script, Side, Stage, Step, Way,
};

use crate::finished::{self, Reply};
use crate::split_header::forms::{ECHO, NEXT, frame};

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
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { serve: &["--allow", "sh"], ..finished::rehearsal(&BOTH_STREAMS, judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> frames: 4 bytes length, big-endian, then a command of at most 1024 bytes: print OUT ERR",
    "   your server starts a child, which prints OUT times o on standard output, then ERR times e on standard error",
    "<- for each command two frames: its standard output, then its standard error, each of 0 to 1 MiB",
    "   commands may come before the one before is answered; the answers come in the same order",
    ECHO[3],
];

fn forms() -> Vec<Form> {
    vec![
        answered("a little on both streams, then 1 MiB on standard output", &[(3, 5), (MIB, 0)], steps(), false),
        answered("1 MiB on standard error", &[(0, MIB)], steps(), false),
        answered("200000 bytes on each stream", &[(200_000, 200_000)], steps(), false),
        answered("two commands at once", &[(100_000, 7), (0, 0)], [Step::Send(At::Byte(36))], true),
    ]
}

/// The commands `print OUT ERR` with these numbers, handed on by these steps: both streams of each come back.
fn answered(name: &str, commands: &[(usize, usize)], steps: impl Into<Vec<Step>>, next: bool) -> Form {
    let typed: Vec<String> = commands.iter().map(|(out, err)| format!("print {out} {err}")).collect();
    let script = Script::to_server(steps);
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        stage.relay([script.clone()])?;
        stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)?;
        if next && stage.record(|record| record.hung(CLIENT)).is_none() {
            stage.client(&["print 2 1"])?;
            stage.ends(NEXT)?;
        }
        Ok(())
    });
    let both = |(out, err): &(usize, usize)| [frame(&vec![b'o'; *out]), frame(&vec![b'e'; *err])].concat();
    let form = form.bytes(1, Way::ToClient, "the answer", commands.iter().flat_map(both).collect::<Vec<_>>()).hint(
        "bytes",
        "read both pipes at the same time (in Python communicate): who reads one to its end first waits for a \
                        child that waits for a reader of the other",
    );
    if next { form.bytes(2, Way::ToClient, "the answer to the next client", both(&(2, 1))) } else { form }
}

fn steps() -> [Step; 4] {
    [Step::Send(At::FrameEnd), Step::Settle, Step::Send(At::FrameEnd), Step::Settle]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server(steps())])?;
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
    } else if answers == frame(b"eeeee") && record.hung(CLIENT).is_some() {
        Finding::Broke(
            "5 bytes of stderr hid the stdout of the first command; 1 MiB of stdout in the second stopped everything"
                .to_string(),
        )
    } else {
        Finding::Other("the server did not stop at the second command".to_string())
    }
}

const BOTH_STREAMS: [&str; 2] = ["sh -c 'printf ooo; printf eeeee >&2'", "printf %01048576d 0"];

fn judge_finished(record: &Record) -> Finding {
    let first = Reply::Done("ooo".to_string(), "eeeee".to_string());
    let second = Reply::Done("0".repeat(MIB), String::new());
    let whole = finished::replies(record, 1) == Some(vec![first, second]);
    finished::finding(whole, "both streams of both commands came back, 1 MiB of them too")
}
