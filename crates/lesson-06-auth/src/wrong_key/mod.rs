//! `wrong-key`: the client's key has a typing mistake; is it told?

use lab::{At, CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "both sides of an echo take whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "both sides of an echo take whatever one read gives")]
mod fixed;

/// Bytes of the challenge and of the digest.
const SIZE: usize = 32;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "wrong-key",
    question: "What is a client told whose key is wrong?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    finished: Some(Rehearsal {
        connect: &["--key", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrong-keys/alice.key")],
        ..finished::rehearsal(&[], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "digest", "nonce", "tag"]);
    stage.server()?;
    let line = SIZE + "hello".len();
    let steps = [Step::Send(At::Byte(SIZE)), Step::Settle, Step::Send(At::Byte(line)), Step::Settle];
    stage.relay([Script::to_server(steps)])?;
    stage.talkative_client()?;
    let answered = |record: &Record| record.bytes(1, Way::ToClient).len() > SIZE;
    stage.wait("the server has answered the digest or closed", |record| {
        answered(record) || record.fin(1, Way::ToClient) || record.exit(CLIENT).is_some()
    })?;
    if !stage.record(answered) {
        stage.type_line(CLIENT, "hello")?;
        stage.wait("the line has reached a server that has closed", |record| {
            record.reset(1, Way::ToClient) || record.exit(CLIENT).is_some()
        })?;
    }
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let came = record.bytes(1, Way::ToClient);
    match came.get(SIZE..) {
        Some(b"") => Finding::Broke(
            "the server closed without a word: a wrong key looks like a server that has crashed".to_string(),
        ),
        Some(b"-") => Finding::Held("one byte said that the login was refused, and the client knew it".to_string()),
        Some(b"+") => Finding::Other("the client's key is wrong, and the server has let it in".to_string()),
        _ => Finding::Other(format!("{} bytes came: a challenge of {SIZE} and one byte, -, belong there", came.len())),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("the server refused the login"));
    if told {
        Finding::Held("the client said in one line that it was refused, and what to compare".to_string())
    } else {
        Finding::Other("the client did not say that it was refused".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (first, then) = match way {
        Way::ToServer => ("digest", "text"),
        Way::ToClient => ("challenge", "verdict"),
    };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, then)];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
