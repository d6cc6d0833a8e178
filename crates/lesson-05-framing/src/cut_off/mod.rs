//! `cut-off`: eight clients, one after the other, send the same frame of 7 bytes; the stream of each ends at another
//! byte, from before the first to behind the last.

use lab::{
    At, CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Stage, Step, Way, wire,
};

use crate::finished::{self, Reply};
use crate::split_header::forms::{
    self, ECHO, any_bytes, clients_may_fail, fell_silent, frame, longest, pieces, then_served,
};
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "take(length) is the limit; that it ends early is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) is the limit")]
mod fixed;

const FRAME: &[u8] = b"\0\0\0\x03hey";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "cut-off",
    question: "Was that the end, or was it cut off?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    ECHO[0],
    ECHO[1],
    "a client may end its stream, or reset the connection, inside a frame: that frame is not answered",
    "the server ends its stream when the client has ended its own, and serves the next client",
    ECHO[2],
];

fn forms() -> Vec<Form> {
    let long = frame("x".repeat(20_000).as_bytes());
    let cuts = (0..FRAME.len()).map(|cut| Cut { connection: cut + 1, before: b"", cut, length: FRAME.len() });
    let chapter = Form::new("eight clients: the stream of each ends after another byte of a frame", play)
        .rule(not_answered(cuts.collect()))
        .rule(the_whole_one());
    let reset = |stage: &mut Stage| {
        let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
        peer.send(&FRAME[..5]);
        peer.taken();
        peer.reset();
        Ok(())
    };
    vec![
        clients_may_fail(chapter, FRAME.len()),
        cut_after("a whole frame, then a cut inside the second", FRAME, FRAME.to_vec(), [1, 3, 4, 6]),
        cut_after("a cut inside a long frame", b"", long, [4, 5, 8_200, 20_003]),
        then_served("a reset inside a frame", reset),
        pieces("frames that are not cut off", &[b"one", b"", b"three"], &[]),
        longest(),
        any_bytes(),
    ]
}

/// Peers that the lab plays send `before`, which is answered, and so many bytes of `last`; then each ends its stream.
fn cut_after(name: &str, before: &'static [u8], last: Vec<u8>, cuts: [usize; 4]) -> Form {
    let length = last.len();
    let play = move |stage: &mut Stage| {
        for cut in cuts {
            let Some(mut peer) = forms::peer(stage) else { break };
            peer.send(&[before, &last[..cut]].concat());
            peer.receive(before.len());
            peer.half_close();
            peer.receive_all(before.len() + length);
            if fell_silent(stage, &peer) {
                break;
            }
        }
        Ok(())
    };
    let cuts = (1..).zip(cuts).map(|(connection, cut)| Cut { connection, before, cut, length });
    let cuts: Vec<Cut> = cuts.collect();
    then_served(name, play).rule(whole_before(cuts.clone())).rule(not_answered(cuts))
}

/// A cut: on this connection `before` was sent, and `cut` of the `length` bytes of a frame.
#[derive(Clone, Copy)]
struct Cut {
    connection: usize,
    before: &'static [u8],
    cut: usize,
    length: usize,
}

/// What came back for the frame that was cut off; `None` if not even all of what was sent before it came back.
fn answer(record: &Record, cut: &Cut) -> Option<Vec<u8>> {
    Some(record.bytes(cut.connection, Way::ToClient).strip_prefix(cut.before)?.to_vec())
}

fn not_answered(cuts: Vec<Cut>) -> Rule {
    Rule::new("cut-not-answered", "no frame that is cut off is answered", move |record| {
        let answered = |it: &&Cut| answer(record, it).is_some_and(|answer| !answer.is_empty());
        match cuts.iter().find(answered) {
            Some(it) => {
                let (cut, length) = (it.cut, it.length);
                let answer = wire::quoted(&answer(record, it).unwrap_or_default());
                Seen::Violated(format!(
                    "a stream ended after {cut} of the {length} bytes of a frame, and {answer} came back for it"
                ))
            }
            None if record.connections() < cuts.len() => {
                Seen::Unknown("the play broke off before all cuts were made".to_string())
            }
            None => Seen::Kept,
        }
    })
    .hint("a read that gives less than the frame needs has met the end of the stream: close, and answer nothing")
}

fn whole_before(cuts: Vec<Cut>) -> Rule {
    Rule::new("bytes", "the whole frame before the cut comes back", move |record| {
        let mut made = cuts.iter().filter(|cut| cut.connection <= record.connections());
        match made.find(|cut| answer(record, cut).is_none()) {
            Some(cut) => {
                let came = wire::quoted(&record.bytes(cut.connection, Way::ToClient));
                Seen::Violated(format!("for the whole frame before the one that is cut off came {came}"))
            }
            None => Seen::Kept,
        }
    })
}

fn the_whole_one() -> Rule {
    let connection = FRAME.len() + 1;
    Rule::new("bytes", "the whole frame comes back", move |record| {
        if record.connections() < connection {
            return Seen::Unknown("the play broke off before the whole frame was sent".to_string());
        }
        let got = record.bytes(connection, Way::ToClient);
        Seen::kept_if(got == FRAME, format!("for the whole frame came {}", wire::quoted(&got)))
    })
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let cut = |at| Script::to_server([Step::Hold(At::Byte(FRAME.len())), Step::Send(At::Byte(at)), Step::Fin]);
    stage.relay((0..=FRAME.len()).map(cut).collect::<Vec<_>>())?;
    for _ in 0..=FRAME.len() {
        let client = stage.client(&["hey"])?;
        stage.ends(client)?;
        if stage.record(|record| record.hung(client).or(record.hung(SERVER))).is_some() {
            break;
        }
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answer = |cut: usize| record.bytes(cut + 1, Way::ToClient);
    let answered: Vec<usize> = (0..FRAME.len()).filter(|cut| !answer(*cut).is_empty()).collect();
    let whole = answer(FRAME.len()) == FRAME;
    // On the wire a refusal looks like an ordinary end: nothing comes back.
    let noticed = record.complaints(SERVER).len();
    let last = record.connections().saturating_sub(1);
    match record.cast {
        Cast::Broken if answered == [4, 5, 6] && whole && noticed == 0 => Finding::Broke(
            "no cut was noticed: frames cut after byte 4, 5 and 6 were answered as if they were whole".to_string(),
        ),
        Cast::Finished if answered.is_empty() && whole => {
            Finding::Held("no cut frame was answered, and the whole one came back".to_string())
        }
        Cast::Fixed if answered.is_empty() && whole && noticed == FRAME.len() - 1 => {
            Finding::Held("all six cuts inside the frame were noticed, and the whole frame came back".to_string())
        }
        _ if record.connections() <= FRAME.len() => {
            Finding::Other(format!("the server does nothing more after the stream that ended after byte {last}"))
        }
        _ if !whole => Finding::Other("the whole frame did not come back".to_string()),
        _ => Finding::Other(format!("{} cut frames were answered and {noticed} cuts noticed", answered.len())),
    }
}

const REQUEST: &[u8] = b"\0\0\0\x23{\"id\":\"cut\",\"command\":[\"echo\",\"x\"]}";
/// Before, in and behind the length, in the payload, and behind the last byte.
const CUTS: [usize; 9] = [0, 1, 2, 3, 4, 5, 20, REQUEST.len() - 1, REQUEST.len()];

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    for cut in CUTS {
        let mut attacker = stage.attacker()?;
        attacker.send(&REQUEST[..cut]);
        if cut == REQUEST.len() {
            // The reply before the end of the stream: behind it the server may send signs of life.
            attacker.receive(4 + 55 + 2);
        }
        attacker.half_close();
        attacker.receive_all(4096);
    }
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let right = |(connection, cut): (usize, usize)| match finished::replies(record, connection).as_deref() {
        Some([]) => cut == 0,
        Some([Reply::Failed(why)]) => (1..REQUEST.len()).contains(&cut) && why.contains("ended inside a frame"),
        Some([Reply::Done(output, _)]) => cut == REQUEST.len() && output == "x\n",
        _ => false,
    };
    if (1..).zip(CUTS).all(right) && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "every cut inside the request was noticed and answered with an error; only the whole one ran".to_string(),
        )
    } else {
        Finding::Other("a cut was not noticed, or the whole request did not run".to_string())
    }
}
