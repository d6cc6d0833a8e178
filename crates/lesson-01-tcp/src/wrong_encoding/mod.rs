//! `wrong-encoding`: a text of two characters goes to a server that reads GBK.

use lab::{CLIENT, Check, Experiment, Finding, Record, Rehearsal, Role, Script, Side, Stage, Way};

use crate::finished;

#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the client says that it has finished by closing, and there is a limit")]
mod peer;

/// `数据`, data, in GBK: two bytes a character.
const GBK: &[u8] = &[0xca, 0xfd, 0xbe, 0xdd];
/// The same in UTF-8: three bytes a character.
const UTF_8: &[u8] = "数据".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "wrong-encoding",
    question: "Who says which characters these bytes are?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&["数据"])?;
    stage.ends(CLIENT)
}

/// The finished program takes no encoding for granted, and these bytes are no UTF-8.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut caller = stage.attacker()?;
    caller.send(GBK);
    caller.half_close();
    caller.receive_all(1024);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let sent = record.bytes(1, Way::ToServer);
    if sent == GBK {
        Finding::Held("the client sent GBK, 4 bytes, and the server read the text that was typed".to_string())
    } else if sent == UTF_8 {
        Finding::Broke(
            "the client sent UTF-8, 6 bytes: the server read three other characters out of them, without an error"
                .to_string(),
        )
    } else {
        Finding::Other(format!("the client sent {} bytes; the text in GBK has 4", sent.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    if finished::unstamped(&record.bytes(1, Way::ToClient)) == GBK {
        Finding::Held("the four bytes of GBK came back as they were: the server reads no characters".to_string())
    } else {
        Finding::Other("other bytes came back than the four of GBK".to_string())
    }
}
