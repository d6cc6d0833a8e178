//! Forms of a trap that several experiments share: servers that send frames back, put under cuts, joins and one client
//! more.

use std::time::Duration;

use lab::{Allowed, Attacker, CLIENT, Form, Role, Rule, Script, Seen, Stage, Step, Way, What, Who, wire};

/// What every server of echoed frames is told of its wire.
pub(crate) const ECHO: &[&str] = &[
    "-> frames: 4 bytes length, big-endian, then the payload, 0 to 65536 bytes of any kind; in any pieces, several at once",
    "<- each frame as it came, in the same order, none before all of it has come",
    "a client may stop inside a frame for some seconds; give it at least 5",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// What most programs that answer too early do.
pub(crate) const SHORT_READ: &str = "one read, or recv, gives what has come by then and seldom all that you asked for: \
                                     read in a loop until you have it (in Rust read_exact)";

/// The client after the first.
pub(crate) const NEXT: Who = Who { role: Role::Client, number: 2 };

pub(crate) fn frame(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes(), payload].concat()
}

/// One frame for each text, cut by these steps: the same frames must come back, each not before it is whole.
pub(crate) fn echoed(name: &str, texts: &[&str], steps: impl Into<Vec<Step>>) -> Form {
    rules(Form::relayed(name, [Script::to_server(steps)], texts), texts)
}

/// As [`echoed`], and then another client, which sends `ok`.
pub(crate) fn echoed_and_next(name: &str, texts: &[&str], steps: impl Into<Vec<Step>>) -> Form {
    let (script, typed) = (Script::to_server(steps), texts.iter().map(ToString::to_string).collect::<Vec<_>>());
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        stage.relay([script.clone()])?;
        stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)?;
        next(stage)
    });
    served_next(rules(form, texts), NEXT)
}

/// Frames with these payloads from a peer that the lab plays, cut at these bytes of the whole stream and each piece
/// sent when the server has read the one before; without a cut all of them at once. The peer ends its stream when the
/// answers are there.
pub(crate) fn pieces(name: &str, payloads: &[&[u8]], cuts: &[usize]) -> Form {
    let all = payloads.iter().map(|payload| frame(payload)).collect::<Vec<_>>().concat();
    let mut ends = cuts.to_vec();
    ends.push(all.len());
    let sent = all.clone();
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        let Some(mut peer) = peer(stage) else { return Ok(()) };
        let mut from = 0;
        for end in &ends {
            peer.send(&sent[from..*end]);
            from = *end;
            if from < sent.len() && !peer.taken() {
                break;
            }
        }
        peer.receive(sent.len());
        peer.half_close();
        peer.receive_all(sent.len());
        Ok(())
    });
    form.bytes(1, Way::ToClient, "the answer", all).rule(wire::ends(1, Way::ToClient))
}

/// The longest frame that the wire allows.
pub(crate) fn longest() -> Form {
    pieces("the longest frame, of 65536 bytes, and a short one", &[&[b'x'; 65_536], b"ok"], &[])
}

/// A payload is bytes: all that there are, and some that programs take for text like to lose.
pub(crate) fn any_bytes() -> Form {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let odd: [&[u8]; 4] = [&all, b"  a blank at either end \n", b"\0\0", b"\xef\xbb\xbftwo\r\nlines\r\n"];
    pieces("payloads of any bytes", &odd, &[])
        .hint("bytes", "send the payload back as bytes: do not decode or strip it")
}

/// More frames than a program counts that takes a few for all, and all of them the same.
pub(crate) fn many_frames() -> Form {
    pieces("1100 frames, all the same", &[b"ok".as_slice(); 1100], &[])
}

/// Clients one after the other, each with one frame.
pub(crate) fn many_clients() -> Form {
    const CLIENTS: usize = 12;
    let form = Form::new("12 clients, one after the other", |stage: &mut Stage| {
        stage.server()?;
        for _ in 0..CLIENTS {
            let Some(mut peer) = peer(stage) else { break };
            peer.send(&frame(b"ok"));
            if peer.receive(frame(b"ok").len()).is_empty() {
                break;
            }
            peer.half_close();
            peer.receive_all(1024);
            if fell_silent(stage, &peer) {
                break;
            }
        }
        Ok(())
    });
    form.rule(Rule::new("bytes", "each client gets its answer", |record| {
        let answered = |connection: usize| record.bytes(connection, Way::ToClient) == frame(b"ok");
        let served = (1..=CLIENTS).take_while(|connection| answered(*connection)).count();
        let seen = format!("the server answers {served} clients, and not the next one");
        Seen::kept_if(served == CLIENTS, seen)
    }))
}

/// Two frames and what comes back for them. In the second one, at this byte of the stream, the client rests: less long
/// than the wire allows.
pub(crate) fn rests(name: &str, frames: [Vec<u8>; 2], answers: [Vec<u8>; 2], at: usize) -> Form {
    /// How long it rests, and how long it waits for an answer.
    const REST: Duration = Duration::from_secs(3);
    const PATIENCE: Duration = Duration::from_secs(5);
    let [sent, all] = [frames.concat(), answers.concat()];
    let (length, first, expected) = (sent.len(), answers[0].len(), all.len());
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        let Some(mut peer) = peer(stage) else { return Ok(()) };
        peer.send(&sent[..at]);
        let mut came = peer.receive(first).len();
        stage.step(peer.who(), format!("rests for {} s inside a frame", REST.as_secs()));
        peer.patience(REST)?;
        came += peer.receive(expected.saturating_sub(came)).len();
        peer.patience(PATIENCE)?;
        peer.send(&sent[at..]);
        peer.receive(expected.saturating_sub(came));
        peer.half_close();
        peer.receive_all(expected);
        Ok(())
    });
    form.rule(wire::in_turn(1, [(length, first)], "the second frame")).bytes(1, Way::ToClient, "the answer", all).hint(
        "bytes",
        "a client that has sent a part of a frame may be slow: wait for the rest as long as the wire says",
    )
}

/// Another client after those that were there, unless one of them still waits.
pub(crate) fn next(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.record(|record| record.hung(CLIENT)).is_some() {
        return Ok(());
    }
    let client = stage.client(&["ok"])?;
    stage.ends(client)
}

/// A peer that the lab plays; none when the server takes no connection any more, which the rules tell.
pub(crate) fn peer(stage: &mut Stage) -> Option<Attacker> {
    stage.attacker().ok()
}

/// Whether the server has left this peer waiting, beyond all patience.
pub(crate) fn fell_silent(stage: &Stage, peer: &Attacker) -> bool {
    stage.record(|record| record.on(peer.connection()).any(|event| matches!(event.what, What::Silent { .. })))
}

/// This client gets back what it sends: the one of [`next`] is number 2 where there was a client before.
pub(crate) fn served_next(form: Form, client: Who) -> Form {
    form.rule(Rule::new("bytes", "the next client gets its answer", move |record| {
        let mut connections = 1..=record.connections();
        let Some(connection) = connections.find(|connection| record.caller(*connection) == client) else {
            return Seen::Unknown("there was no next client".to_string());
        };
        let [sent, got] = [Way::ToServer, Way::ToClient].map(|way| record.bytes(connection, way));
        let seen = format!("the next client sends {}, and {} comes back", wire::quoted(&sent), wire::quoted(&got));
        Seen::kept_if(got == sent && !sent.is_empty(), seen)
    }))
}

/// The first client, which does without a relay, prints `hello`, which it has sent.
pub(crate) fn prints_hello() -> Rule {
    Rule::new("bytes", "the next client gets its answer", |record| {
        let lines = record.lines(CLIENT);
        let printed = wire::quoted(lines.concat().as_bytes());
        Seen::kept_if(lines == ["hello"], format!("the next client sends a frame with \"hello\" and prints {printed}"))
    })
}

/// A client prints these results, a line each.
pub(crate) fn prints_results<'a>(results: impl IntoIterator<Item = &'a str>) -> Rule {
    let mut rule = wire::prints(CLIENT, results);
    rule.requires = "the client prints each result".to_string();
    rule
}

/// What peers that the lab plays do, and then a client that has to be served.
pub(crate) fn then_served(name: &str, play: impl Fn(&mut Stage) -> anyhow::Result<()> + Send + Sync + 'static) -> Form {
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        play(stage)?;
        stage.relay([])?;
        stage.client(&["ok"])?;
        stage.ends(CLIENT)
    });
    served_next(form, CLIENT)
}

/// Clients that come off badly are right here: their frame was refused, or they have cut it off themselves.
pub(crate) fn clients_may_fail(form: Form, clients: usize) -> Form {
    (1..=clients).fold(form, |form, number| form.allow(Allowed::Fails(Who { role: Role::Client, number })))
}

/// The rules of frames that come back.
pub(crate) fn rules(form: Form, texts: &[&str]) -> Form {
    let frames: Vec<Vec<u8>> = texts.iter().map(|text| frame(text.as_bytes())).collect();
    let turns: Vec<(usize, usize)> = frames
        .iter()
        .scan(0, |end, frame| {
            let before = *end;
            *end += frame.len();
            Some((*end, before))
        })
        .collect();
    form.rule(wire::in_turn(1, turns, "the frame").hint(SHORT_READ)).bytes(
        1,
        Way::ToClient,
        "the answer",
        frames.concat(),
    )
}

/// A peer that the lab plays sends a frame, which is answered, and then each of these beginnings of another one, on a
/// connection each, and keeps its own side open: the server has to close; `each` is called then, with the memory of the
/// server before the first. Then another client.
pub(crate) fn refused(
    name: &str,
    beginnings: &'static [&'static [u8]],
    length: fn(&[u8]) -> String,
    each: fn(&mut Stage, &str, Option<lab::kernel::Memory>),
) -> Form {
    let form = Form::new(name, move |stage: &mut Stage| {
        let server = stage.server()?;
        stage.settle()?;
        let before = stage.memory(server);
        for beginning in beginnings {
            let Some(mut peer) = peer(stage) else { break };
            peer.send(&frame(b"hello"));
            peer.receive(frame(b"hello").len());
            peer.send(beginning);
            peer.receive_all(MOST_OF_A_REFUSAL);
            each(stage, &length(beginning), before);
            if fell_silent(stage, &peer) {
                break;
            }
        }
        stage.relay([])?;
        stage.client(&["ok"])?;
        stage.ends(CLIENT)
    });
    let rule = Rule::new("refused", "a length that is too long ends the connection", move |record| {
        for (connection, beginning) in (1..).zip(beginnings) {
            if record.on(connection).any(|event| matches!(event.what, What::Silent { .. })) {
                let length = length(beginning);
                return Seen::Violated(format!("after {length} the server neither answers nor closes the connection"));
            }
        }
        Seen::Kept
    })
    .hint("compare the length with a maximum before anything else, and close the connection when it is larger");
    let answers = Rule::new("bytes", "nothing comes back for it", move |record| {
        for (connection, beginning) in (1..).zip(beginnings).take(record.connections().saturating_sub(1)) {
            let got = record.bytes(connection, Way::ToClient);
            match got.strip_prefix(&frame(b"hello")[..]) {
                None => return Seen::Violated(format!("for a frame of 5 bytes came {}", wire::quoted(&got))),
                Some([]) => {}
                Some(more) => {
                    let (length, more) = (length(beginning), wire::quoted(more));
                    return Seen::Violated(format!("for {length} came {more}"));
                }
            }
        }
        Seen::Kept
    });
    served_next(form.rule(answers).rule(rule), CLIENT)
}

/// More than that of an answer to a frame that is refused need not be seen, bytes.
const MOST_OF_A_REFUSAL: usize = 4096;
