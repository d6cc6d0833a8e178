//! `mapped-address`: a blocked IPv4 client comes in at an IPv6 socket, and the list does not know it again.

use std::net::SocketAddr;

use lab::{CLIENT, Check, Experiment, Finding, Need, Record, Rehearsal, Role, Script, Side, Stage, Way};

mod broken;
mod fixed;
pub(crate) mod peer;

const REPLIES: &[u8] = b"welcome\nblocked\nwelcome\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "mapped-address",
    question: "127.0.0.1 is blocked, so why can it write?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Ipv6],
    play,
    judge,
    dissect: lab::dissect_lines,
    finished: Some(Rehearsal {
        play: None,
        needs: &[],
        serve: &["--dual-stack", "--allow", "127.0.0.0/8"],
        connect: &[],
        input: &[],
        judge: judge_finished,
        dissect: lab::dissect_lines,
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // The relay is an IPv4 client, whatever form the server writes its own address in.
    let address = stage.address()?;
    stage.server_at(SocketAddr::new(address.ip().to_canonical(), address.port()));
    stage.relay([Script::open()])?;
    stage.client(&["read", "write it was me", "read"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let replies = record.bytes(1, Way::ToClient);
    if replies == REPLIES {
        Finding::Held("127.0.0.1 may read and is kept from writing, at an IPv6 socket as well".to_string())
    } else if replies == b"welcome\nwritten\nit was me\n" {
        Finding::Broke(
            "127.0.0.1 is blocked, but it comes from ::ffff:127.0.0.1 here: it writes, and all read it".to_string(),
        )
    } else {
        Finding::Other(format!(
            "the replies are not welcome, blocked, welcome: {} bytes instead of {}",
            replies.len(),
            REPLIES.len()
        ))
    }
}

fn judge_finished(record: &Record) -> Finding {
    if record.lines(CLIENT).iter().any(|line| line.ends_with("you come from 127.0.0.1 (loopback): welcome")) {
        Finding::Held("an IPv4 client of a dual-stack server is told and judged by its IPv4 address".to_string())
    } else {
        Finding::Other("an IPv4 client of a dual-stack server is not known again".to_string())
    }
}
