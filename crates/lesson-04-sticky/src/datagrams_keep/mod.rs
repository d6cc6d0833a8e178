//! `datagrams-keep`: the two messages of `joined`, sent as datagrams to the reader of `divided`.

use lab::{CLIENT, Check, Experiment, Fate, Fates, Finding, Need, Record, Role, Side, Stage, Way, What};

use crate::joined::INPUT;

mod broken;
mod fixed;
mod peer;

const ANSWERS: &[&[u8]] = &[b"-----> hello", b"-----> egg"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "datagrams-keep",
    question: "Does UDP keep the messages apart?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("on Windows a receive with too little room is an error, so nothing is lost unnoticed")],
    play,
    judge,
    dissect: lab::dissect_text,
    ..lab::EXPERIMENT
};

/// The first datagram is held back until the second has come as well: as in `joined`, they come together.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: vec![Fate::Wait], to_client: Vec::new() })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers: Vec<&[u8]> = record
        .on(1)
        .filter_map(|event| match &event.what {
            What::Datagram { way: Way::ToClient, bytes } => Some(&bytes[..]),
            _ => None,
        })
        .collect();
    if answers == ANSWERS {
        Finding::Held("two sends were two datagrams and two receives: UDP keeps messages apart".to_string())
    } else if answers == [&b"-----> he"[..], b"-----> eg"] {
        Finding::Broke(
            "UDP kept the messages apart, but what had no room in the buffer never came: llo and g are lost"
                .to_string(),
        )
    } else {
        Finding::Other(match answers.len() {
            0 => "no message was acknowledged: each is to be answered with one datagram, \"-----> \" and the message"
                .to_string(),
            1 => "1 message was acknowledged, and not as it should be".to_string(),
            n => format!("{n} messages were acknowledged, and not as they should be"),
        })
    }
}
