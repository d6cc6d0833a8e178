//! `inherited-listener`: the server has ended and its port is taken all the same, by a child that never asked for it.

use lab::kernel::{self, State};
use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage};

use crate::restart::rules::TAKEN;
use crate::restart::{LATER, SECOND, greet, in_use, is_up, peer, rules};

mod broken;
mod fixed;

/// What is said of a program of one's own.
const NO_HELPER: &str = "no process that the server has started is there any more";
const FREE: &str = "no socket listens at the server's port";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "inherited-listener",
    question: "The server is gone and the port is still taken; who has it?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("a child gets open sockets of its parent by the number of the descriptor"), Need::SocketTables],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: None, // it starts no other program
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    rules::WIRE[0],
    "the server starts a helper, any process that goes on for at least 10 s, and answers",
    rules::WIRE[1],
    "the server may end then, or serve the next client; if it does not end, it is killed, and its helper is not",
    rules::WIRE[3],
];

fn forms() -> Vec<Form> {
    let chapter = rules::servers_may_end(Form::new("the server ends and its helper goes on", play));
    let chapter = chapter.rule(rules::greeted(CLIENT)).rule(nobody_listens());
    let twice = rules::servers_may_end(Form::new("started again twice", twice)).rule(nobody_listens());
    vec![
        chapter.rule(rules::starts_again(SECOND, LATER)).rule(rules::greeted(LATER)).struck_if(a_helper_lives),
        twice.rule(rules::greeted(CLIENT)).rule(rules::greeted(LATER)).rule(rules::greeted(rules::third(Role::Client))),
        rules::servers_may_end(rules::in_pieces(rules::hi(1))),
    ]
}

fn nobody_listens() -> Rule {
    let shared = rules::nobody_listens();
    Rule::new(shared.name, shared.requires.clone(), move |record| match record.kernel()[..] {
        [] => Seen::Unknown("the server did not come to its end".to_string()),
        _ => shared.look(record),
    })
    .hint("open the listener close-on-exec (SOCK_CLOEXEC), or close it in the child after a fork")
}

/// A helper was there when the server had ended.
fn a_helper_lives(record: &Record) -> Result<(), String> {
    if record.kernel().contains(&NO_HELPER) {
        return Err(
            "no process that your server has started is there when it has ended, so nothing could keep its listener; \
                    start a helper before you answer, such as `sleep 60`"
                .to_string(),
        );
    }
    Ok(())
}

fn twice(stage: &mut Stage) -> anyhow::Result<()> {
    stage.orphans();
    stage.server()?;
    for (client, server, next) in [(CLIENT, SERVER, SECOND), (LATER, SECOND, rules::third(Role::Server))] {
        if !greet(stage, client, server, Stage::kill)? {
            return Ok(());
        }
        who_listens(stage);
        let next = rules::again(stage, next)?;
        if !is_up(stage, next) {
            return Ok(());
        }
    }
    let client = stage.client(&[])?;
    stage.ends(client)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.orphans();
    stage.server()?;
    if !greet(stage, CLIENT, SERVER, Stage::kill)? {
        return Ok(());
    }
    who_listens(stage);
    // Our own twins are known to start one.
    if matches!(stage.cast(), Cast::Yours(_)) && stage.left_behind(SERVER) == Some(0) {
        stage.fact(SERVER, NO_HELPER);
    }
    let second = rules::again(stage, SECOND)?;
    if is_up(stage, second) {
        stage.step(second, "listens");
        stage.client(&[])?;
        stage.ends(LATER)?;
    }
    Ok(())
}

fn who_listens(stage: &Stage) {
    if kernel::sees_sockets() {
        let listens = stage.sockets().unwrap_or_default().iter().any(|socket| socket.state == State::Listen);
        stage.fact(SERVER, if listens { TAKEN } else { FREE });
    }
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        Finding::Other("the first client was not greeted with hi".to_string())
    } else if in_use(record, SECOND) {
        Finding::Broke("the server has ended, and a child of it still listens at its address".to_string())
    } else if record.lines(LATER) == ["hi"] {
        Finding::Held("the child did not get the listener, so the port was free when the server had ended".to_string())
    } else {
        Finding::Other("the second server listens but did not greet a client with hi".to_string())
    }
}
