//! `closed-too-much`: the client ends its own direction of the stream, and that of the answer with it.

use lab::{CLIENT, Check, Exit, Experiment, Finding, Record, Role, Side, Wanted, Way};

use crate::half_close::{self, SORTED, TEXT, peer};

#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answer here, and there is a limit")]
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "closed-too-much",
    question: "I have ended the stream, so why is the answer empty?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: None,
    check: Check::Side(Role::Client),
    needs: &[],
    play: half_close::answer_in_two_pieces,
    judge,
    dissect: lab::dissect_lines,
    wanted: &[Wanted { connection: 1, way: Way::ToServer, bytes: TEXT }],
    finished: None,
};

fn judge(record: &Record) -> Finding {
    let ends_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    if record.bytes(1, Way::ToServer) != TEXT {
        Finding::Other("the client did not send its two lines, each ended by a newline".to_string())
    } else if !record.fin(1, Way::ToServer) {
        Finding::Other("the client never ended its direction, so there was no answer".to_string())
    } else if record.reset(1, Way::ToServer) {
        Finding::Broke(
            "the server answered, and the client had closed that direction too: its kernel refused the answer"
                .to_string(),
        )
    } else if ends_well && record.bytes(1, Way::ToClient) == SORTED {
        Finding::Held("the client ended one direction, and took the answer from the other".to_string())
    } else {
        Finding::Other("the client did not take the answer and end well".to_string())
    }
}
