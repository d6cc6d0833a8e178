//! `gbk`: text goes out as GBK and is read as UTF-8.

use lab::{CLIENT, Check, Experiment, Fates, Finding, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Way};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// The word for data, in the encoding of the answer: 6 bytes of UTF-8.
const WORD: &str = "数据";
/// The same in GBK.
const GBK: &[u8] = &[0xca, 0xfd, 0xbe, 0xdd];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "gbk",
    question: "All bytes came. Why is the text unreadable?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(&[WORD])?;
    stage.ends(CLIENT)
}

/// The finished program takes no encoding for granted, and these bytes are no UTF-8.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    let mut asker = stage.datagram_attacker()?;
    asker.send(SERVER, GBK)?;
    if asker.receive().is_none() {
        return Err(Void("the datagram was not answered".to_string()).into());
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if answers == [WORD.as_bytes()] {
        Finding::Held("the four bytes were taken for what they are, GBK, and both characters came out".to_string())
    } else if answers == ["\u{fffd}".repeat(4).as_bytes()] {
        Finding::Broke(
            "the two characters came as four bytes of GBK, and taken for UTF-8 they are four replacement characters"
                .to_string(),
        )
    } else if answers.is_empty() && record.exit(SERVER).is_some() {
        Finding::Other("the four bytes of GBK ended the server, and nothing came back".to_string())
    } else if answers.is_empty() {
        Finding::Other("nothing came back: the answer is to be the same text in UTF-8".to_string())
    } else {
        Finding::Other("the answer is not the text of the datagram in UTF-8".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if matches!(&answers[..], [answer] if answer.len() == 27 + GBK.len() && answer.ends_with(GBK)) {
        Finding::Held("the four bytes of GBK came back as they were: the server reads no characters".to_string())
    } else {
        Finding::Other("other bytes came back than the four of GBK".to_string())
    }
}
