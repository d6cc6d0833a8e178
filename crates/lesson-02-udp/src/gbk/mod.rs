//! `gbk`: text goes out as GBK and is read as UTF-8.

use lab::{CLIENT, Check, Experiment, Fates, Finding, Record, Role, SERVER, Side, Stage, Wanted, Way};

mod broken;
mod fixed;
mod peer;

/// The word for data, in the encoding of the answer: 6 bytes of UTF-8. In GBK it has 4, ca fd be dd.
const WORD: &str = "数据";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "gbk",
    question: "All bytes came. Why is the text unreadable?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: None,
    check: Check::Side(Role::Server),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[Wanted { connection: 1, way: Way::ToClient, bytes: WORD.as_bytes() }],
    finished: None,
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(&[WORD])?;
    stage.ends(CLIENT)
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
