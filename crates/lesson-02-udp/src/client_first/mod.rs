//! `client-first`: the client's only datagram is sent before the server is there.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use lab::kernel;
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, Rule, SERVER, Seen, Side, Stage, Void, What,
};

use crate::finished;
use crate::rules::{self, brief, end};

mod broken;
mod fixed;
mod peer;

/// No client needs so long to send its first datagram.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "client-first",
    question: "The client was started before the server. Why do they never meet?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> hello, and again at least every 2 seconds until it is answered",
        "<- one datagram, which begins with hi: print it and end with status 0",
        "the server may come up to 3 seconds after your client: until then nobody has the port, or nobody answers",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

/// What the lab answers, which plays the server here: nobody can guess it.
const ANSWER: &[u8] = b"hi 4711";
/// What is on the record when it does.
const ANSWERS: &str = "hears hello and answers: hi 4711";
const IS_SILENT: &str = "hears hello and does not answer";

/// The longest time between two tries of a program of one's own, and a second more.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// Tries that follow each other at once are over by then.
const AWAY: Duration = Duration::from_secs(1);

fn forms() -> Vec<Form> {
    vec![
        ruled("the first datagram comes before the server", |stage, first| {
            stage.step(CLIENT, "sends its datagram before there is a server");
            let address = first.local_addr()?;
            drop(first);
            Ok(Some(UdpSocket::bind(address)?))
        }),
        ruled("nobody has the port for a second", |stage, first| {
            stage.step(CLIENT, "sends its datagram before there is a server");
            let address = first.local_addr()?;
            drop(first);
            // Keeps the port from everybody else and hears nobody but itself: to all others the port is dead.
            let deaf = UdpSocket::bind(address)?;
            deaf.connect(address)?;
            let begin = Instant::now();
            while begin.elapsed() < AWAY {
                thread::park_timeout(AWAY.saturating_sub(begin.elapsed()));
            }
            drop(deaf);
            Ok(Some(UdpSocket::bind(address)?))
        }),
        ruled("the first two datagrams are not answered", |stage, server| {
            stage.step(SERVER, IS_SILENT);
            let again = take(stage, &server, AGAIN)?.is_some();
            if again {
                stage.step(SERVER, IS_SILENT);
            }
            Ok(again.then_some(server))
        }),
    ]
}

/// The client's first hello comes to a socket of the lab; then `comes` gives the one that answers, if the play comes so
/// far.
fn ruled(
    name: &str,
    comes: impl Fn(&mut Stage, UdpSocket) -> anyhow::Result<Option<UdpSocket>> + Send + Sync + 'static,
) -> Form {
    let form = Form::new(name, move |stage| {
        stage.patience(LONGEST_WAIT);
        stage.datagrams();
        let first = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        stage.server_at(first.local_addr()?);
        stage.client(&[])?;
        if take(stage, &first, FIRST)?.is_none() {
            return Ok(());
        }
        if let Some(server) = comes(stage, first)? {
            answer_all(stage, &server)?;
        }
        stage.ends(CLIENT)
    });
    let asks_again = Rule::new("asks-again", "your client asks again until the server is there", |record| {
        let end = end(record);
        Seen::kept_if(
            heard(record),
            match hellos(record) {
                0 => format!("your client sent no hello: {end}"),
                _ => format!("no hello came when the server was there: {end}"),
            },
        )
    });
    let prints = Rule::new("prints", "the answer is printed", |record| {
        let all = record.lines(CLIENT).join("\n");
        let got = if all.is_empty() { "nothing".to_string() } else { brief(all.as_bytes()) };
        Seen::kept_if(!heard(record) || printed(record), format!("the server answered, and your client printed {got}"))
    });
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Hangs(SERVER))
        .allow(Allowed::Fails(CLIENT))
        .rule(asks_again.hint(
            "give the socket a timeout and say hello again; that nobody has the port is an error to wait after, not an end",
        ))
        .rule(prints)
        .rule(rules::ends(|record| heard(record) && printed(record)))
}

/// The moments in which the client may send its first hello, for it has to start, and in which it may ask again.
const FIRST: u32 = 60;
const AGAIN: u32 = 12;
const MOMENT: Duration = Duration::from_millis(300);

/// Receives the client's next hello; `None` when the client has ended, or has sent none in so many moments.
fn take(stage: &mut Stage, socket: &UdpSocket, moments: u32) -> anyhow::Result<Option<SocketAddr>> {
    for _ in 0..moments {
        if let Some(client) = next_hello(socket)? {
            return Ok(Some(client));
        }
        if has_ended(stage)? {
            return next_hello(socket);
        }
    }
    Ok(None)
}

/// Whether the client has ended. Not by settling: a hello that comes meanwhile would lie in the queue, and keep the stage
/// from coming to rest.
fn has_ended(stage: &mut Stage) -> anyhow::Result<bool> {
    if kernel::sees_sockets() {
        stage.spins(CLIENT)?;
    } else {
        stage.settle()?;
    }
    Ok(stage.record(|record| record.exit(CLIENT).is_some()))
}

/// A hello that comes within a moment.
fn next_hello(socket: &UdpSocket) -> anyhow::Result<Option<SocketAddr>> {
    socket.set_read_timeout(Some(MOMENT))?;
    let mut buffer = [0; 1024];
    Ok(match socket.recv_from(&mut buffer) {
        Ok((length, client)) if &buffer[..length] == b"hello" => Some(client),
        _ => None,
    })
}

/// Answers every hello for as long as the client lives and asks: an answer may come too late for it.
fn answer_all(stage: &mut Stage, socket: &UdpSocket) -> anyhow::Result<()> {
    let begin = Instant::now();
    let mut last = begin;
    while last.elapsed() < LONGEST_WAIT && begin.elapsed() < PATIENCE {
        match next_hello(socket)? {
            Some(client) => {
                if !stage.record(heard) {
                    stage.step(SERVER, ANSWERS);
                }
                socket.send_to(ANSWER, client)?;
                last = Instant::now();
            }
            None if has_ended(stage)? => break,
            None => {}
        }
    }
    Ok(())
}

/// How many hellos came before there was an answer.
fn hellos(record: &Record) -> usize {
    let came = |event: &&lab::Event| {
        event.who == CLIENT && matches!(&event.what, What::Step(_))
            || matches!(&event.what, What::Step(text) if text == IS_SILENT)
    };
    record.events.iter().filter(came).count()
}

/// Whether a hello came to a server that answers.
fn heard(record: &Record) -> bool {
    let answers = |event: &lab::Event| matches!(&event.what, What::Step(text) if text == ANSWERS);
    record.lines(SERVER).contains(&"hello") || record.events.iter().any(answers)
}

fn printed(record: &Record) -> bool {
    let answer = if record.lines(SERVER).is_empty() { "hi 4711" } else { "hi" };
    record.lines(CLIENT).iter().any(|line| line.contains(answer))
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    if stage.cast() != Cast::Broken {
        // Longer than the client waits before it asks again.
        stage.patience(Duration::from_secs(2));
    }
    // That the client has sent is only known to who receives it: the lab takes the datagram, for want of a server.
    let nobody = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    nobody.set_read_timeout(Some(PATIENCE))?;
    stage.server_at(nobody.local_addr()?);
    stage.client(&[])?;
    if nobody.recv_from(&mut [0; 1024]).is_err() {
        return Err(Void("the client sent nothing".to_string()).into());
    }
    stage.step(CLIENT, "sends its datagram before there is a server");
    drop(nobody);
    // Before the start: the client asks again at any moment, and the server's answer must not come before this line.
    stage.step(SERVER, "is started when the datagram of the client has been lost");
    let server = stage.server_again()?;
    stage.ends(CLIENT)?;
    if stage.record(|record| record.hung(CLIENT).is_some()) {
        stage.ends(server)?;
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(SERVER).contains(&"hello");
    let ended = record.exit(CLIENT).is_some_and(lab::Exit::is_success);
    if heard && ended {
        Finding::Held("the first datagram was lost, the client asked again, and the server answered".to_string())
    } else if !heard && record.hung(CLIENT).is_some() {
        Finding::Broke("the datagram came before the server and was lost, and now both wait for ever".to_string())
    } else if !heard {
        Finding::Other("the client gave up: no hello came to the server after it was started".to_string())
    } else {
        Finding::Other("the server answered hi, and the client did not end in the ordinary way".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let came = finished::printed(record, &["hello"]);
    finished::finding(came, "the first datagram was lost, the client asked again, and the time came")
}
