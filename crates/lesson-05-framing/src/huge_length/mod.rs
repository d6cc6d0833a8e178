//! `huge-length`: two peers announce far more than they send; one of them does not even know that it announces
//! anything.

use lab::kernel::Memory;
use lab::{CLIENT, Check, Exit, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Way};

use crate::finished;
use crate::split_header::forms::{ECHO, any_bytes, pieces, prints_hello, refused};
use crate::split_header::peer;

mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) before read_to_end is the limit")]
mod fixed;

/// A frame of 16 MiB, of which 3 bytes are sent. Every server that takes frames of this size has to believe it.
const LONG: &[u8] = b"\x01\0\0\0abc";
/// To a server of frames its first four bytes are the number 1195725856.
const WEB: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

const MIB: u64 = 1024 * 1024;
const LITTLE: &str = "less than 1 MiB";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "huge-length",
    question: "How much memory does a server ask for because of four bytes?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("the memory of a process is read from /proc")],
    play,
    judge,
    dissect: lab::dissect_frames,
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo hello"], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 5] = [
    "-> frames: 4 bytes length, big-endian, then the payload; your server chooses a maximum from 64 KiB to 16 MiB",
    ECHO[1],
    "a longer length: the server closes the connection at once and sends nothing for that frame",
    ECHO[2],
    ECHO[3],
];

/// A length of more than 16 MiB, that of a web browser, and the longest.
const TOO_LONG: &[&[u8]] = &[b"\x01\0\0\x01abc", WEB, b"\xff\xff\xff\xff"];

fn forms() -> Vec<Form> {
    let chapter = Form::new("16 MiB announced, then a web browser; each ends its stream", play)
        .rule(memory())
        .bytes(1, Way::ToClient, "the answer to 3 bytes of 16 MiB", b"")
        .bytes(2, Way::ToClient, "the answer to a web browser", b"")
        .rule(prints_hello());
    let length = |beginning: &[u8]| {
        let length = beginning.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
        format!("a length of {length}")
    };
    let long = "x".repeat(65_536);
    vec![
        chapter,
        refused("lengths that are too long, and a peer that waits", TOO_LONG, length, tell_memory).rule(memory()),
        pieces("frames that are not too long", &[b"a", long.as_bytes(), b""], &[]),
        any_bytes(),
    ]
}

/// No announcement makes the server ask for so much more than the first one did, which is of 16 MiB or one byte more.
/// What a connection takes anyway, a thread or a process of its own, is in the first as well.
fn memory() -> Rule {
    Rule::new("memory", "no memory is asked for because of an announcement", |record| {
        let facts = record.kernel();
        let Some(first) = facts.first() else {
            return Seen::Unknown("the kernel does not tell how much memory your server has".to_string());
        };
        let much =
            |fact: &&&str| asked(fact) >= asked(first) + MOST_ASKED || touched(fact) >= touched(first) + MOST_TOUCHED;
        match facts.iter().find(much) {
            Some(fact) => Seen::Violated((*fact).to_string()),
            None => Seen::Kept,
        }
    })
    .hint("compare the length with a maximum before you ask for memory, or let the buffer grow with what comes")
}

/// MiB of address space.
const MOST_ASKED: u64 = 1000;
/// MiB of memory.
const MOST_TOUCHED: u64 = 256;

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let server = stage.server()?;
    stage.settle()?;
    let before = stage.memory(server);
    for (cause, bytes) in [("16 MiB were announced", LONG), ("\"GET \" was read as a length", WEB)] {
        let mut attacker = stage.attacker()?;
        attacker.send(bytes);
        attacker.half_close();
        attacker.receive_all(64);
        stage.settle()?;
        tell_memory(stage, cause, before);
    }
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

/// What the server asked for and touched since `before`.
fn tell_memory(stage: &mut Stage, cause: &str, before: Option<Memory>) {
    if let (Some(before), Some(now)) = (before, stage.memory(SERVER)) {
        let asked = amount(now.requested.saturating_sub(before.requested));
        let used = amount(now.resident.saturating_sub(before.resident));
        stage.fact(SERVER, format!("{cause}: the server asked for {asked} and touched {used}"));
    }
}

fn amount(bytes: u64) -> String {
    if bytes < MIB { LITTLE.to_string() } else { format!("{} MiB", bytes / MIB) }
}

/// The MiB that a fact says were asked for; 0 for less than one.
fn asked(fact: &str) -> u64 {
    number_after(fact, "asked for ")
}

/// The MiB that a fact says were touched.
fn touched(fact: &str) -> u64 {
    number_after(fact, "touched ")
}

fn number_after(fact: &str, words: &str) -> u64 {
    let amount = fact.split_once(words).and_then(|(_, rest)| rest.split_once(' '));
    amount.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

fn judge(record: &Record) -> Finding {
    let facts: Vec<u64> = record.kernel().into_iter().map(asked).collect();
    let served = record.exit(CLIENT) == Some(Exit::Status(0));
    if record.exit(SERVER).is_some() {
        return Finding::Broke("the server died when it asked for all the memory that was announced".to_string());
    }
    match facts[..] {
        [_, all] if all >= 1140 => Finding::Broke(
            "four bytes of text, read as the length 1195725856, made the server ask for 1140 MiB".to_string(),
        ),
        [_, _] if !served => Finding::Other("the next client was not served".to_string()),
        [0, _] => Finding::Held(
            "no memory was asked for because of an announcement, and the next client was served".to_string(),
        ),
        _ => Finding::Other("the server asked for far more memory than it was sent bytes".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let facts: Vec<u64> = record.kernel().into_iter().map(asked).collect();
    if facts == [0, 0] && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "both lengths were refused before any memory was asked for, and the next client was served".to_string(),
        )
    } else {
        Finding::Other("the server asked for memory, or the next client was not served".to_string())
    }
}
