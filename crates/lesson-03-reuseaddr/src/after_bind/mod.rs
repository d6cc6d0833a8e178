//! `after-bind`: the option is there, but it is set when `bind` has already been refused.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, Rule, SERVER, Seen, Side, Stage, Who};

use crate::restart::{self, LATER, SECOND, greet_and_end, in_use, is_up, peer, rules};

mod broken;
mod fixed;

/// The mended program, which is started when the second server was refused.
const THIRD: Who = Who { number: 3, ..SERVER };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "after-bind",
    question: "I do set SO_REUSEADDR; why is the address still in use?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[restart::WINDOWS],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: rules::WIRE,
    forms: |_| forms(),
    finished: Some(lab::Rehearsal { judge, ..restart::REHEARSAL }),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let chapter = rules::servers_may_end(Form::new("its last connection is in TIME-WAIT", play));
    let chapter = chapter
        .rule(rules::greeted(CLIENT))
        .rule(rules::nobody_listens())
        .rule(set_in_time())
        .rule(rules::greeted(LATER));
    std::iter::once(chapter).chain(rules::more_forms()).collect()
}

/// As [`rules::starts_again`], and what the program that sets the option in time has shown.
fn set_in_time() -> Rule {
    Rule::new("starts-again", "server 2 can listen at the address of the one before it", |record| {
        let words = rules::last_words(record, SECOND);
        match (record.exit(SECOND), record.exit(THIRD)) {
            _ if rules::came(record, LATER) || record.kernel().contains(&rules::TAKEN) => Seen::Kept,
            (None, _) => rules::late(record, SECOND).map_or(Seen::Kept, |why| {
                Seen::Violated(format!("the server cannot start again at its address: {why}"))
            }),
            (Some(exit), None) => Seen::Violated(format!(
                "your server 2 {exit}{words}; after it a program listens there that sets SO_REUSEADDR before bind"
            )),
            (Some(exit), Some(_)) => Seen::Violated(format!(
                "your server 2 {exit}{words}; a program that sets SO_REUSEADDR before bind cannot listen there either: the \
                 connection that your server left behind does not have the option"
            )),
        }
    })
    .hint("set SO_REUSEADDR on the listening socket, before bind")
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    stage.orphans();
    stage.server()?;
    if !greet_and_end(stage, CLIENT, SERVER)? {
        return Ok(());
    }
    let second = rules::again(stage, SECOND)?;
    if is_up(stage, second) {
        stage.step(second, "listens, beside the connection in TIME-WAIT");
        stage.client(&[])?;
        return stage.ends(LATER);
    }
    if stage.record(|record| record.exit(second).is_none()) {
        return Ok(());
    }
    // The same port at the same moment: only the order of two lines differs.
    stage.step(THIRD, "is the mended program: first the option, then bind");
    let third = stage.server_again_of(Cast::Fixed)?;
    if is_up(stage, third) {
        stage.step(third, "listens, beside the connection in TIME-WAIT");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        return Finding::Other("the first client was not greeted with hi".to_string());
    }
    match (in_use(record, SECOND), in_use(record, THIRD)) {
        (true, false) => Finding::Broke(
            "the option was set after bind: too late for this bind, which had been refused by then".to_string(),
        ),
        (true, true) => {
            Finding::Broke("the option was never set: not even the mended program gets the port".to_string())
        }
        _ if record.lines(LATER) == ["hi"] => {
            Finding::Held("the option was set before bind, and the server started again at once".to_string())
        }
        _ => Finding::Other("the second server listens but did not greet a client with hi".to_string()),
    }
}
