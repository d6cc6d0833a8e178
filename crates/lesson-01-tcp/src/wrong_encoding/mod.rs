//! `wrong-encoding`: a text of two characters goes to a server that reads GBK.

use lab::{CLIENT, Check, Experiment, Finding, Record, Role, Script, Side, Stage, Wanted, Way};

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
    attacker: None,
    check: Check::Side(Role::Client),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_text,
    wanted: &[Wanted { connection: 1, way: Way::ToServer, bytes: GBK }],
    finished: None,
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&["数据"])?;
    stage.ends(CLIENT)
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
