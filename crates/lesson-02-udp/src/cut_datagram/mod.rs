//! `cut-datagram`: a datagram of 1100 bytes comes to a receive with room for 1024.

use lab::{CLIENT, Check, Experiment, Fates, Finding, Form, Misread, Need, Record, Role, Side, Span, Stage, Way};

use crate::{finished, rules};

mod broken;
mod fixed;
pub(crate) mod peer;

/// The room of the broken server, bytes.
const ROOM: usize = 1024;
/// Dots, and a word at the end that shows whether the end is there.
const LONG: [u8; 1100] = {
    let mut bytes = [b'.'; 1100];
    [bytes[1097], bytes[1098], bytes[1099]] = *b"end";
    bytes
};
const INPUT: &[&str] = &[
    match std::str::from_utf8(&LONG) {
        Ok(line) => line,
        Err(_) => "",
    },
    "egg",
];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "cut-datagram",
    question: "How much room does a receive need?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Unix("on Windows a receive with too little room is an error (10040), so nothing is lost unnoticed")],
    play,
    judge,
    dissect: lab::dissect_text,
    misread: Some(Misread {
        reader: Role::Server,
        belief: "1024 bytes are room enough",
        meant: Some(|datagrams| datagrams.iter().map(|datagram| text(datagram.len())).collect()),
        names: |datagrams| datagrams.iter().flat_map(|datagram| cut(datagram.len())).collect(),
    }),
    wire: rules::ECHO,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge_finished)),
    ..lab::EXPERIMENT
};

fn text(length: usize) -> Span {
    Span { length, name: "text".to_string() }
}

/// A datagram that is longer than the room for it.
fn cut(length: usize) -> Vec<Span> {
    match length.checked_sub(ROOM) {
        None | Some(0) => vec![text(length)],
        Some(rest) => vec![text(ROOM), Span { length: rest, name: "thrown away".to_string() }],
    }
}

/// The lengths of some lines: below and above the usual sizes of buffers, each after a shorter one.
const LENGTHS: &[usize] = &[3, 2049, 5, 4097, 7, 8193, 9, 20_000, 11, rules::LARGEST, 1];

fn forms() -> Vec<Form> {
    let hint = "a receive gives one datagram and throws away what does not fit into the buffer: make room for the largest, \
                65,535 bytes";
    let lines: Vec<String> = LENGTHS.iter().map(|length| numbers(*length)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    vec![
        rules::echoed("a line of 1100 bytes, then a short one", &[INPUT], hint),
        rules::echoed("longer and longer lines, short ones between them, then a fresh client", &[&lines, INPUT], hint),
    ]
}

/// A line of this length of which no part is like another.
fn numbers(length: usize) -> String {
    let mut line: String = (0..length).map(|number| format!("{number}.")).take(length).collect();
    line.truncate(length);
    line
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    match answers.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] {
        [] => Finding::Other("nothing came back: each datagram is to be sent back as it came".to_string()),
        [long, b"egg"] if long == LONG => {
            Finding::Held("a datagram of 1100 bytes was received whole, and so was the next".to_string())
        }
        [long, b"egg"] if long == &LONG[..1024] => Finding::Broke(
            "of 1100 bytes 1024 were received, the other 76 are gone, and the next receive gave the next datagram"
                .to_string(),
        ),
        [long, ..] if long != LONG => Finding::Other(format!("of a datagram of 1100 bytes {} came back", long.len())),
        _ => Finding::Other("the second datagram did not come back as it was sent".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, INPUT);
    finished::finding(whole, "a line of 1100 bytes was received whole and came back behind its time stamp")
}
