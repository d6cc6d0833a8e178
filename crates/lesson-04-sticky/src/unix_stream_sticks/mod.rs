//! `unix-stream-sticks`: the two messages of `joined` over a Unix stream socket, without any TCP.

use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Side, Stage};

use crate::joined::INPUT;

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[cfg(not(unix))]
use elsewhere as broken;
#[cfg(unix)]
mod fixed;
#[cfg(not(unix))]
use elsewhere as fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "unix-stream-sticks",
    question: "Is it TCP that joins my messages?",
    twins: lab::twins!(),
    server: Side::Peer(no_server),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::No("both ends are in one program here"),
    needs: &[Need::Unix("the standard library has Unix stream sockets on Unix only")],
    play,
    judge,
    dissect: lab::dissect_text,
    ..lab::EXPERIMENT
};

/// Both messages are in the socket before the first read: the same program writes, and then reads.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.solo(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    match record.lines(CLIENT)[..] {
        ["-----> hello", "-----> egg"] => {
            Finding::Held("the newlines told the messages apart, whatever one read gave".to_string())
        }
        ["-----> helloegg"] => Finding::Broke(
            "without TCP and without Nagle, two sends came in one read and passed for one message".to_string(),
        ),
        _ => Finding::Other("the program printed something else".to_string()),
    }
}

/// The program is both ends itself.
fn no_server(_addr: std::net::SocketAddr) -> std::io::Result<()> {
    Err(std::io::Error::other("this experiment has no server: `connect` is both ends"))
}

#[cfg(not(unix))]
mod elsewhere {
    /// Says that this system cannot show it.
    pub fn connect(_addr: std::net::SocketAddr) -> std::io::Result<()> {
        Err(std::io::Error::other("needs Unix stream sockets"))
    }
}
