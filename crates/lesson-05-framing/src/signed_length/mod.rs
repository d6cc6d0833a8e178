//! `signed-length`: two headers whose highest bit is set. Each meets a server of its own, because it may be its last.

use lab::{CLIENT, Cast, Check, Exit, Experiment, Finding, Form, Misread, Record, Role, SERVER, Side, Stage, Way, Who};

use crate::finished::{self, Reply};
use crate::misread::{READER, Reader};
use crate::split_header::forms::{ECHO, any_bytes, pieces, prints_hello, refused};
use crate::split_header::peer;

mod broken;
mod fixed;

/// 2^31 and 2^32 - 1 in network byte order.
const HEADERS: [[u8; 4]; 2] = [[0x80, 0, 0, 0], [0xff; 4]];
const SECOND: Who = Who { role: Role::Server, number: 2 };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "signed-length",
    question: "Can a length be negative?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    misread: Some(Misread::by_server("the length is a signed number", |pieces| {
        Reader { length: |bytes| i32::from_be_bytes(bytes).into(), ..READER }.names(pieces)
    })),
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    ECHO[0],
    ECHO[1],
    "a longer length: the server closes the connection at once and sends nothing for that frame",
    ECHO[2],
    ECHO[3],
];

/// Beginnings of frames that are too long, the first of them to everybody.
const TOO_LONG: &[&[u8]] =
    &[b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\x80\0\0\x05hello", b"\xff\xff\xff\xff", b"\xff\xff\xff\xfbhello"];

fn forms() -> Vec<Form> {
    let chapter = Form::new("lengths of 2147483648 and 4294967295, then the end of the stream", play)
        .bytes(1, Way::ToClient, "the answer to a length of 2147483648", b"")
        .bytes(2, Way::ToClient, "the answer to a length of 4294967295", b"")
        .rule(prints_hello());
    let long = "x".repeat(20_000);
    vec![
        chapter,
        refused(
            "lengths that are too long, and a peer that waits",
            TOO_LONG,
            |beginning| {
                let length = beginning.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
                format!("a length of {length}")
            },
            |_, _, _| (),
        ),
        pieces("frames that are not too long", &[b"a", long.as_bytes(), b""], &[]),
        any_bytes(),
    ]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    for header in HEADERS {
        stage.server()?;
        let mut attacker = stage.attacker()?;
        attacker.send(&header);
        attacker.half_close();
        attacker.receive_all(64);
        stage.settle()?;
    }
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let servers = [SERVER, SECOND];
    let dead = servers.into_iter().filter(|server| record.exit(*server).is_some()).count();
    let overflow = servers.into_iter().all(|server| record.complaints(server).contains(&"capacity overflow"));
    let answered = [1, 2].into_iter().any(|connection| !record.bytes(connection, Way::ToClient).is_empty());
    let served = record.exit(CLIENT) == Some(Exit::Status(0));
    match (record.cast, dead) {
        (_, 0) if !answered && served => Finding::Held(
            "2147483648 and 4294967295 were refused as too long, and the next client was served".to_string(),
        ),
        (Cast::Broken, 2) if overflow => Finding::Broke(
            "read as -2147483648 and -1, both lengths passed the maximum, and the server died of asking for so much memory"
                .to_string(),
        ),
        _ if !served => Finding::Other("the next client was not served".to_string()),
        _ => Finding::Other(format!("{dead} of 2 servers ended")),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let refused = |connection, length| match finished::replies(record, connection).as_deref() {
        Some([Reply::Failed(why)]) => why.contains(length),
        _ => false,
    };
    let alive = [SERVER, SECOND].into_iter().all(|server| record.exit(server).is_none());
    if alive && refused(1, "2147483648") && refused(2, "4294967295") && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "both lengths were refused as too long, with their numbers, and the next client was served".to_string(),
        )
    } else {
        Finding::Other("the lengths were not refused, or the next client was not served".to_string())
    }
}
