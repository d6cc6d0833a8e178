//! `timeout-retry`: the relay stops in the middle of a header until the server has lost its patience once.

use std::cell::Cell;
use std::time::{Duration, Instant};

use lab::kernel::{Socket, State};
use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Stage, Step, Void, Way, What, wire,
};

use crate::finished::{self, Reply};
use crate::split_header::forms::{self, ECHO, frame, served_next};
use crate::split_header::peer;

mod broken;
#[expect(clippy::disallowed_methods, reason = "a loop over read counts what came before a timeout")]
mod fixed;

const ANSWER: &[u8] = b"\0\0\0\x05hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "timeout-retry",
    question: "May read_exact be called again after a timeout?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--patience", "0.2"],
        ..finished::rehearsal(&["echo hello"], judge_finished)
    }),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    ECHO[0],
    ECHO[1],
    "a client stops inside a frame: after at most 1 s your server has to lose its patience, and then",
    "it prints a line with \"trying again\" (and flushes it) and goes on waiting; or it closes, not before 0.5 s",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// A server of one's own is given so long to lose its patience: more than the wire allows, since it may be slow.
const PAUSE: Duration = Duration::from_millis(2500);

fn forms() -> Vec<Form> {
    // The frame before takes 7 bytes, the header ends at 11.
    vec![
        paused("the client stops after 2 of the 4 bytes of a header", &[9]),
        paused("the client stops after the first byte of a header", &[8]),
        paused("the client stops after 3 bytes of a header", &[10]),
        paused("the client stops inside the payload", &[13]),
        paused("the client stops twice in one frame", &[9, 13]),
        in_pieces(),
    ]
}

/// A server of one's own does not close before, less what the lab may take.
const EARLIEST_END: Duration = Duration::from_millis(400);

/// A peer that the lab plays sends a frame, which is answered, and a second one, and stops at each of these bytes until
/// the server tries again or closes. Then another client.
fn paused(name: &str, stops: &'static [usize]) -> Form {
    let form = Form::new(name, move |stage: &mut Stage| {
        let both = [frame(b"hey"), frame(b"hello")].concat();
        stage.server()?;
        let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
        // The server's time begins later, and its end is seen later than it comes: it is not blamed for what the lab takes.
        let begin = Instant::now();
        peer.send(&frame(b"hey"));
        peer.receive(frame(b"hey").len());
        let (mut sent, mut early) = (frame(b"hey").len(), 0);
        for stop in stops {
            let before = stage.record(tries);
            peer.send(&both[sent..*stop]);
            sent = *stop;
            peer.taken();
            match loses_patience(stage, before) {
                Pause::Closes => {
                    if begin.elapsed() < EARLIEST_END {
                        stage.fact(SERVER, HASTY);
                    }
                    peer.receive_all(both.len());
                    break;
                }
                Pause::Answers(bytes) => {
                    early += peer.receive(bytes).len();
                }
                Pause::Waits => {}
            }
        }
        if stage.record(|record| !record.on(peer.connection()).any(|event| ends(&event.what))) {
            peer.send(&both[sent..]);
            peer.receive(frame(b"hello").len().saturating_sub(early));
            peer.half_close();
            peer.receive_all(both.len());
        }
        drop(peer);
        stage.relay([])?;
        stage.client(&["ok"])?;
        stage.ends(CLIENT)
    });
    served_next(rules(form), CLIENT)
}

/// A second frame in two pieces without a stop: a server that closes because a read gave less than it had asked for has no
/// timeout.
fn in_pieces() -> Form {
    let form = Form::new("a header in two pieces, without a stop", |stage: &mut Stage| {
        let frames = [frame(b"hey"), frame(b"hello")].concat();
        stage.server()?;
        let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
        peer.send(&frames[..7]);
        peer.receive(7);
        let begin = Instant::now();
        peer.send(&frames[7..9]);
        peer.taken();
        peer.send(&frames[9..]);
        if begin.elapsed() > EARLIEST_END {
            return Err(Void("the second piece came too late".to_string()).into());
        }
        peer.receive(9);
        peer.half_close();
        peer.receive_all(frames.len());
        Ok(())
    });
    form.rule(not_early()).rule(comes_back())
}

/// What the server does while the client stops.
#[derive(Clone, Copy)]
enum Pause {
    /// It tries again, or has no timeout.
    Waits,
    /// It ends the connection.
    Closes,
    /// It sends so many bytes.
    Answers(usize),
}

/// Waits until the server says once more than `before` that it tries again, or answers, or closes, or has had time
/// enough.
fn loses_patience(stage: &Stage, before: usize) -> Pause {
    let begin = Instant::now();
    let does = Cell::new(Pause::Waits);
    let port = stage.address().map_or(0, |address| address.port());
    stage.sees(|sockets| {
        // The peer is at the other end of a connection to the server; its kernel has a FIN, or no connection any more.
        let open = |socket: &&Socket| socket.remote.port() == port && socket.state == State::Established;
        does.set(match sockets.iter().find(open) {
            None => Pause::Closes,
            Some(peer) if peer.unread > 0 => Pause::Answers(peer.unread as usize),
            Some(_) => Pause::Waits,
        });
        !matches!(does.get(), Pause::Waits) || stage.record(tries) > before || begin.elapsed() > PAUSE
    });
    does.get()
}

/// How often the server has said that it tries again.
fn tries(record: &Record) -> usize {
    record.lines(SERVER).iter().filter(|line| line.contains(AGAIN)).count()
}

const AGAIN: &str = "trying again";

fn ends(what: &What) -> bool {
    matches!(what, What::Fin { way: Way::ToClient } | What::Rst { way: Way::ToClient })
}

/// What holds for the frames of the first connection, however far they were sent.
fn rules(form: Form) -> Form {
    let patient = Rule::new("patient", "the server does not close before 0.5 s", |record| {
        Seen::kept_if(!record.kernel().contains(&HASTY), "the server closed the connection within 0.4 s")
    });
    form.rule(not_early())
        .rule(comes_back())
        .rule(patient.hint("give a client that stops inside a frame half a second at least"))
        .struck_if(struck)
}

/// On the record when the server has closed before it may.
const HASTY: &str = "the server closed the connection within 0.4 s";

fn not_early() -> Rule {
    Rule::new("not-before", "no answer comes before the frame is whole", |record| {
        let (mut sent, mut came) = (Vec::new(), 0);
        for event in record.on(1) {
            match &event.what {
                What::Bytes { way: Way::ToServer, bytes, .. } => sent.extend_from_slice(bytes),
                What::Bytes { way: Way::ToClient, bytes, total } => {
                    came += total;
                    if came > whole(&sent).len() {
                        let (bytes, rest) = (wire::quoted(bytes), sent.len() - whole(&sent).len());
                        return Seen::Violated(format!("{bytes} came when the server had {rest} bytes of the frame"));
                    }
                }
                _ => {}
            }
        }
        Seen::Kept
    })
}

fn comes_back() -> Rule {
    Rule::new("bytes", "every frame that was sent whole comes back", |record| {
        let (sent, got) = (record.bytes(1, Way::ToServer), record.bytes(1, Way::ToClient));
        let (expected, got) = (whole(&sent), &got[..]);
        let seen = if expected.starts_with(got) {
            format!("of the {} bytes of whole frames {} came back", expected.len(), got.len())
        } else {
            format!("{} came back", wire::quoted(got))
        };
        Seen::kept_if(got == expected, seen)
    })
    .hint("keep the bytes that have come in a buffer that outlives the timeout, and go on behind them")
}

/// The frames that are whole.
fn whole(bytes: &[u8]) -> &[u8] {
    let mut end = 0;
    while let Some(length) = bytes.get(end..).and_then(|rest| rest.first_chunk()) {
        let next = end + 4 + u32::from_be_bytes(*length) as usize;
        if next > bytes.len() {
            break;
        }
        end = next;
    }
    &bytes[..end]
}

/// Each time that the client stopped inside a frame, the server said that it tries again, or it ended the connection.
fn struck(record: &Record) -> Result<(), String> {
    let mut sent = Vec::new();
    let mut lost_patience = true;
    for event in &record.events {
        match &event.what {
            What::Bytes { way: Way::ToServer, bytes, .. } if event.connection == Some(1) => {
                if !lost_patience {
                    return Err(NO_TIMEOUT.to_string());
                }
                sent.extend_from_slice(bytes);
                lost_patience = whole(&sent).len() == sent.len();
            }
            What::Line(_, line) if event.who == SERVER && line.contains(AGAIN) => lost_patience = true,
            what if event.connection == Some(1) && ends(what) => lost_patience = true,
            _ => {}
        }
    }
    Ok(())
}

const NO_TIMEOUT: &str = "a client stopped inside a frame, and your server neither printed \"trying again\" nor closed the \
                          connection: without a timeout of 1 s at most this trap says nothing of it";

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([Step::Send(At::Header(2)), Step::Gate, Step::Said(SERVER, "trying again")])])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the server timed out in the middle of a header, and the frame came back whole".to_string())
    } else if !answer.is_empty() {
        Finding::Other(format!("the answer to the frame has {} bytes instead of {}", answer.len(), ANSWER.len()))
    } else {
        Finding::Broke(
            "the two bytes read before the timeout were lost: the next four, 00 05 \"he\", announced 354405 bytes"
                .to_string(),
        )
    }
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let cut = [Step::Send(At::Header(2)), Step::Said(SERVER, "no request"), Step::Settle];
    stage.relay([Script::to_server(cut)])?;
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let told = match finished::replies(record, 1).as_deref() {
        Some([Reply::Failed(why)]) => why.contains("not whole"),
        _ => false,
    };
    if told && record.exit(CLIENT) == Some(Exit::Status(1)) && record.exit(SERVER).is_none() {
        Finding::Held("the server timed out in the middle of a header, said so and closed the connection".to_string())
    } else {
        Finding::Other("the server did not say that the request was not whole in time".to_string())
    }
}
