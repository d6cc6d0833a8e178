//! `restart`: a server is killed in the middle of a session, and started again while its client has not noticed.

use lab::kernel::{self, Socket, State};
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Void,
    Who,
};

use crate::finished;
use crate::guest::{self, Due, Guest, SERVED, difference};
use crate::one_panic::peer;
use crate::wire::{self, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "on this wire a command is whatever one read gives")]
mod fixed;

/// The server that is started at the address of the first, and the client that comes to it.
const SECOND: Who = Who { number: 2, ..SERVER };
const LATER: Who = Who { number: 2, ..CLIENT };

/// The second server neither listens nor ends.
const LATE: &str = "the second server does not start";
/// What the table shows where the second server started late.
const OVER: &str = "by then the session of the killed server is over";
/// What the table shows where the second server cannot be started.
const TAKEN: &str = "a socket still listens at the address of the killed server";
/// What the table shows where the session was reset.
const GONE: &str = "nothing is left of the session of the killed server";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "restart",
    question: "The server is dead. Who keeps its port?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("Windows lets a server bind while the sessions of the last one are not over")],
    play,
    judge,
    dissect: wire::dissect,
    wire: &[
        wire::GREETS,
        wire::TURNS,
        wire::ANSWERS,
        wire::END,
        "the server is killed (SIGKILL) with its process group while a client is there; the same command is started again there",
        "it listens again at that address within 10 seconds, although the client of the killed one is still there, and serves the next one",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

/// Without a relay, which would end the session at both sides.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.cast() != Cast::Finished {
        // The finished server logs a session after it has ended it.
        stage.lockstep();
    }
    stage.server()?;
    talk(stage, CLIENT)?;
    stage.kill(SERVER)?;
    if stage.still_listens() {
        stage.fact(SERVER, TAKEN);
        return Ok(());
    }
    waits_for_the_client(stage)?;
    let second = again(stage)?;
    if stage.record(listens) {
        stage.step(second, "listens, beside what is left of the session");
        talk(stage, LATER)?;
        stage.end_input(LATER)?;
        stage.ends(LATER)?;
    }
    stage.type_line(CLIENT, "0")?;
    stage.ends(CLIENT)
}

/// A client comes, is greeted, asks for `0` and is answered.
fn talk(stage: &mut Stage, who: Who) -> anyhow::Result<()> {
    stage.talkative_client()?;
    stage.wait("a client is greeted", |record| record.lines(who).len() == 1)?;
    stage.type_line(who, "0")?;
    stage.wait("a client is answered", |record| record.lines(who).len() == 2)
}

/// Waits until the kernel has closed the server's end for it, and says so on the record.
fn waits_for_the_client(stage: &Stage) -> anyhow::Result<()> {
    if !kernel::sees_sockets() {
        return Ok(());
    }
    let port = stage.address()?.port();
    let left = |socket: &Socket| socket.state == State::FinWait2 && socket.local.port() == port;
    let of_it = |socket: &Socket| socket.local.port() == port && socket.state != State::Listen;
    if !stage.sees(|sockets| sockets.iter().any(left) || !sockets.iter().any(of_it)) {
        return Err(Void("the session of the killed server did not come into FIN-WAIT-2".to_string()).into());
    }
    if !stage.sockets().is_some_and(|sockets| sockets.iter().any(left)) {
        stage.fact(SERVER, GONE);
        // A server of one's own may have closed it in another way.
        return match stage.cast() {
            Cast::Yours(_) => Ok(()),
            _ => Err(Void(format!("{GONE}: this kernel keeps none (net.ipv4.tcp_max_tw_buckets)")).into()),
        };
    }
    stage.fact(SERVER, "the session is in FIN-WAIT-2: closed here, open at the client; no process owns it any more");
    Ok(())
}

/// Starts the server again; a stranger's that does not listen in time is as good as one that ends.
fn again(stage: &mut Stage) -> anyhow::Result<Who> {
    match stage.server_again() {
        Err(error) if matches!(stage.cast(), Cast::Yours(_)) && error.downcast_ref::<Void>().is_none() => {
            stage.fact(SECOND, format!("{LATE}: {error:#}"));
        }
        Err(error) => return Err(error),
        Ok(_) => started_beside_it(stage)?,
    }
    Ok(SECOND)
}

/// Whether the second server listens.
fn listens(record: &Record) -> bool {
    let taken = record.kernel().contains(&TAKEN);
    record.exit(SECOND).is_none() && !taken && !record.kernel().iter().any(|fact| fact.starts_with(LATE))
}

/// A server that has waited until the session was over has not started beside it.
fn started_beside_it(stage: &Stage) -> anyhow::Result<()> {
    let port = stage.address()?.port();
    let left = |socket: &Socket| socket.state == State::FinWait2 && socket.local.port() == port;
    let gone = stage.record(|record| record.kernel().contains(&GONE));
    if kernel::sees_sockets() && !gone && !stage.sockets().is_some_and(|sockets| sockets.iter().any(left)) {
        stage.fact(SECOND, OVER);
    }
    Ok(())
}

static BEFORE: Due = Due {
    name: "served-before",
    requires: "the first server serves",
    whom: "the first client",
    missed: "is not greeted and answered",
    hint: "",
};

fn forms() -> Vec<Form> {
    vec![
        restarted(Form::new("killed while one client is there", play))
            .rule(SERVED.and(|record| {
                let wanted = [GREETING, ZERO].concat();
                let lines = record.lines(LATER).join("");
                let began = listens(record) && record.lines(CLIENT).starts_with(&[GREETING, ZERO]);
                let seen = difference(wanted.as_bytes(), lines.as_bytes());
                Seen::kept_if(!began || lines == wanted, format!("the second server does not serve a client: {seen}"))
            }))
            // Its session is over, which is no fault of the second server.
            .allow(Allowed::Fails(CLIENT)),
        restarted(guest::form("killed while three clients are there, one of which leaves then", |stage| {
            let mut inside = Vec::new();
            for _ in 0..3 {
                let mut guest = Guest::enter(stage, &BEFORE)?;
                if inside.is_empty() {
                    guest.hears(stage, GREETING, &BEFORE)?;
                    guest.asks_zero(stage, &BEFORE)?;
                }
                inside.push(guest);
            }
            stage.kill(SERVER)?;
            if stage.still_listens() {
                stage.fact(SERVER, TAKEN);
            } else {
                waits_for_the_client(stage)?;
                inside.pop();
                again(stage)?;
                if stage.record(listens) {
                    for _ in 0..2 {
                        guest::visit(stage, &SERVED)?;
                    }
                }
            }
            inside.into_iter().for_each(|guest| guest.stays(stage));
            Ok(())
        }))
        .rule(SERVED.rule()),
    ]
}

/// The rules of every second start.
fn restarted(form: Form) -> Form {
    let first = BEFORE.and(|record| {
        let lines = record.lines(CLIENT);
        let came = record.events.iter().any(|event| event.who == CLIENT);
        Seen::kept_if(!came || lines.starts_with(&[GREETING, ZERO]), "the first client is not greeted and answered")
    });
    let again = Rule::new("starts-again", "the second server starts", |record| match record.exit(SECOND) {
        Some(exit) => {
            let last = record.complaints(SECOND).last().map(|line| format!(": {line}")).unwrap_or_default();
            Seen::Violated(format!(
                "the server cannot start again while a client of the killed one still holds its session: server 2 {exit}{last}"
            ))
        }
        None => match record.kernel().into_iter().find(|fact| fact.starts_with(LATE)) {
            Some(late) => Seen::Violated(late.to_string()),
            None => Seen::kept_if(
                !record.kernel().contains(&OVER),
                "the second server does not listen until the session of the killed one is over",
            ),
        },
    });
    let nobody = Rule::new("nobody-listens", "nobody listens at the address of the killed server", |record| {
        Seen::kept_if(
            !record.kernel().contains(&TAKEN),
            "the server is killed, and a socket still listens at its address: a process that it started has it",
        )
    });
    form.rule(first)
        .rule(nobody.hint("let child processes stay in the server's process group, or close the listener in them"))
        .rule(again.hint(
            "set SO_REUSEADDR on the listening socket, before bind (on Unix; allow_reuse_address in socketserver)",
        ))
        .allow(Allowed::Ends(SECOND))
        .struck_if(|record| {
            if !record.kernel().contains(&GONE) {
                return Ok(());
            }
            Err("nothing was left of the session of the killed server: it was reset at once, so nothing could keep the port \
                 (does your server set SO_LINGER with 0 seconds? it throws away what a client has not taken yet)"
                .to_string())
        })
}

fn judge(record: &Record) -> Finding {
    let served = [GREETING, ZERO];
    let said = record.complaints(SECOND).iter().any(|line| line.contains("in use"));
    let in_use = said || matches!(record.cast, Cast::Yours(_));
    if !record.lines(CLIENT).starts_with(&served) {
        Finding::Other("the first client was not greeted and answered".to_string())
    } else if record.exit(SECOND).is_some_and(|exit| !exit.is_success()) && in_use {
        Finding::Broke(
            "the server cannot start again: a client that has not noticed its end still holds the session".to_string(),
        )
    } else if record.lines(LATER) == served {
        Finding::Held("the server started again at once, beside a session that its client still holds".to_string())
    } else {
        Finding::Other("the second server did not greet and answer a client".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let holds = finished::printed_by(record, LATER, &[ZERO]);
    finished::finding(holds, "the server started again at once, beside a session that its client still held")
}
