//! `stranger`: a third party sends the client a datagram, and then the client asks its server.

use std::net::Ipv4Addr;

use lab::{
    Allowed, CLIENT, Cast, Check, DatagramAttacker, Experiment, Fate, Fates, Finding, Form, Record, Role, Rule, Seen,
    Side, Stage, Stream, Way, What,
};

use crate::dead_port::peer;
use crate::finished;
use crate::rules::{self, asked, brief, end};

mod broken;
mod fixed;

/// The bytes that the stranger sends: as an answer of the server to the second line would look.
const FORGED: &[u8] = b"forged";
/// As the finished client would take it for an answer to the second line.
const FORGED_STAMPED: &[u8] = b"[Thu Nov 20 13:13:13 2025] two";

const HELD: &str = "a stranger's datagram lay before the answer, and the client took only the server's";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "stranger",
    question: "Who sent the datagram that the client took for its answer?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> for each line of standard input, as soon as it is typed, one datagram: the line, without its newline",
        "<- the same bytes, from the address that was asked, within 3 seconds; print them, and then take the next line",
        "strangers may send your socket datagrams at any time, also what the server would say: they come from another \
     address or another port",
        "print nothing of a stranger's, send strangers nothing, and do not end because of them",
        "end with status 0 when the input has ended and all was answered",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

const LINES: &[&str] = &["one", "two", "three"];

fn forms() -> Vec<Form> {
    // Looks like an answer, like the answer to the third line, like nothing, and like no text.
    let many: &[&[u8]] = &[FORGED, b"three", b"", b"\xff\xfe"];
    vec![
        before_the_question("a stranger's datagram lies before the answer", &[FORGED]),
        before_the_question("datagrams of two strangers lie before the answer", many),
        while_it_waits("strangers' datagrams come while the client waits for the answer", many),
        while_it_waits("what a stranger sends looks like the answer to the next line", &[b"three"]),
        says_the_same(),
    ]
}

/// They lie in the client's queue before it asks for the second line.
fn before_the_question(name: &str, forged: &'static [&[u8]]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        if !first_line(stage)? {
            return Ok(());
        }
        let mut strangers = strangers(stage, forged)?;
        for line in &LINES[1..] {
            stage.type_line(CLIENT, line)?;
        }
        stage.end_input(CLIENT)?;
        stage.ends(CLIENT)?;
        stage.settle()?;
        strangers.iter_mut().for_each(|stranger| drop(stranger.received()));
        Ok(())
    });
    ruled(form)
}

/// Each of them sends the client all of these datagrams: one from another port of the server's address, and if there are
/// several datagrams one from the server's port at another address, where this machine has one.
fn strangers(stage: &mut Stage, forged: &[&[u8]]) -> anyhow::Result<Vec<DatagramAttacker>> {
    let mut strangers = vec![stage.datagram_attacker()?];
    if cfg!(target_os = "linux") && forged.len() > 1 {
        strangers.push(stage.datagram_attacker_at(Ipv4Addr::new(127, 0, 0, 2))?);
    }
    for stranger in &mut strangers {
        for datagram in forged {
            stranger.send(CLIENT, datagram)?;
        }
    }
    Ok(strangers)
}

/// They come when the client has asked for the second line and the answer is still on its way.
fn while_it_waits(name: &str, forged: &'static [&[u8]]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Pass, Fate::Hold] })?;
        if !first_line(stage)? {
            return Ok(());
        }
        stage.type_line(CLIENT, LINES[1])?;
        let asks = rules::rest(stage, |stage| stage.record(held_back).then_some(()))?;
        let mut strangers = if asks.is_some() { strangers(stage, forged)? } else { Vec::new() };
        stage.settle()?;
        stage.hand_on();
        stage.type_line(CLIENT, LINES[2])?;
        stage.end_input(CLIENT)?;
        stage.ends(CLIENT)?;
        stage.settle()?;
        strangers.iter_mut().for_each(|stranger| drop(stranger.received()));
        Ok(())
    });
    ruled(form).struck_if(has_asked)
}

fn has_asked(record: &Record) -> Result<(), String> {
    match held_back(record) {
        true => Ok(()),
        false => {
            Err("your client did not ask for the second line when it was typed: send each line at once".to_string())
        }
    }
}

/// A stranger says what the server will answer, while that answer is held back: only the time tells whose was taken.
fn says_the_same() -> Form {
    let form = Form::new("a stranger says what the server is going to say", |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Pass, Fate::Hold, Fate::Hold] })?;
        if !first_line(stage)? {
            return Ok(());
        }
        for line in &LINES[1..] {
            stage.type_line(CLIENT, line)?;
        }
        let asks = rules::rest(stage, |stage| stage.record(held_back).then_some(()))?;
        stage.settle()?;
        let mut strangers = if asks.is_some() { strangers(stage, &[SAME])? } else { Vec::new() };
        stage.settle()?;
        stage.hand_on();
        // A client that waits for each answer asks for the third line only now.
        rules::rest(stage, |stage| {
            let asks = |record: &Record| asked_lines(record).len() == LINES.len() || record.exit(CLIENT).is_some();
            stage.record(asks).then_some(())
        })?;
        stage.settle()?;
        stage.hand_on();
        stage.end_input(CLIENT)?;
        stage.ends(CLIENT)?;
        stage.settle()?;
        strangers.iter_mut().for_each(|stranger| drop(stranger.received()));
        Ok(())
    });
    ruled(form.rule(waits_for_the_server())).struck_if(has_asked)
}

/// What the server answers to the second line.
const SAME: &[u8] = b"two";

fn waits_for_the_server() -> Rule {
    Rule::new("waits-for-the-server", "the client waits for the answer of the server", |record| {
        let same = |event: &lab::Event, who: Role| {
            let datagram =
                matches!(&event.what, What::Datagram { way: Way::ToClient, bytes } if bytes.as_slice() == SAME);
            datagram && event.who.role == who
        };
        let place = |who| record.events.iter().position(|event| same(event, who));
        let Some(forged) = place(Role::Attacker) else { return Seen::Kept };
        let answered = place(Role::Server).unwrap_or(record.events.len());
        // A client may ask for every line as soon as it is typed; then the third one was asked for before the stranger spoke.
        let between = &record.events[forged.min(answered)..answered];
        let printed = between.iter().any(|event| {
            event.who == CLIENT && matches!(&event.what, What::Line(Stream::Out, text) if text.as_bytes() == SAME)
        });
        let went_on = asked(record, CLIENT)
            .iter()
            .any(|asked| asked.bytes == LINES[2].as_bytes() && (forged..answered).contains(&asked.place));
        let did = if printed { "printed \"two\"" } else { "asked for \"three\"" };
        Seen::kept_if(
            !printed && !went_on,
            format!("your client {did} when a stranger had said \"two\", and the server's answer was still on its way"),
        )
    })
    .hint("connect the socket, or compare the sender, address and port: what is said does not tell who says it")
}

fn held_back(record: &Record) -> bool {
    record.events.iter().any(|event| matches!(event.what, What::HeldBack { .. }))
}

/// Types the first line; whether it was answered.
fn first_line(stage: &mut Stage) -> anyhow::Result<bool> {
    stage.talkative_client()?;
    stage.type_line(CLIENT, LINES[0])?;
    let answered = |record: &Record| !record.datagrams(1, Way::ToClient).is_empty();
    let answered = rules::rest(stage, |stage| {
        let over = stage.record(|record| record.exit(CLIENT).is_some());
        (stage.record(answered) || over).then_some(!over)
    })?;
    stage.settle()?;
    Ok(answered == Some(true))
}

/// The lines that the client has asked for, each once.
fn asked_lines(record: &Record) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for asked in asked(record, CLIENT) {
        if !lines.contains(&asked.bytes) {
            lines.push(asked.bytes);
        }
    }
    lines
}

fn ruled(form: Form) -> Form {
    let nothing_to_strangers = Rule::new("nothing-to-strangers", "nothing is sent to a stranger", |record| {
        let heard = |event: &lab::Event| event.who.role == Role::Attacker && matches!(event.what, What::Step(_));
        Seen::kept_if(!record.events.iter().any(heard), "your client sent a datagram to the stranger")
    });
    let asks_each_line = Rule::new("asks-each-line", "each line is asked of the server", |record| {
        let asked = asked_lines(record);
        let same = asked.iter().zip(LINES).take_while(|(asked, line)| asked.as_slice() == line.as_bytes()).count();
        match (asked.get(same), LINES.get(same)) {
            (None, None) => Seen::Kept,
            (Some(other), _) => {
                Seen::Violated(format!("your client sent the server {}, which is not the next line", brief(other)))
            }
            (None, Some(line)) => Seen::Violated(format!("the server was never asked for {line:?}: {}", end(record))),
        }
    });
    let prints = Rule::new("prints", "only the answers of the server are printed", |record| {
        let printed = record.lines(CLIENT);
        let same = printed.iter().zip(LINES).take_while(|(printed, line)| printed == line).count();
        match (printed.get(same), LINES.get(same)) {
            (Some(other), _) => Seen::Violated(format!(
                "line {} of what your client printed is {}; the server never sent it there",
                same + 1,
                brief(other.as_bytes())
            )),
            (None, Some(line)) if asked_lines(record).len() == LINES.len() => {
                Seen::Violated(format!("the server answered {line:?}, and your client did not print it"))
            }
            _ => Seen::Kept,
        }
    });
    let done = |record: &Record| asked_lines(record).len() == LINES.len() && record.lines(CLIENT) == LINES;
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Fails(CLIENT))
        .rule(
            nothing_to_strangers
                .hint("an answer may come from anybody: send to the address that you were given, always"),
        )
        .rule(
            prints
                .hint("connect the socket, or compare the sender, address and port, with whom you asked, and wait on"),
        )
        .rule(
            asks_each_line
                .hint("whoever can reach your port can send to it: throw away what is not the server's, and wait on"),
        )
        .rule(rules::ends(done))
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    stage.wait("the first answer", |record| !record.datagrams(1, Way::ToClient).is_empty())?;
    stage.settle()?;
    let mut stranger = stage.datagram_attacker()?;
    // It lies in the client's queue before the client asks again, unless the kernel has thrown it away.
    stranger.send(CLIENT, if stage.cast() == Cast::Finished { FORGED_STAMPED } else { FORGED })?;
    stage.type_line(CLIENT, "two")?;
    stage.type_line(CLIENT, "three")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    if stage.cast() == Cast::Broken {
        stranger.receive();
    }
    stranger.received();
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let asked = record.datagrams(1, Way::ToServer);
    let took = record.lines(CLIENT).iter().any(|line| line.contains("forged"));
    let strayed =
        record.events.iter().any(|event| event.who.role == Role::Attacker && matches!(event.what, What::Step(_)));
    if asked == [b"one".as_slice(), b"two"] && strayed {
        Finding::Broke(
            "the client took a stranger's datagram for its answer, and sent the next line to the stranger".to_string(),
        )
    } else if took {
        Finding::Broke("the client took a stranger's datagram for its answer".to_string())
    } else if asked == [b"one".as_slice(), b"two", b"three"] && record.exit(CLIENT).is_some_and(lab::Exit::is_success) {
        Finding::Held(HELD.to_string())
    } else {
        Finding::Other("the client did not ask its server for each of the three lines, once each, and end".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    finished::finding(finished::printed(record, &["one", "two", "three"]), HELD)
}
