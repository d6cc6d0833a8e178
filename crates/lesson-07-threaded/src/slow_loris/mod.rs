//! `slow-loris`: an attacker sends its name a byte at a time, and each byte comes well before the server's timeout.

use std::time::Duration;

use lab::{CLIENT, Check, Event, Experiment, Finding, Record, Role, SERVER, Side, Stage, Wanted, Way, What};

mod broken;
mod fixed;
mod peer;

const WELCOME: &[u8] = b"welcome\n";
/// The limit that both servers state.
const LIMIT: Duration = Duration::from_millis(300);
/// Not what the limit says.
const TOO_EARLY: &str = "had less than half of the time that the server says it gives";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "slow-loris",
    question: "A timeout is set. How long can one client keep a thread?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: None,
    check: Check::Side(Role::Server),
    needs: &[],
    play,
    judge,
    dissect: lab::dissect_lines,
    wanted: &[Wanted { connection: 1, way: Way::ToClient, bytes: WELCOME }],
    finished: None,
};

/// The time that passes is no verdict: the server that has read a byte which was sent after its limit, and then one more,
/// does not keep the limit, however busy the machine is.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.client(&["ann"])?;
    stage.ends(CLIENT)?;
    let mut loris = stage.attacker()?;
    match loris.drip(b'a', LIMIT, 2 * LIMIT, b'\n')? {
        Some(age) if age < LIMIT / 2 => stage.step(loris.who(), TOO_EARLY),
        Some(_) => {}
        None => {
            loris.receive_all(WELCOME.len() + 1);
        }
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let step = |event: &&Event| matches!(event.what, What::Step(_));
    let ended = record.on(2).filter(step).any(|event| event.who == SERVER);
    let too_early = record.events.iter().any(|event| event.what == What::Step(TOO_EARLY.to_string()));
    if record.bytes(1, Way::ToClient) != WELCOME {
        Finding::Other("a client that sent its name at once was not welcome".to_string())
    } else if too_early {
        Finding::Other("the server did not wait for a name that came in pieces".to_string())
    } else if record.bytes(2, Way::ToClient) == WELCOME {
        Finding::Broke(
            "a name that took more than twice the limit was waited for: each byte began a new wait".to_string(),
        )
    } else if ended {
        Finding::Held("a client that sent a byte now and then was closed when its time was over".to_string())
    } else {
        Finding::Other("a name that took more than twice the limit was waited for, and not welcome".to_string())
    }
}
