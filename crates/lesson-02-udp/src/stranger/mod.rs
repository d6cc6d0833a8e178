//! `stranger`: a third party sends the client a datagram, and then the client asks its server.

use lab::{CLIENT, Cast, Check, Experiment, Fates, Finding, Record, Role, Side, Stage, Way, What};

use crate::dead_port::peer;
use crate::finished;

mod broken;
mod fixed;

/// The bytes that the stranger sends: as an answer of the server to the second line would look.
const FORGED: &[u8] = b"forged";
/// As the finished client would take it for an answer to the second line.
const FORGED_STAMPED: &[u8] = b"[Thu Nov 20 13:13:13 2025] two";

const HELD: &str = "a stranger's datagram lay before the answer, and the client took only the server's";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "stranger",
    question: "Who sent the datagram that the client took for its answer?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    stage.wait("the first answer", |record| !record.datagrams(1, Way::ToClient).is_empty())?;
    stage.settle()?;
    let mut stranger = stage.datagram_attacker()?;
    // It lies in the client's queue before the client asks again, unless the kernel has thrown it away.
    stranger.send(CLIENT, if stage.cast() == Cast::Finished { FORGED_STAMPED } else { FORGED })?;
    stage.type_line(CLIENT, "two")?;
    stage.type_line(CLIENT, "three")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    match stage.cast() {
        Cast::Broken => drop(stranger.receive()),
        // Settling takes a second where datagrams lie in a queue that nobody reads.
        Cast::Yours(_) => stage.settle()?,
        _ => {}
    }
    stranger.received();
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let asked = record.datagrams(1, Way::ToServer);
    let took = record.lines(CLIENT).iter().any(|line| line.contains("forged"));
    let strayed =
        record.events.iter().any(|event| event.who.role == Role::Attacker && matches!(event.what, What::Step(_)));
    if asked == [b"one".as_slice(), b"two"] && strayed {
        Finding::Broke(
            "the client took a stranger's datagram for its answer, and sent the next line to the stranger".to_string(),
        )
    } else if took {
        Finding::Broke("the client took a stranger's datagram for its answer".to_string())
    } else if asked == [b"one".as_slice(), b"two", b"three"] && record.exit(CLIENT).is_some_and(lab::Exit::is_success) {
        Finding::Held(HELD.to_string())
    } else {
        Finding::Other("the client did not ask its server for each of the three lines, once each, and end".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    finished::finding(finished::printed(record, &["one", "two", "three"]), HELD)
}
