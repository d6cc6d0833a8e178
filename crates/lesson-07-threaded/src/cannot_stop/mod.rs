//! `cannot-stop`: a server is asked to stop while it waits for the rest of a request, and for further clients.

use lab::{
    Allowed, CLIENT, Check, Exit, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side,
    Stage, Way,
};

use crate::finished;
use crate::guest::{self, Due, Guest, Played, difference};
use crate::wire::ZERO;

mod broken;
mod fixed;
mod peer;

const SUM: &[u8] = b"42\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "cannot-stop",
    question: "Why does the server not end, though it was told to?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("Windows has no signal with which the lab could stop one process")],
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: &[
        "-> numbers from 0 to 4294967295, each with a newline (0a), in any pieces, none or 64 KiB of them; then the client ends \
         its stream",
        "<- when the client has ended its stream: the sum in decimal digits and a newline, then the end",
        "Ctrl-C (SIGINT) comes once, to your program and all that it has started, as in a terminal: finish the sum that was \
         begun, then end by yourself with status 0",
        "one client at a time will do",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "20")?;
    stage.wait("the first number comes to the server", |record| record.bytes(1, Way::ToServer) == b"20\n")?;
    // The server has read it, and then it has done all that it does when it is asked to stop.
    stage.settle()?;
    stage.interrupt(SERVER, 1)?;
    stage.settle()?;
    stage.type_line(CLIENT, "22")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.ends(SERVER)
}

static SUMMED: Due = Due {
    name: "sum-answered",
    requires: "the sum that was begun is answered",
    whom: "a client that had begun its sum",
    missed: "does not get it",
    hint: "the signal must not end the conversations: stop accepting, and wait for the threads or tasks that are at work \
           (no daemon threads, no cancelled tasks)",
};

fn forms() -> Vec<Form> {
    let first =
        Form::new("Ctrl-C while the rest of a request is waited for", play).rule(SUMMED.and_then_it_ends(|record| {
            let answer = record.bytes(1, Way::ToClient);
            let seen = difference(SUM, &answer);
            Seen::kept_if(answer == SUM, format!("the client that had begun its sum does not get it: {seen}"))
        }));
    vec![
        stops(first),
        stopped(guest::form("Ctrl-C before anybody has come", |stage| stop(stage, None))),
        stopped(guest::form("Ctrl-C when a sum is done and nobody is there", |stage| {
            // More than 32 bits hold.
            sum(stage, "4294967295\n20\n22\n4294967295\n", "8589934632\n")?;
            stop(stage, None)
        })),
        stopped(guest::form("Ctrl-C in the middle of a number", |stage| {
            sum(stage, "", "0\n")?;
            let mut guest = Guest::enter(stage, &SUMMED)?;
            guest.says(b"1\n2");
            guest.is_read();
            stop(stage, Some((guest, "0\n22\n", "43\n")))
        })),
        stopped(guest::form("Ctrl-C in the middle of 20,000 bytes", |stage| {
            let mut guest = Guest::enter(stage, &SUMMED)?;
            guest.says("1\n".repeat(5000).as_bytes());
            guest.is_read();
            stop(stage, Some((guest, &"1\n".repeat(5000), "10000\n")))
        })),
    ]
}

/// The rules of every stop.
fn stops(form: Form) -> Form {
    let ends = Rule::new("ends", "then the server ends", |record| {
        Seen::kept_if(
            record.exit(SERVER).is_some(),
            "the server was asked to stop, has nothing left to do, and does not end: it waits for the next client",
        )
    });
    let status = Rule::new("status-0", "with status 0", |record| match record.exit(SERVER) {
        Some(exit @ Exit::Status(1..)) => {
            let last = record.complaints(SERVER).last().map(|line| format!(": {line}")).unwrap_or_default();
            Seen::Violated(format!("the server was asked to stop and {exit}, as after an error{last}"))
        }
        _ => Seen::Kept,
    });
    form.rule(ends.hint(
            "a flag that the handler sets is not seen while accept sleeps: wake it (connect to yourself, a pipe beside the \
             listener in select or poll, an exception of the handler, a timeout of accept), and do not wait in the handler",
        ))
        .rule(status.hint("a stop that was asked for is no error: end with status 0"))
        .allow(Allowed::Ends(SERVER))
        .allow(Allowed::Hangs(SERVER))
}

fn stopped(form: Form) -> Form {
    stops(form.rule(SUMMED.and_then_it_ends(|_| Seen::Kept)))
}

/// A sum from beginning to end.
fn sum(stage: &mut Stage, numbers: &str, sum: &str) -> Played {
    let mut guest = Guest::enter(stage, &SUMMED)?;
    guest.says(numbers.as_bytes());
    guest.half_closes();
    guest.hears_the_end(stage, sum, &SUMMED)
}

/// Ctrl-C; whoever is there sends the rest and gets its sum; then the server has to end.
fn stop(stage: &mut Stage, inside: Option<(Guest, &str, &str)>) -> Played {
    stage.settle()?;
    stage.interrupt(SERVER, 1)?;
    if let Some((mut guest, rest, sum)) = inside {
        stage.settle()?;
        guest.says(rest.as_bytes());
        guest.half_closes();
        guest.hears_the_end(stage, sum, &SUMMED)?;
    }
    Ok(stage.ends(SERVER)?)
}

fn judge(record: &Record) -> Finding {
    let answered = record.bytes(1, Way::ToClient) == SUM;
    match record.exit(SERVER) {
        None if answered => Finding::Broke(
            "the server was asked to stop, has nothing left to do, and waits for the next client".to_string(),
        ),
        None => Finding::Other("the sum that was begun was not answered, and the server does not end".to_string()),
        Some(_) if !answered => Finding::Other("the server ended, and the sum that was begun is lost".to_string()),
        Some(Exit::Status(0)) => {
            Finding::Held("the server was asked to stop, answered the sum that was begun, and ended".to_string())
        }
        Some(_) => Finding::Other("the server answered, and then it did not end with status 0".to_string()),
    }
}

/// A client has been answered and sits in front of its prompt.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "0")?;
    stage.wait("the client is answered", |record| record.lines(CLIENT).len() == 2)?;
    stage.settle()?;
    stage.interrupt(SERVER, 1)?;
    stage.wait("the server ends the conversation", |record| record.fin(1, Way::ToClient))?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.exits(SERVER)?;
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let ended = record.exit(SERVER).is_some_and(Exit::is_success);
    if !finished::printed(record, &[ZERO]) {
        finished::finding(false, "")
    } else if ended && !record.reset(1, Way::ToClient) {
        Finding::Held("the server was asked to stop, ended the conversation with a FIN, and then itself".to_string())
    } else {
        Finding::Other("the server was asked to stop and did not end well".to_string())
    }
}
