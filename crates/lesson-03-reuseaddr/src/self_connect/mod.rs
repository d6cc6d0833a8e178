//! `self-connect`: the server is gone for a moment, and a client that tries again and again finds somebody: itself.

use lab::kernel::Socket;
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage, Void};

use crate::restart::{SECOND, in_use, is_up};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "self-connect",
    question: "How can a client connect to a server that is not running?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[Need::Linux("it is Linux that hands out its ports in turn, so that tries enough come to each of them")],
    play,
    judge,
    dissect: lab::dissect_text, // it connects once, and no play can make the kernel give it the server's port
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.server()?;
    stage.kill(SERVER)?;
    let client = stage.talkative_client()?;
    stage.type_line(client, "connect")?;
    says_how_it_went(stage, 1)?;
    stage.settle()?;
    let own = |socket: &Socket| socket.local == socket.remote;
    let kept = stage.sockets().unwrap_or_default().into_iter().find(own);
    let said = stage.record(|record| record.complaints(client).iter().any(|line| line.contains("itself")));
    let laid = match stage.cast() {
        Cast::Broken => kept.is_some(),
        Cast::Fixed => said,
        _ => true, // a client of one's own may notice without a word
    };
    if !laid {
        return Err(Void("no try of the client got the server's port".to_string()).into());
    }
    match &kept {
        Some(end) => stage.fact(client, format!("one connection, both ends at the server's port, {}", end.state)),
        None => stage.fact(client, "no socket is at the server's port"),
    }
    let server = stage.server_again()?;
    if kept.is_none() && !is_up(stage, server) {
        // The kernel hands this port out to everybody, so a client of another program may have it by now.
        return Err(Void("somebody else has got the server's port".to_string()).into());
    }
    if is_up(stage, server) {
        stage.step(server, "listens");
        stage.type_line(client, "connect")?;
        says_how_it_went(stage, 2)?;
    }
    stage.end_input(client)?;
    stage.ends(client)
}

/// Waits until the client has said of so many tries how they went. Its tries may be twenty thousand, and take long on a
/// busy machine.
fn says_how_it_went(stage: &Stage, times: usize) -> anyhow::Result<()> {
    let spoken = |record: &Record| record.lines(CLIENT).len() + record.complaints(CLIENT).len();
    let done = |record: &Record| spoken(record) >= times || record.exit(CLIENT).is_some();
    let what = "the client says how it went";
    stage.wait(what, done).or_else(|_| stage.wait(what, done)).or_else(|_| stage.wait(what, done))
}

fn judge(record: &Record) -> Finding {
    if in_use(record, SECOND) {
        Finding::Broke("the client spoke to itself, and now keeps the server from its own port".to_string())
    } else if record.lines(CLIENT).last() == Some(&"hi") {
        Finding::Held(
            "the client noticed that it had found itself, and was greeted when the server was back".to_string(),
        )
    } else {
        Finding::Other("the client was not greeted with hi when the server was back".to_string())
    }
}
