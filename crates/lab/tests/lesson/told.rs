//! What a stranger is told: a small lesson of its own, which `REHEARSAL_LESSON` chooses, with the name of a real one.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use lab::{At, Check, Experiment, Finding, Finished, Form, Lesson, Need, Role, Script, Side, Step, Way, wire};

use crate::{BASE, MUTE, NOTHING, listen, talk};

const SMALL: Lesson = Lesson {
    name: "lesson-05-framing",
    about: "Plays for what a stranger is told",
    address: "127.0.0.1:9876",
    finished: Finished { serve: NOTHING, connect: NOTHING },
    tools: &[],
    experiments: &[],
};

/// Every experiment takes a server alone, but one that takes nothing.
pub(crate) static SERVERS: Lesson =
    Lesson { experiments: &[&WHOLE, &NOT_OURS, &TALKER, &UNSHOWABLE, &TOLD_LAST], ..SMALL };

/// One of them takes either side.
pub(crate) static EITHER: Lesson = Lesson { experiments: &[&WHOLE, &MUTE], ..SMALL };

const WIRE: &[&str] = &[
    "-> a text without an end, all of it in one stream",
    "<- the same text, not before the client has ended its stream",
];

fn forms(_: Role) -> Vec<Form> {
    let cut = |name: &str, text: &str, at| {
        Form::relayed(name, [Script::to_server([Step::Send(At::Byte(at)), Step::Settle])], &[text])
            .rule(
                wire::not_before(1, text.len(), "the text")
                    .hint("one read gives what has come by then: read to the end"),
            )
            .bytes(1, Way::ToClient, "the answer", text.as_bytes())
    };
    vec![
        cut("the text cut after 2 bytes", "hello", 2),
        cut("a long text cut in the middle", &"x".repeat(20_000), 10_000),
    ]
}

static WHOLE: Experiment = IN_TWO_PIECES;

/// The last of the lesson that takes a server, with the wire of the first.
static TOLD_LAST: Experiment = Experiment { name: "told-last", question: "And now?", ..IN_TWO_PIECES };

/// A text that comes in two pieces, and the answer to it only when it is whole.
const IN_TWO_PIECES: Experiment = Experiment {
    name: "whole",
    question: "Has all of it come?",
    server: Side::Twins { broken: answer_each_read, fixed: answer_the_whole },
    client: Side::Peer(talk),
    check: Check::Side(Role::Server),
    wire: WIRE,
    forms,
    play: |stage| {
        stage.server()?;
        stage.relay([Script::to_server([Step::Send(At::Byte(2)), Step::Settle])])?;
        stage.client(&["hello"])?;
        stage.ends(lab::CLIENT)
    },
    judge: |record| match record.turns(1) {
        2 => Finding::Held("the answer came when all of it had".to_string()),
        turns => Finding::Broke(format!("the direction changed {turns} times")),
    },
    ..BASE
};

fn answer_each_read(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        io::copy(&mut stream.try_clone()?, &mut stream)?;
    }
}

fn answer_the_whole(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        let text = io::read_to_string((&stream).take(1 << 20))?;
        stream.write_all(text.as_bytes())?;
        stream.shutdown(Shutdown::Write)?;
    }
}

/// A server that says much before it fails.
static TALKER: Experiment = Experiment {
    name: "talker",
    question: "What did it say last?",
    server: Side::Peer(|addr| {
        let listener = listen(addr)?;
        (1..=30).for_each(|number| println!("debug {number}"));
        (1..=30).for_each(|number| eprintln!("frame {number}"));
        let _client = listener.accept()?;
        Err(io::Error::other("this was its last word"))
    }),
    client: Side::Peer(talk),
    check: Check::Side(Role::Server),
    forms: |_| {
        let form = Form::relayed("as it is", [], &["hello"]).bytes(1, Way::ToClient, "the answer", *b"hello\n");
        vec![form]
    },
    ..BASE
};

static NOT_OURS: Experiment = Experiment {
    name: "not-ours",
    question: "Whose mistake is it?",
    check: Check::No("the mistake is in the kernel"),
    ..BASE
};

static UNSHOWABLE: Experiment = Experiment {
    name: "unshowable",
    question: "What can be seen here?",
    check: Check::Side(Role::Server),
    needs: &[Need::Program("no-such-program")],
    ..BASE
};
