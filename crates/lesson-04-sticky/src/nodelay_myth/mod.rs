//! `nodelay-myth`: the sender turns Nagle's algorithm off, and the server has another client when the two sends come.

use lab::{
    At, CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, SERVER, Script, Side, Stage, Step,
    Void, Way, kernel,
};

use crate::finished;
use crate::joined::forms::{self, TOGETHER, cut_at};
use crate::joined::{self, ANSWER, INPUT, is_one_message, not_acknowledged};

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
mod fixed;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "nodelay-myth",
    question: "Does TCP_NODELAY keep two sends apart?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: forms::WIRE,
    forms: |_| forms(),
    // It serves several clients at once, so there the relay hands both on together.
    finished: Some(Rehearsal { play: Some(joined::play), ..finished::rehearsal(INPUT, judge) }),
    ..lab::EXPERIMENT
};

/// A program of one's own may serve several clients at once: for it the relay hands both on together.
fn forms() -> Vec<Form> {
    vec![
        forms::messages("both messages in one piece", INPUT, TOGETHER),
        forms::messages("one message and a part of the next", &["left", "right"], cut_at([7])),
        forms::waits_for_each_answer(),
        forms::more_than_one_read(false),
        forms::keeps_blanks(),
    ]
}

/// The first client keeps the server, which serves one after the other, until both sends of the second lie there unread.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let (first, both) = if stage.cast() == Cast::Broken { (5, 8) } else { (6, 10) };
    stage.server()?;
    stage.relay([Script::open(), Script::to_server([Step::Send(At::Byte(first)), Step::Send(At::Byte(both))])])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "first")?;
    stage.says(SERVER, "first")?;
    let second = stage.client(INPUT)?;
    stage.wait("both sends and the end", |record| record.fin(2, Way::ToServer))?;
    if kernel::sees_sockets() {
        if !stage.sees(|sockets| sockets.iter().any(|socket| socket.unread == both as u32)) {
            return Err(Void("the server read before both sends had come".to_string()).into());
        }
        stage.fact(SERVER, "both sends have left the client and lie unread at the server");
    }
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.ends(second)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(record.connections(), Way::ToClient);
    if answer == ANSWER {
        Finding::Held("both messages came in one read, and the newlines told them apart".to_string())
    } else if is_one_message(&answer) {
        Finding::Broke("with TCP_NODELAY on, two sends came in one read and passed for one message".to_string())
    } else {
        not_acknowledged(&answer)
    }
}
