//! `anyone-can-stop-it`: a stranger sends the server the datagram `exit`.

use lab::{CLIENT, Cast, Check, Experiment, Fates, Finding, Form, Record, Role, SERVER, Side, Stage, Way, Who};

use crate::{finished, rules};

mod broken;
mod fixed;
mod peer;

/// The client that comes after the stranger.
const LATER: Who = Who { number: 2, ..CLIENT };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "anyone-can-stop-it",
    question: "Who can end the server?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        rules::ECHO[0],
        rules::ECHO[1],
        "a stranger sends words like exit: these may go unanswered",
        "nothing that a stranger sends ends the server or keeps it from serving the next client",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    vec![
        after_a_client("a stranger sends exit", &["exit"]),
        after_a_client("a stranger sends quit, QUIT, stop and shutdown", &["quit", "QUIT", "stop", "shutdown"]),
        after_a_client(
            "a stranger sends exit and a newline, bye, close and an empty datagram",
            &["exit\n", "bye", "close", ""],
        ),
        before_any_client("a stranger is the first to be served and sends exit", &["exit"]),
        before_any_client("a stranger is the first to be served and sends quit and stop", &["quit", "stop"]),
    ]
}

/// A client is served, a stranger sends these words, and then another client is to be served.
fn after_a_client(name: &str, words: &'static [&str]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)?;
        says_and_a_client_comes(stage, words, false)
    });
    served(served(form, CLIENT, 1), LATER, 3)
}

/// A stranger is served like any client and then sends these words.
fn before_any_client(name: &str, words: &'static [&str]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        says_and_a_client_comes(stage, words, true)
    });
    served(form, CLIENT, 2)
}

fn says_and_a_client_comes(stage: &mut Stage, words: &[&str], first: bool) -> anyhow::Result<()> {
    let mut stranger = stage.datagram_attacker()?;
    if first {
        stranger.send(SERVER, b"hi there")?;
        rules::answer(stage, &mut stranger)?;
    }
    for word in words {
        stranger.send(SERVER, word.as_bytes())?;
        stage.settle()?;
    }
    stranger.received();
    if stage.record(|record| record.exit(SERVER).is_some()) {
        return Ok(());
    }
    let client = stage.client(&["hello"])?;
    stage.ends(client)
}

fn served(form: Form, who: Who, connection: usize) -> Form {
    let hint = "whoever can send a datagram is obeyed: let no word end the server or the loop that serves; its owner can end \
                it by a signal";
    let form = rules::clients_may_fail(form, who.number);
    rules::answers(form, who, connection, vec![rules::Answer::same(b"hello".to_vec())], hint)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    // The finished server prints its line of the log when the answer is already on its way.
    if stage.cast() != Cast::Finished {
        stage.lockstep();
    }
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    let mut stranger = stage.datagram_attacker()?;
    stranger.send(SERVER, b"exit")?;
    stranger.receive();
    stage.settle()?;
    stranger.received();
    if stage.record(|record| record.exit(SERVER).is_some()) {
        return Ok(());
    }
    stage.client(&["hello"])?;
    stage.ends(LATER)
}

fn judge(record: &Record) -> Finding {
    let answer = |connection| record.datagrams(connection, Way::ToClient);
    if answer(1) != [b"hello"] {
        Finding::Other("the first client did not get its hello back".to_string())
    } else if record.exit(SERVER).is_some() {
        Finding::Broke("a stranger sent exit, and the server ended: it is gone for every client".to_string())
    } else if answer(3) == [b"hello"] {
        Finding::Held("a stranger sent exit, and the server went on: the next client was answered".to_string())
    } else {
        Finding::Other("after the stranger's exit the server runs but does not answer the next client".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let lives = record.exit(SERVER).is_none() && record.exit(LATER).is_some_and(lab::Exit::is_success);
    finished::finding(
        lives && finished::printed(record, &["hello"]),
        "a stranger sent exit, and the server went on: the next client was answered",
    )
}
