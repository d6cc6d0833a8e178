//! `too-big`: of two lines one is as long as a datagram can be, and one is a byte longer.

use lab::{CLIENT, Check, Exit, Experiment, Fates, Finding, Record, Role, Side, Stage, Way};

use crate::finished;

mod broken;
mod fixed;
mod peer;

/// The most bytes of a datagram over IPv4: 65,535 less 20 of IP and 8 of UDP. macOS sends less unless it is told otherwise
/// (net.inet.udp.maxdgram).
const LARGEST: usize = if cfg!(target_vendor = "apple") { 9216 } else { 65_507 };

/// A byte more than that.
static LONG: [u8; LARGEST + 1] = [b'.'; LARGEST + 1];
const INPUT: &[&str] = &["hello", dots(LONG.split_at(LARGEST).0), dots(&LONG), "egg"];

const fn dots(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "too-big",
    question: "How much goes into one datagram?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    finished: Some(finished::rehearsal(INPUT, judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let sent = record.datagrams(1, Way::ToServer);
    let ended_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    let texts: Vec<&[u8]> = sent.iter().map(Vec::as_slice).collect();
    match texts[..] {
        [b"hello", .., b"egg"] if ended_well => Finding::Held(
            "a line that is too long for a datagram did not stop the client: the next one was sent".to_string(),
        ),
        [b"hello", long] if !ended_well && long == INPUT[1].as_bytes() => Finding::Broke(
            "the largest datagram was sent, one byte more was an error, and the client ended before its last line"
                .to_string(),
        ),
        [b"hello", .., b"egg"] => Finding::Other("the client sent its last line and did not end well".to_string()),
        [b"hello", ..] => {
            Finding::Other("the client did not send its last line, \"egg\", as a datagram of its own".to_string())
        }
        _ => Finding::Other("the client did not send its first line, \"hello\", as a datagram of its own".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let sent = record.datagrams(1, Way::ToServer);
    let said = record.complaints(CLIENT).len() == 2;
    if sent == [b"hello".to_vec(), b"egg".to_vec()] && said && record.exit(CLIENT) == Some(Exit::Status(1)) {
        Finding::Held("the client said which lines are too long, and asked for the others".to_string())
    } else {
        Finding::Other("the client did not say that two of four lines are too long".to_string())
    }
}
