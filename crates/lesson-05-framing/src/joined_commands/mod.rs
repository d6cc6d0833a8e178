//! `joined-commands`: two commands that are sent one after the other come in one read.

use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Misread, Record, Rehearsal, Role, Script, Side, Span, Stage,
    Step, Way, wire,
};

use crate::finished::{self, Reply};
use crate::split_header::forms::{ECHO, NEXT, SHORT_READ, frame, rests};

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
    misread: Some(Misread::by_server("one read gives one command", |pieces| {
        let command = |piece: &&[u8]| Span { length: piece.len(), name: "one command".to_string() };
        pieces.iter().map(command).collect()
    })),
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> frames: 4 bytes length, big-endian, then a command of at most 1024 bytes: echo TEXT",
    "   the client sends the next one without waiting, so several come at once, and in any pieces",
    "<- for each command one frame, in the same order, not before all of it has come: 4 bytes length, TEXT",
    ECHO[2],
    ECHO[3],
];

fn forms() -> Vec<Form> {
    let at_once = |length| [Step::Send(At::Byte(length)), Step::Settle];
    let long: Vec<String> = (b'a'..=b't').map(|letter| char::from(letter).to_string().repeat(995)).collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    let bytes = (1..BOTH).flat_map(|at| [Step::Send(At::Byte(at)), Step::Settle]).collect::<Vec<_>>();
    vec![
        answered("both commands at once", &["a", "b"], at_once(BOTH), false),
        answered("a command and a half at once", &["a", "b", "c"], at_once(12), false),
        answered("20 commands of 1000 bytes at once", &long, at_once(20 * 1004), true),
        answered("commands in texts, and an empty one", &["echo b", "", "echo ", "d"], at_once(10), false),
        answered("every byte alone", &["a", "b"], bytes, false),
        rests(
            "a client that rests inside a command",
            [frame(b"echo one"), frame(b"echo two")],
            [frame(b"one"), frame(b"two")],
            18,
        ),
    ]
}

/// The commands `echo TEXT` for these texts, handed on by these steps: each gets its own answer, and the next client
/// too.
fn answered(name: &str, texts: &[&str], steps: impl Into<Vec<Step>>, next: bool) -> Form {
    let steps = steps.into();
    let commands: Vec<String> = texts.iter().map(|text| format!("echo {text}")).collect();
    let typed: Vec<&str> = commands.iter().map(String::as_str).collect();
    let script = Script::to_server(steps);
    let form = if next {
        let commands = commands.clone();
        Form::new(name, move |stage: &mut Stage| {
            stage.server()?;
            stage.relay([script.clone()])?;
            stage.client(&commands.iter().map(String::as_str).collect::<Vec<_>>())?;
            stage.ends(CLIENT)?;
            if stage.record(|record| record.hung(CLIENT)).is_none() {
                stage.client(&["echo ok"])?;
                stage.ends(NEXT)?;
            }
            Ok(())
        })
    } else {
        Form::relayed(name, [script], &typed)
    };
    let answers: Vec<Vec<u8>> = texts.iter().map(|text| frame(text.as_bytes())).collect();
    let turns = answers.iter().scan((0, 0), |(sent, came), answer| {
        let before = *came;
        (*sent, *came) = (*sent + answer.len() + 5, *came + answer.len());
        Some((*sent, before))
    });
    let form = form
        .rule(wire::in_turn(1, turns.collect::<Vec<_>>(), "the command").hint(SHORT_READ))
        .bytes(1, Way::ToClient, "the answer", answers.concat())
        .hint("bytes", "one read is not one command: keep what has come, and take out the commands that are whole");
    if next { form.bytes(2, Way::ToClient, "the answer to the next client", frame(b"ok")) } else { form }
}

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
