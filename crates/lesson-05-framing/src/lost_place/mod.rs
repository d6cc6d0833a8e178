//! `lost-place`: a frame that is too long carries another frame in its payload.

use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Rehearsal, Role, Rule, Script, Seen, Side,
    Stage, Way, wire,
};

use crate::finished::{self, Reply};
use crate::misread::{READER, Reader};
use crate::split_header::forms::{self, ECHO, clients_may_fail, frame, pieces};
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;

/// 26 bytes, ten more than the servers accept: four times four letters, each read as a length that is too long as well,
/// and a frame.
const TEXT: &str = "please read this\0\0\0\x06delete";
const INNER: &[u8] = b"\0\0\0\x06delete";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-place",
    question: "What comes after a frame that is refused?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    misread: Some(Misread::by_server("after a frame that was refused the next one begins", |pieces| {
        Reader { maximum: 16, too_long: Some("refused"), ..READER }.names(pieces)
    })),
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> frames: 4 bytes length, big-endian, then the payload, 0 to 16 bytes of any kind; in any pieces, several at once",
    ECHO[1],
    "a longer length, up to 20000: the server closes, or reads over exactly so many bytes; nothing comes back for it",
    ECHO[2],
    ECHO[3],
];

/// The same at other places of the payload, where a program that begins to read again after 4, 16 or so bytes finds it.
fn forms() -> Vec<Form> {
    let chapter = Form::relayed("a frame of 26 bytes with a frame inside", [Script::open()], &[TEXT])
        .rule(refused(1, b"", b""))
        .allow(Allowed::Hangs(CLIENT));
    let units: [&[u8]; 2] = [INNER, b"\0\0\0\x07deletes"];
    let full = units.concat().into_iter().cycle().take(19_999).collect::<Vec<_>>();
    vec![
        clients_may_fail(chapter, 1),
        at_once(),
        refused_in_pieces("the frame inside comes later", frame(TEXT.as_bytes()), 20),
        refused_in_pieces("20000 bytes full of frames", frame(&[b"x", &full[..]].concat()), 4),
        refused_in_pieces("one byte too long", frame(b"x\0\0\0\x06deletexxxxxx"), 4),
        pieces("frames that are not too long", &[b"a", b"sixteen bytes ok", b"", b"ok"], &[]),
        pieces("payloads of any bytes", &[b" \xff\xfe\x80 \r\n", b"\0\0\0\x01", b"\n"], &[]),
    ]
}

/// A frame that is answered, `long` in two pieces, and a frame behind it, which may be answered: from a peer that the
/// lab plays. Then another client.
fn refused_in_pieces(name: &str, long: Vec<u8>, cut: usize) -> Form {
    let form = forms::then_served(name, move |stage: &mut Stage| {
        let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
        peer.send(&frame(b"before"));
        peer.receive(frame(b"before").len());
        peer.send(&long[..cut]);
        peer.taken();
        peer.send(&[&long[cut..], &frame(b"behind")].concat());
        peer.half_close();
        peer.receive_all(64 * 1024);
        Ok(())
    });
    form.rule(refused(1, b"before", b"behind"))
}

/// All of it is in the server's buffer when it reads the length, and the stream ends there.
fn at_once() -> Form {
    let form = forms::then_served("a frame with a frame inside, and the end of the stream", |stage: &mut Stage| {
        let Some(mut peer) = forms::peer(stage) else { return Ok(()) };
        peer.send(&frame(TEXT.as_bytes()));
        peer.half_close();
        peer.receive_all(64 * 1024);
        Ok(())
    });
    form.rule(refused(1, b"", b""))
}

/// On this connection the frame before comes back, nothing of the one that is too long, and the one behind it or not.
fn refused(connection: usize, before: &'static [u8], behind: &'static [u8]) -> Rule {
    Rule::new("bytes", "nothing comes back for a frame that is too long", move |record| {
        let got = record.bytes(connection, Way::ToClient);
        let before = if before.is_empty() { Vec::new() } else { frame(before) };
        let Some(rest) = got.strip_prefix(&before[..]) else {
            return Seen::Violated(format!("for the frame before it came {}", wire::quoted(&got)));
        };
        let served = !behind.is_empty() && rest == frame(behind);
        Seen::kept_if(rest.is_empty() || served, format!("after a frame that is too long came {}", wire::quoted(rest)))
    })
    .hint("what follows a length that is refused is payload: close, or read over exactly so many bytes")
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&[TEXT])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let closed = record.fin(1, Way::ToClient) || record.reset(1, Way::ToClient);
    if answer.starts_with(INNER) {
        Finding::Broke(
            "the payload of the refused frame was read as headers, and a frame inside it was answered: \"delete\""
                .to_string(),
        )
    } else if answer.get(4..) == Some(TEXT.as_bytes()) {
        Finding::Other("the frame of 26 bytes was accepted: the longest one here has a payload of 16".to_string())
    } else if !answer.is_empty() {
        Finding::Other(format!("{} bytes came back for a frame that is too long", answer.len()))
    } else if !closed || record.hung(CLIENT).is_some() {
        Finding::Other(
            "the frame was not answered and the connection stayed open: the client waits forever".to_string(),
        )
    } else {
        Finding::Held("the frame was refused and the connection closed: nothing in its payload was read".to_string())
    }
}

/// Its client refuses to send a request that is too long, so somebody else does.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut attacker = stage.attacker()?;
    let inner = "\0\0\0\x25{\"id\":\"inner\",\"command\":[\"echo\",\"x\"]}";
    attacker.send(&[b"\0\x01\0\x01", inner.as_bytes()].concat());
    attacker.half_close();
    attacker.receive_all(4096);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let refused =
        matches!(finished::replies(record, 1).as_deref(), Some([Reply::Failed(why)]) if why.contains("65537"));
    if refused && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "the frame was refused, the request inside it was not read, and the next client was served".to_string(),
        )
    } else {
        Finding::Other(
            "the refused frame was not the end of its connection, or the next client was not served".to_string(),
        )
    }
}
