//! `part-write`: one write with a timeout, to a client that does not read.

use lab::kernel::{self, Socket, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Role, SERVER, Side, Stage};

#[expect(clippy::disallowed_methods, clippy::unused_io_amount, reason = "the single write is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "it goes on with what a write has not taken")]
mod fixed;
mod peer;

const UNIX: Need = Need::Unix("where a write takes too long, Windows reports an error and no part");
const SENT: &str = "the page is sent";
const SLOW: &str = "the client is slow";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "part-write",
    question: "Does one write send everything that it is given?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[UNIX],
    play,
    judge,
    dissect: lab::dissect_text, // it has no page: an answer is at most 1051 bytes
    ..lab::EXPERIMENT
};

/// A direct play: a relay would read what the client does not. The client reads when the first write has returned.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "connected")?;
    if matches!(stage.cast(), Cast::Yours(_)) {
        stage.settle()?;
    } else {
        let returned = |line: &&str| line.contains(SENT) || line.contains(SLOW);
        stage.wait("the first write of the server", |record| record.lines(SERVER).iter().any(returned))?;
        queues(stage)?;
    }
    stage.type_line(client, "read")?;
    stage.end_input(client)?;
    stage.ends(client)
}

/// Says what the kernel has of the server's end of the connection.
fn queues(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let end = |state: State| move |socket: &Socket| socket.local.port() == port && socket.state == state;
    let sockets = stage.sockets().unwrap_or_default();
    if sockets.iter().any(end(State::FinWait1)) {
        stage.fact(SERVER, "the server has closed its end, and the kernel still has a part of the page to send");
    } else if sockets.iter().any(end(State::Established)) {
        stage.fact(SERVER, "the server's end is open, and the kernel has a part of the page to send");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(CLIENT);
    if heard.contains(&"the whole page came") {
        Finding::Held(
            "the whole page came, although the client read nothing until the kernel had no room left".to_string(),
        )
    } else if heard.iter().any(|line| line.starts_with("a part of the page")) {
        Finding::Broke(
            "the write took a part of the page, said so in its result, and the rest was never sent".to_string(),
        )
    } else {
        Finding::Other("the client did not get to the end of the page".to_string())
    }
}
