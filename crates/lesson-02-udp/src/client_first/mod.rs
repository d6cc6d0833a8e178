//! `client-first`: the client's only datagram is sent before the server is there.

use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

use lab::{CLIENT, Cast, Check, Experiment, Finding, Record, Role, SERVER, Side, Stage, Void};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// No client needs so long to send its first datagram.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "client-first",
    question: "The client was started before the server. Why do they never meet?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    if stage.cast() != Cast::Broken {
        // Longer than the client waits before it asks again.
        stage.patience(Duration::from_secs(2));
    }
    // That the client has sent is only known to who receives it: the lab takes the datagram, for want of a server.
    let nobody = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    nobody.set_read_timeout(Some(PATIENCE))?;
    stage.server_at(nobody.local_addr()?);
    stage.client(&[])?;
    if nobody.recv_from(&mut [0; 1024]).is_err() {
        return Err(Void("the client sent nothing".to_string()).into());
    }
    stage.step(CLIENT, "sends its datagram before there is a server");
    drop(nobody);
    // Before the start: the client asks again at any moment, and the server's answer must not come before this line.
    stage.step(SERVER, "is started when the datagram of the client has been lost");
    let server = stage.server_again()?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.hung(CLIENT).is_some()) {
        stage.ends(server)?;
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(SERVER).contains(&"hello");
    let ended = record.exit(CLIENT).is_some_and(lab::Exit::is_success);
    if heard && ended {
        Finding::Held("the first datagram was lost, the client asked again, and the server answered".to_string())
    } else if !heard && record.hung(CLIENT).is_some() {
        Finding::Broke("the datagram came before the server and was lost, and now both wait for ever".to_string())
    } else if !heard {
        Finding::Other("the client gave up: no hello came to the server after it was started".to_string())
    } else {
        Finding::Other("the server answered hi, and the client did not end in the ordinary way".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let came = finished::printed(record, &["hello"]);
    finished::finding(came, "the first datagram was lost, the client asked again, and the time came")
}
