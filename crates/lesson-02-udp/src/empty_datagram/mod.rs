//! `empty-datagram`: between two lines comes an empty one, and with it a datagram without bytes.

use lab::{CLIENT, Check, Exit, Experiment, Fates, Finding, Form, Record, Rehearsal, Role, SERVER, Side, Stage, Way};

use crate::cut_datagram::peer;
use crate::{finished, rules};

mod broken;
mod fixed;

const INPUT: &[&str] = &["hello", "", "egg"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "empty-datagram",
    question: "Does a receive of 0 bytes mean the end?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: rules::ECHO,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let hint = "0 bytes are a datagram like any other: send one without bytes back, and go on (in Python before 3.13 the \
                sendto of an asyncio transport sends nothing then: use a socket of your own)";
    vec![
        rules::echoed("an empty line between two others", &[INPUT], hint),
        rules::echoed("empty lines first and last, then a fresh client", &[&["", "", "hello", ""], &["egg"]], hint),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    let answers: Vec<&[u8]> = answers.iter().map(Vec::as_slice).collect();
    match answers[..] {
        [b"hello", b"", b"egg"] if record.exit(SERVER).is_none() => {
            Finding::Held("the datagram without bytes was sent back like any other, and the server lives".to_string())
        }
        [b"hello"] if record.exit(SERVER).is_some_and(Exit::is_success) => Finding::Broke(
            "a datagram without bytes passed for the end, and the server is gone: anybody can send one".to_string(),
        ),
        _ if record.exit(SERVER).is_some() => Finding::Other("the server has ended".to_string()),
        [b"hello"] => Finding::Other("the datagram without bytes was not sent back".to_string()),
        _ => Finding::Other("the datagrams did not come back as they were sent".to_string()),
    }
}

/// The finished client ends at an empty line, so the datagram without bytes is somebody else's.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    let mut attacker = stage.datagram_attacker()?;
    attacker.send(SERVER, b"")?;
    attacker.receive();
    stage.datagram_relay(Fates::default())?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    let holds = matches!(&answers[..], [stamp] if stamp.len() == 27) && finished::printed(record, &["hello"]);
    finished::finding(holds, "a datagram without bytes was answered with a time stamp, and the next client was served")
}
