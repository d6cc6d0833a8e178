//! A lesson for the lab's own tests: each experiment is a play in which one thing about the stage must be seen.

mod told;

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use lab::clap::{Arg, ArgAction};
use lab::kernel::State;
use lab::{
    Allowed, At, CLIENT, Check, Event, Exit, Experiment, Fate, Fates, Finding, Finished, Form, Hang, Lesson, Need,
    OwnServer, Record, Role, Rule, SERVER, Script, Seen, Side, Source, Span, Stage, Step, Tool, Twins, Utility, Void,
    Way, What, Who, wire,
};

/// Pieces that the gate test sends; `REHEARSAL_PIECES` overrides it.
const PIECES: usize = 500;

static LESSON: Lesson = Lesson {
    name: "rehearsal",
    about: "Plays for the tests of the lab",
    address: "127.0.0.1:9876",
    finished: Finished { serve: NOTHING, connect: NOTHING },
    tools: &[REVERSER, OWNER],
    experiments: &[
        &PIECE_BY_PIECE,
        &SLEEPER,
        &SPINNER,
        &HOARDER,
        &CRASHER,
        &GROUCH,
        &CHATTERBOX,
        &FAMILY,
        &REBUILT,
        &VOID,
        &ONE_VOID,
        &TWO_VOIDS,
        &FICKLE,
        &UNSHOWABLE,
        &PANIC,
        &WAITING,
        &SCRIPTED,
        &MUTE,
        &POSTMAN,
        &LETTERS,
        &STRANGER,
        &STRANGER_WITHOUT_A_RELAY,
        &PING_PONG,
        &KNOCK,
        &TWO_ASK,
        &WHOSE,
        &SHUT_DOOR,
        &COMES_BACK,
        &ALTERED,
        &DRAWN,
        &ROGUE,
        &ROGUE_WITH_DATAGRAMS,
        &DEAF,
        &SILENT,
        &AGAIN,
        &TWO_CUTS,
        &CROWD,
        &SPINNING_SERVER,
        &THREE_PARTIES,
        &OVERFULL,
        &DRIP,
        &LATE_DRIP,
        &INTERRUPTED,
        &SPARE_DESCRIPTORS,
        &SPARE_MEMORY,
        &RESTLESS,
        &POLITE,
        &LO_GOES_DOWN,
        &NEVER_READS,
    ],
};

const NOTHING: Tool = Tool { options: |command| command, run: |_, _| Ok(std::process::ExitCode::SUCCESS) };

/// A command of this lesson alone.
const REVERSER: Utility = Utility {
    name: "backwards",
    about: "Prints its word from the end to the beginning",
    options: |command| command.arg(Arg::new("word").required(true)),
    run: |matches| {
        let word = matches.get_one::<String>("word").map_or("", String::as_str);
        println!("{}", word.chars().rev().collect::<String>());
        Ok(ExitCode::SUCCESS)
    },
};

/// Starts a server of its own, asks it and lets it go; or keeps it until somebody ends this.
const OWNER: Utility = Utility {
    name: "own-server",
    about: "Starts one of the servers and greets it",
    options: |command| {
        let keep = Arg::new("keep").long("keep").action(ArgAction::SetTrue);
        command.arg(keep).arg(Arg::new("server").required(true))
    },
    run: |matches| {
        let name = matches.get_one::<String>("server").map_or("", String::as_str);
        let server = OwnServer::start(&[name, "--addr", "127.0.0.1:0"].map(String::from))?;
        let address = server.address;
        println!("process {}", server.process());
        if matches.get_flag("keep") {
            park()
        }
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"hello")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        println!("answers {}", String::from_utf8_lossy(&answer));
        drop(server);
        let refused = TcpStream::connect(address).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
        println!("{}", if refused { "is gone" } else { "is still there" });
        Ok(ExitCode::SUCCESS)
    },
};

const SOURCE: Twins = Twins {
    broken: Source { beside: file!(), name: "rehearsal.rs", text: "one\ntwo\n" },
    fixed: Source { beside: file!(), name: "rehearsal.rs", text: "one\n2\n" },
};

const BASE: Experiment = Experiment {
    name: "base",
    question: "Does the lab do what it says?",
    twins: SOURCE,
    server: Side::Peer(echo),
    client: Side::Peer(talk),
    check: Check::Either,
    play: one_client,
    judge: |record| match record.exit(CLIENT) {
        Some(exit) if exit.is_success() => Finding::Held("the client ends well".to_string()),
        other => Finding::Other(format!("the client: {other:?}")),
    },
    ..lab::EXPERIMENT
};

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("burn") {
        // Keeps a core busy for the tests that want one busy.
        loop {
            std::hint::spin_loop();
        }
    }
    lab::main(match env::var("REHEARSAL_LESSON").as_deref() {
        Ok("servers") => &told::SERVERS,
        Ok("either") => &told::EITHER,
        _ => &LESSON,
    })
}

/// What a judge says, as a rule.
fn found(judge: fn(&Record) -> Finding) -> Rule {
    Rule::new("found", "what the judge of the twins asks for", move |record| match judge(record) {
        Finding::Held(_) => Seen::Kept,
        Finding::Broke(why) | Finding::Other(why) => Seen::Violated(why),
    })
}

fn one_client(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([Step::Send(At::Byte(5)), Step::Settle])])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    Ok(listener)
}

fn echo(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        io::copy(&mut stream.try_clone()?, &mut stream)?;
    }
}

fn talk(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let mut words = String::new();
    for line in io::stdin().lock().lines() {
        words += &line?;
    }
    stream.write_all(words.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let answer = io::read_to_string(stream.take(1 << 20))?;
    println!("{answer}");
    Ok(())
}

// The gate: every piece is one read at the server, which answers each read with its length.

static PIECE_BY_PIECE: Experiment = Experiment {
    name: "piece-by-piece",
    server: Side::Peer(count_reads),
    client: Side::Peer(send_stream),
    play: |stage| {
        stage.server()?;
        let mut steps = Vec::new();
        for piece in 1..=pieces() {
            steps.push(Step::Send(At::Byte(piece * 3)));
            steps.push(Step::Gate);
        }
        stage.relay([Script::to_server(steps)])?;
        stage.client(&[])?;
        stage.exits(CLIENT)?;
        Ok(())
    },
    forms: |_| {
        vec![Form::new("as it is", PIECE_BY_PIECE.play).allow(Allowed::Ends(SERVER)).rule(found(PIECE_BY_PIECE.judge))]
    },
    judge: |record| {
        let lengths = record.bytes(1, Way::ToClient);
        let joined = lengths.iter().filter(|length| **length != 3).count();
        if lengths.len() == pieces() && joined == 0 {
            Finding::Held("each piece was one read".to_string())
        } else {
            Finding::Other(format!("{} reads for {} pieces, {joined} of another size", lengths.len(), pieces()))
        }
    },
    ..BASE
};

fn pieces() -> usize {
    env::var("REHEARSAL_PIECES").ok().and_then(|number| number.parse().ok()).unwrap_or(PIECES)
}

#[expect(clippy::disallowed_methods, reason = "what one read gives is the question here")]
fn count_reads(addr: SocketAddr) -> io::Result<()> {
    let (mut stream, _) = listen(addr)?.accept()?;
    let mut buffer = [0; 200];
    let mut lengths = Vec::new();
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        lengths.push(length as u8);
    }
    stream.write_all(&lengths)
}

fn send_stream(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(&vec![b'x'; pieces() * 3])?;
    stream.shutdown(std::net::Shutdown::Write)?;
    io::copy(&mut stream, &mut io::sink())?;
    Ok(())
}

// Hanging.

fn hangs(record: &Record, who: Who, wanted: Hang) -> Finding {
    match record.hung(who) {
        Some(hang) if hang == wanted => Finding::Held(format!("{who} {hang}")),
        other => Finding::Other(format!("{other:?}")),
    }
}

static SLEEPER: Experiment = Experiment {
    name: "sleeper",
    server: Side::Peer(say_nothing),
    judge: |record| hangs(record, CLIENT, Hang::Waiting),
    ..BASE
};

fn say_nothing(addr: SocketAddr) -> io::Result<()> {
    let (mut stream, _) = listen(addr)?.accept()?;
    io::copy(&mut stream, &mut io::sink())?;
    park()
}

fn park() -> ! {
    loop {
        thread::park();
    }
}

static SPINNER: Experiment = Experiment {
    name: "spinner",
    server: Side::Peer(|addr| listen(addr)?.accept().map(|_| ())),
    client: Side::Peer(spin),
    judge: |record| hangs(record, CLIENT, Hang::Spinning),
    ..BASE
};

#[expect(clippy::disallowed_methods, reason = "a read at the end of the stream gives 0 for ever")]
fn spin(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    loop {
        if stream.read(&mut [0; 10])? > 0 {
            return Ok(());
        }
    }
}

static HOARDER: Experiment = Experiment {
    name: "hoarder",
    server: Side::Peer(take_nothing),
    client: Side::Peer(|addr| TcpStream::connect(addr)?.write_all(&vec![0; 64 << 20])),
    play: |stage| {
        stage.server()?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    },
    judge: |record| hangs(record, CLIENT, Hang::Stuck),
    ..BASE
};

fn take_nothing(addr: SocketAddr) -> io::Result<()> {
    let (_stream, _) = listen(addr)?.accept()?;
    park()
}

// Ends.

static CRASHER: Experiment = Experiment {
    name: "crasher",
    client: Side::Peer(|_| panic!("as planned")),
    judge: |record| match (record.exit(CLIENT), record.complaints(CLIENT).iter().any(|l| l.contains("as planned"))) {
        (Some(exit), true) => Finding::Held(format!("the client {exit}")),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static GROUCH: Experiment =
    Experiment { name: "grouch", server: Side::Peer(|_| Err(io::Error::other("I do not serve today"))), ..BASE };

static CHATTERBOX: Experiment = Experiment {
    name: "chatterbox",
    client: Side::Peer(|_| {
        for number in 0..100_000 {
            println!("line {number}");
        }
        println!("{}", "long ".repeat(100_000));
        Ok(())
    }),
    judge: |record| match (record.exit(CLIENT), record.lines(CLIENT).len()) {
        (Some(exit), lines) if exit.is_success() && lines < 1000 && record.prints_on(CLIENT) => {
            Finding::Held(format!("{lines} lines are kept"))
        }
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static FAMILY: Experiment = Experiment {
    name: "family",
    client: Side::Peer(|addr| {
        let child = Command::new(env::current_exe()?)
            .args(["serve", "sleeper", "--addr"])
            .arg(addr.ip().to_string() + ":0")
            .spawn()?;
        println!("left a child behind: {}", child.id() > 0);
        Ok(())
    }),
    ..BASE
};

static REBUILT: Experiment = Experiment {
    name: "rebuilt",
    play: |stage| {
        stage.server()?;
        let program = env::var_os("REHEARSAL_COPY").ok_or_else(|| Void("no copy to overwrite".to_string()))?;
        fs::remove_file(&program)?;
        fs::write(&program, "not a program")?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    ..BASE
};

// Verdicts.

static VOID: Experiment = Experiment { name: "void", play: |_| Err(Void("the trap stays open".into()).into()), ..BASE };

static ONE_VOID: Experiment = Experiment { name: "one-void", play: |stage| sometimes(&ONE, stage, 1), ..BASE };
static TWO_VOIDS: Experiment = Experiment { name: "two-voids", play: |stage| sometimes(&TWO, stage, 2), ..BASE };
static ONE: AtomicU32 = AtomicU32::new(0);
static TWO: AtomicU32 = AtomicU32::new(0);

fn sometimes(counter: &AtomicU32, stage: &mut Stage, voids: u32) -> anyhow::Result<()> {
    let time = counter.fetch_add(1, Ordering::Relaxed);
    if time % 50 == 10 && time / 50 < voids { Err(Void("this time not".to_string()).into()) } else { one_client(stage) }
}

static FICKLE: Experiment = Experiment {
    name: "fickle",
    play: |stage| {
        one_client(stage)?;
        static TIME: AtomicU32 = AtomicU32::new(0);
        stage.step(CLIENT, format!("does it for the time {}", TIME.fetch_add(1, Ordering::Relaxed)));
        Ok(())
    },
    ..BASE
};

static UNSHOWABLE: Experiment = Experiment { name: "unshowable", needs: &[Need::Program("no-such-program")], ..BASE };

static PANIC: Experiment = Experiment {
    name: "panic",
    play: |stage| {
        stage.server()?;
        panic!("the play itself fails")
    },
    ..BASE
};

static WAITING: Experiment = Experiment {
    name: "waiting",
    server: Side::Peer(say_nothing),
    play: |stage| {
        stage.server()?;
        stage.client(&["hello"])?;
        println!("on the stage");
        stage.exits(CLIENT)?;
        Ok(())
    },
    ..BASE
};

// The relay does what its script says, and `check` says what was wrong.

static SCRIPTED: Experiment = Experiment {
    name: "scripted",
    play: |stage| {
        stage.server()?;
        let cut = Script::to_server([
            Step::Send(At::Byte(2)),
            Step::Settle,
            Step::Drop(At::Byte(4)),
            Step::Hold(At::StreamEnd),
        ]);
        let ended = Script::to_client([Step::Send(At::Byte(3)), Step::Fin]);
        let reset = Script::to_client([Step::Hold(At::StreamEnd), Step::Rst]);
        stage.relay([cut, ended, reset])?;
        for _ in 0..3 {
            let client = stage.client(&["abcdef"])?;
            stage.ends(client)?;
        }
        Ok(())
    },
    judge: |record| {
        let came = [1, 2, 3].map(|connection| record.bytes(connection, Way::ToClient));
        let exit = record.exit(Who { number: 3, ..CLIENT });
        match (came.each_ref().map(Vec::as_slice), exit) {
            ([b"abef", b"abc", b""], Some(exit)) if !exit.is_success() => {
                Finding::Held("exactly as scripted".to_string())
            }
            other => Finding::Other(format!("{other:?}")),
        }
    },
    ..BASE
};

static MUTE: Experiment = Experiment {
    name: "mute",
    forms: |_| {
        vec![
            Form::relayed(
                "cut after 5 bytes",
                [Script::to_server([Step::Send(At::Byte(5)), Step::Settle])],
                &["hello"],
            )
            .bytes(1, Way::ToClient, "the answer", *b"hello"),
        ]
    },
    judge: |record| {
        if record.bytes(1, Way::ToClient) == b"hello" && record.exit(SERVER).is_none() {
            Finding::Held("the server sent back what it got".to_string())
        } else {
            Finding::Broke("the server did not send back what it got".to_string())
        }
    },
    ..BASE
};

// Datagrams, and the same server twice.

static POSTMAN: Experiment = Experiment {
    name: "postman",
    server: Side::Peer(echo_datagrams),
    client: Side::Peer(send_datagrams),
    play: |stage| {
        stage.datagrams();
        stage.server()?;
        let to_server = vec![Fate::Drop, Fate::Double, Fate::Swap];
        stage.datagram_relay(Fates { to_server, to_client: vec![] })?;
        stage.client(&["a", "b", "c", "d"])?;
        stage.ends(CLIENT)
    },
    judge: |record| match record.lines(CLIENT)[..] {
        ["b", "b", "d", "c"] => Finding::Held("lost, doubled and swapped as dealt".to_string()),
        ref other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

fn echo_datagrams(addr: SocketAddr) -> io::Result<()> {
    echo_into(addr, &mut [0; 2000])
}

fn echo_into(addr: SocketAddr, buffer: &mut [u8]) -> io::Result<()> {
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    loop {
        let (length, client) = socket.recv_from(buffer)?;
        socket.send_to(&buffer[..length], client)?;
    }
}

fn send_datagrams(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(addr)?;
    for line in io::stdin().lock().lines() {
        socket.send(line?.as_bytes())?;
    }
    let mut buffer = [0; 2000];
    for _ in 0..4 {
        let length = socket.recv(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..length]));
    }
    Ok(())
}

// Datagrams one by one: a server that has room for eight bytes cuts the long one.

static LETTERS: Experiment = Experiment {
    name: "letters",
    server: Side::Twins { broken: |addr| echo_into(addr, &mut [0; 8]), fixed: echo_datagrams },
    client: Side::Peer(ask_one_by_one),
    play: |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&["Qshort", "", "Qa longer one"])?;
        stage.ends(CLIENT)
    },
    judge: |record| {
        let same = record.datagrams(1, Way::ToServer) == record.datagrams(1, Way::ToClient);
        if same && record.turns(1) == 6 {
            Finding::Held("every datagram came back whole".to_string())
        } else {
            Finding::Broke("a datagram came back cut".to_string())
        }
    },
    dissect: |_, bytes| {
        let span = |length, name: &str| Span { length, name: name.to_string() };
        if bytes.is_empty() { Vec::new() } else { vec![span(1, "kind"), span(bytes.len() - 1, "words")] }
    },
    forms: |_| {
        let datagrams: [&[u8]; 3] = [b"Qshort", b"", b"Qa longer one"];
        let form =
            Form::new("as it is", LETTERS.play).rule(wire::datagrams(1, Way::ToClient, "the answers", datagrams));
        vec![datagrams.into_iter().fold(form, |form, datagram| form.wanted(1, Way::ToClient, datagram))]
    },
    ..BASE
};

fn ask_one_by_one(addr: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(addr)?;
    for line in io::stdin().lock().lines() {
        socket.send(line?.as_bytes())?;
        let length = socket.recv(&mut [0; 2000])?;
        println!("{length} bytes came back");
    }
    Ok(())
}

// A third party answers a client before the server does, two servers answer each other, and one is just asked.

static STRANGER: Experiment = Experiment {
    name: "stranger",
    server: Side::Peer(echo_datagrams),
    client: Side::Twins { broken: |addr| ask(addr, false), fixed: |addr| ask(addr, true) },
    play: |stage| {
        stage.lockstep();
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates { to_server: vec![], to_client: vec![Fate::Drop] })?;
        stage.client(&["time"])?;
        let lost = |record: &Record| record.events.iter().any(|event| matches!(event.what, What::Lost { .. }));
        stage.wait("the server answers", lost)?;
        stage.datagram_attacker()?.send(CLIENT, b"a lie")?;
        stage.ends(CLIENT)
    },
    judge: believes,
    ..BASE
};

fn believes(record: &Record) -> Finding {
    match record.lines(CLIENT)[..] {
        ["a lie"] => Finding::Broke("the client believes a stranger".to_string()),
        [] if record.hung(CLIENT).is_some() => Finding::Held("the client waits for the server".to_string()),
        ref other => Finding::Other(format!("{other:?}")),
    }
}

static STRANGER_WITHOUT_A_RELAY: Experiment = Experiment {
    name: "stranger-without-a-relay",
    needs: &[Need::SocketTables],
    server: Side::Peer(|addr| {
        let socket = UdpSocket::bind(addr)?;
        println!("listening on {}", socket.local_addr()?);
        let (length, client) = socket.recv_from(&mut [0; 2000])?;
        println!("got {length} bytes from {client}");
        park()
    }),
    client: Side::Peer(|addr| ask(addr, false)),
    play: |stage| {
        stage.lockstep();
        stage.datagrams();
        stage.server()?;
        stage.client(&["time"])?;
        stage.says(SERVER, "got 4 bytes")?;
        stage.datagram_attacker()?.send(CLIENT, b"a lie")?;
        stage.ends(CLIENT)
    },
    judge: believes,
    ..BASE
};

fn ask(addr: SocketAddr, connect: bool) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    if connect {
        socket.connect(addr)?;
    }
    let question = io::read_to_string(io::stdin())?;
    if connect {
        socket.send(question.trim().as_bytes())?
    } else {
        socket.send_to(question.trim().as_bytes(), addr)?
    };
    let mut buffer = [0; 2000];
    let (length, _) = socket.recv_from(&mut buffer)?;
    println!("{}", String::from_utf8_lossy(&buffer[..length]));
    Ok(())
}

static PING_PONG: Experiment = Experiment {
    name: "ping-pong",
    server: Side::Twins {
        broken: echo_datagrams,
        fixed: |addr| {
            let socket = UdpSocket::bind(addr)?;
            println!("listening on {}", socket.local_addr()?);
            loop {
                let mut buffer = [0; 2000];
                let (length, client) = socket.recv_from(&mut buffer)?;
                if buffer[..length].starts_with(b"?") {
                    socket.send_to(b"!", client)?;
                }
            }
        },
    },
    play: |stage| {
        stage.datagrams();
        let one = stage.server()?;
        let other = stage.another_server()?;
        stage.bridge(one, other, 5)?;
        stage.forge(other, one, b"?")?;
        stage.settle()
    },
    judge: |record| {
        let sent = [Way::ToServer, Way::ToClient].map(|way| record.datagrams(1, way).len());
        let stopped = record.events.iter().any(|event| matches!(event.what, What::Stalled { .. }));
        match (sent, stopped) {
            // The forged one, and then five in turn.
            ([3, 3], true) => Finding::Broke("the two answer each other until the lab stops them".to_string()),
            ([1, 1], false) => Finding::Held("an answer is not answered".to_string()),
            other => Finding::Other(format!("{other:?}")),
        }
    },
    ..BASE
};

static KNOCK: Experiment = Experiment {
    name: "knock",
    server: Side::Peer(echo_datagrams),
    play: |stage| {
        stage.datagrams();
        let one = stage.server()?;
        let other = stage.another_server()?;
        let mut attacker = stage.datagram_attacker()?;
        for (server, words) in [(one, "one"), (other, ""), (one, "last")] {
            attacker.send(server, words.as_bytes())?;
            let heard = attacker.receive();
            anyhow::ensure!(heard.as_deref() == Some(words.as_bytes()), "{heard:?}");
        }
        stage.settle()?;
        anyhow::ensure!(attacker.received().is_empty());
        attacker.send(one, b"and")?;
        stage.settle()?;
        anyhow::ensure!(attacker.received() == [b"and"]);
        Ok(())
    },
    judge: |record| match [1, 2].map(|connection| record.datagrams(connection, Way::ToClient).len()) {
        [3, 1] => Finding::Held("every server answers".to_string()),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static TWO_ASK: Experiment = Experiment {
    name: "two-ask",
    server: Side::Peer(echo_datagrams),
    client: Side::Peer(|addr| {
        for line in io::stdin().lock().lines() {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.send_to(line?.as_bytes(), addr)?;
            socket.recv(&mut [0; 10])?;
        }
        Ok(())
    }),
    play: |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        let first = stage.talkative_client()?;
        let second = stage.client(&["from the second"])?;
        stage.ends(second)?;
        stage.type_line(first, "from the first")?;
        stage.type_line(first, "and once more")?;
        stage.end_input(first)?;
        stage.ends(first)
    },
    judge: |record| {
        let asked = |event: &Event| match &event.what {
            What::Datagram { way: Way::ToServer, .. } => Some((event.who.number, event.connection?)),
            _ => None,
        };
        match record.events.iter().filter_map(asked).collect::<Vec<_>>()[..] {
            [(2, 1), (1, 2), (1, 3)] => Finding::Held("each client is known, whatever socket it takes".to_string()),
            ref other => Finding::Other(format!("{other:?}")),
        }
    },
    ..BASE
};

static AGAIN: Experiment = Experiment {
    name: "again",
    play: |stage| {
        let first = stage.server()?;
        let second = stage.server_again()?;
        stage.kill(first)?;
        let third = stage.server_again()?;
        stage.step(CLIENT, format!("found {second} and {third}"));
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    forms: |_| {
        let second = Who { number: 2, ..SERVER };
        vec![Form::new("as it is", AGAIN.play).allow(Allowed::Ends(second)).rule(found(AGAIN.judge))]
    },
    judge: |record| {
        let second = Who { number: 2, ..SERVER };
        match (record.exit(second), record.exit(Who { number: 3, ..SERVER }), record.exit(CLIENT)) {
            (Some(failed), None, Some(exit)) if !failed.is_success() && exit.is_success() => {
                Finding::Held("the port was busy, then free".to_string())
            }
            other => Finding::Other(format!("{other:?}")),
        }
    },
    ..BASE
};

// A frame cut twice, many clients, and a client that waits because its server spins.

static TWO_CUTS: Experiment = Experiment {
    name: "two-cuts",
    server: Side::Peer(count_reads),
    client: Side::Peer(|addr| {
        let mut stream = TcpStream::connect(addr)?;
        stream.write_all(b"\0\0\0\x05hello\0\0\0\x02ok")?;
        stream.shutdown(std::net::Shutdown::Write)?;
        io::copy(&mut stream, &mut io::sink())?;
        Ok(())
    }),
    play: |stage| {
        stage.server()?;
        let cuts = [At::Header(2), At::Body(1), At::Body(3), At::FrameEnd, At::Header(4)];
        let steps: Vec<Step> = cuts.into_iter().flat_map(|at| [Step::Send(at), Step::Gate]).collect();
        stage.relay([Script::to_server(steps)])?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    },
    judge: |record| match &record.bytes(1, Way::ToClient)[..] {
        [2, 3, 2, 2, 4, 2] => Finding::Held("cut where the script says".to_string()),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static CROWD: Experiment = Experiment {
    name: "crowd",
    play: |stage| {
        stage.server()?;
        stage.relay(vec![Script::to_server([Step::Send(At::Byte(5)), Step::Settle]); 6])?;
        for _ in 0..6 {
            let client = stage.client(&["hello"])?;
            stage.ends(client)?;
        }
        Ok(())
    },
    ..BASE
};

static SPINNING_SERVER: Experiment = Experiment {
    name: "spinning-server",
    server: Side::Peer(spin_once_greeted),
    play: |stage| {
        stage.server()?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    judge: |record| hangs(record, SERVER, Hang::Spinning),
    ..BASE
};

fn spin_once_greeted(addr: SocketAddr) -> io::Result<()> {
    let (mut stream, _) = listen(addr)?.accept()?;
    stream.read_exact(&mut [0; 5])?;
    loop {
        std::hint::spin_loop();
    }
}

// Attackers that are connected before anybody speaks, and a client behind a relay.

static THREE_PARTIES: Experiment = Experiment {
    name: "three-parties",
    play: |stage| {
        stage.server()?;
        stage.relay([Script::open()])?;
        let mut attackers = [stage.attacker()?, stage.attacker()?];
        for (attacker, bytes) in attackers.iter_mut().zip([b"first", b"other"]) {
            attacker.send(bytes);
            attacker.half_close();
            attacker.receive_all(64);
        }
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    judge: |record| {
        let came = [1, 2, 3].map(|connection| record.bytes(connection, Way::ToClient));
        if came == [b"first", b"other", b"hello"] {
            Finding::Held("each has a connection of its own on the record".to_string())
        } else {
            Finding::Other(format!("{came:?}"))
        }
    },
    ..BASE
};

// Everybody has a door of the relay: it is certain whose a connection is, whoever comes first.

static WHOSE: Experiment = Experiment {
    name: "whose",
    server: Side::Peer(|addr| {
        let listener = listen(addr)?;
        loop {
            let (mut stream, _) = listener.accept()?;
            thread::spawn(move || io::copy(&mut stream.try_clone()?, &mut stream));
        }
    }),
    client: Side::Peer(|addr| {
        let words = io::read_to_string(io::stdin())?;
        let mut stream = TcpStream::connect(addr)?;
        stream.write_all(words.trim().as_bytes())?;
        stream.shutdown(std::net::Shutdown::Write)?;
        io::copy(&mut stream, &mut io::sink())?;
        Ok(())
    }),
    play: |stage| {
        stage.server()?;
        stage.relay([Script::to_server([Step::Flip(At::Byte(0), 1)])])?;
        let clients = (0..8).map(|_| stage.talkative_client()).collect::<anyhow::Result<Vec<_>>>()?;
        stage.type_line(clients[1], "second")?;
        stage.end_input(clients[1])?;
        stage.ends(clients[1])?;
        stage.type_line(clients[0], "first")?;
        stage.end_input(clients[0])?;
        stage.ends(clients[0])?;
        for client in &clients[2..] {
            stage.type_line(*client, &client.to_string())?;
        }
        for client in &clients[2..] {
            stage.end_input(*client)?;
        }
        clients.iter().try_for_each(|client| stage.ends(*client))
    },
    judge: |record| {
        let came = |connection| (record.caller(connection), record.bytes(connection, Way::ToClient));
        let others = (3..=8).map(came).all(|(who, bytes)| bytes == who.to_string().as_bytes());
        let [second, first] = [1, 2].map(came);
        let scripted = second.1 == b"recond" && first.1 == b"first";
        if others && scripted && (second.0.number, first.0.number) == (2, 1) {
            Finding::Held("each connection is its client's".to_string())
        } else {
            Finding::Other(format!("{first:?} {second:?} {others}"))
        }
    },
    ..BASE
};

// A relay whose server has gone refuses, as the server would.

fn refused(record: &Record, who: Who) -> bool {
    record.complaints(who).iter().any(|line| line.contains("refused"))
}

static SHUT_DOOR: Experiment = Experiment {
    name: "shut-door",
    play: |stage| {
        let first = stage.server()?;
        stage.relay([])?;
        let one = stage.client(&["hello"])?;
        stage.ends(one)?;
        stage.kill(first)?;
        let two = stage.client(&["hello"])?;
        stage.ends(two)?;
        stage.server_again()?;
        let three = stage.client(&["hello"])?;
        stage.ends(three)
    },
    judge: |record| {
        let client = |number| Who { number, ..CLIENT };
        let ended = [1, 3].map(|number| record.exit(client(number)).is_some_and(|exit| exit.is_success()));
        if refused(record, client(2)) && ended == [true, true] && !record.events.iter().any(|e| e.what == What::Refused)
        {
            Finding::Held("refused while nobody listens".to_string())
        } else {
            Finding::Other(format!("{:?} {ended:?}", record.complaints(client(2))))
        }
    },
    ..BASE
};

static COMES_BACK: Experiment = Experiment {
    name: "comes-back",
    server: Side::Peer(|addr| {
        // The listener goes first.
        let (stream, _) = listen(addr)?.accept()?;
        stream.shutdown(std::net::Shutdown::Both)
    }),
    client: Side::Peer(|addr| {
        let mut stream = TcpStream::connect(addr)?;
        io::copy(&mut stream, &mut io::sink())?;
        TcpStream::connect(addr)?;
        Ok(())
    }),
    judge: |record| {
        if refused(record, CLIENT) {
            Finding::Held("refused when it came back".to_string())
        } else {
            Finding::Other(format!("{:?}", record.complaints(CLIENT)))
        }
    },
    play: |stage| {
        stage.server()?;
        stage.relay([])?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    },
    needs: &[Need::SocketTables],
    ..BASE
};

// The relay changes what goes on.

static ALTERED: Experiment = Experiment {
    name: "altered",
    play: |stage| {
        stage.server()?;
        let to_server = [
            Step::Flip(At::Byte(1), 0x20),
            Step::Insert(At::Byte(8), b"--".to_vec()),
            Step::Gate,
            Step::Send(At::BeforeEnd(2)),
            Step::Drop(At::StreamEnd),
            Step::Fin,
        ];
        stage.relay([Script::to_server(to_server)])?;
        stage.client(&["abcdefghijklmn"])?;
        stage.ends(CLIENT)
    },
    judge: |record| {
        let on = record.bytes(1, Way::ToServer);
        if on == b"aBcdefgh--ijkl" && record.bytes(1, Way::ToClient) == on {
            Finding::Held("changed where the script says".to_string())
        } else {
            Finding::Other(format!("{on:?}"))
        }
    },
    ..BASE
};

// Bytes that are told by their name, since they are others in every run.

static DRAWN: Experiment = Experiment {
    name: "drawn",
    play: |stage| {
        stage.varying(&["nonce"]);
        one_client(stage)
    },
    dissect: |_, bytes| {
        let first = bytes.len().min(2);
        let span = |length, name: &str| Span { length, name: name.to_string() };
        vec![span(first, "nonce"), span(bytes.len() - first, "text")]
    },
    ..BASE
};

// A rogue that stands between.

static ROGUE: Experiment = Experiment {
    name: "rogue",
    attacker: Some(|addr| {
        let listener = listen("127.0.0.1:0".parse().map_err(io::Error::other)?)?;
        let mut client = listener.accept()?.0;
        let words = io::read_to_string(client.try_clone()?.take(1 << 20))?;
        let mut server = TcpStream::connect(addr)?;
        server.write_all(words.to_ascii_uppercase().as_bytes())?;
        server.shutdown(std::net::Shutdown::Write)?;
        io::copy(&mut server, &mut client)?;
        Ok(())
    }),
    play: |stage| {
        stage.server()?;
        stage.relay([])?;
        let rogue = stage.attack()?;
        stage.clients_go_to(rogue)?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    judge: |record| match [1, 2].map(|connection| record.bytes(connection, Way::ToServer)) {
        [one, two] if one == b"hello" && two == b"HELLO" => Finding::Broke("the rogue has its way".to_string()),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static ROGUE_WITH_DATAGRAMS: Experiment = Experiment {
    name: "rogue-with-datagrams",
    server: Side::Peer(echo_datagrams),
    client: Side::Peer(|addr| ask(addr, true)),
    attacker: Some(|addr| {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        println!("listening on {}", socket.local_addr()?);
        let mut buffer = [0; 2000];
        let (length, client) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..length].to_ascii_uppercase(), addr)?;
        let (length, _) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..length], client)?;
        Ok(())
    }),
    play: |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        let rogue = stage.attack()?;
        stage.clients_go_to(rogue)?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    },
    judge: |record| match [1, 2].map(|connection| record.datagrams(connection, Way::ToClient)) {
        [one, two] if one == [b"HELLO"] && two == one && record.caller(2).role == Role::Attacker => {
            Finding::Held("the rogue has its way".to_string())
        }
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

// A client that reads none of its input, and a server that neither answers nor ends.

static DEAF: Experiment = Experiment {
    name: "deaf",
    server: Side::Peer(say_nothing),
    client: Side::Peer(|addr| {
        let _stream = TcpStream::connect(addr)?;
        park()
    }),
    play: |stage| {
        stage.server()?;
        stage.talkative_client()?;
        for _ in 0..200 {
            stage.type_line(CLIENT, &"many words ".repeat(100))?;
        }
        stage.end_input(CLIENT)?;
        stage.kill(CLIENT)
    },
    judge: |record| match record.events.iter().find(|event| event.what == What::Killed) {
        Some(event) if event.who == CLIENT => Finding::Held("the lab goes on".to_string()),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

static SILENT: Experiment = Experiment {
    name: "silent",
    server: Side::Peer(say_nothing),
    play: |stage| {
        stage.server()?;
        let mut attacker = stage.attacker()?;
        attacker.patience(Duration::from_millis(50))?;
        attacker.send(b"hello");
        attacker.receive_all(10);
        Ok(())
    },
    judge: |record| match record.events.last().map(|event| &event.what) {
        Some(What::Silent { way: Way::ToClient }) => Finding::Held("the server said nothing".to_string()),
        other => Finding::Other(format!("{other:?}")),
    },
    ..BASE
};

// A relay that cannot hold back all that its script asks for has laid no trap, however well the client ends.

static OVERFULL: Experiment = Experiment {
    name: "overfull",
    client: Side::Peer(|addr| {
        let mut stream = TcpStream::connect(addr)?;
        stream.write_all(&vec![0; 17 << 20])?;
        stream.shutdown(std::net::Shutdown::Write)
    }),
    server: Side::Peer(|addr| {
        let (mut stream, _) = listen(addr)?.accept()?;
        io::copy(&mut stream, &mut io::sink()).map(|_| ())
    }),
    play: |stage| {
        stage.server()?;
        stage.relay([Script::to_server([Step::Hold(At::StreamEnd)])])?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    },
    forms: |_| vec![Form::new("as it is", OVERFULL.play).allow(Allowed::Ends(SERVER))],
    ..BASE
};

// A byte now and then: one server waits for the last of them, the other hangs up before.

static DRIP: Experiment = Experiment {
    name: "drip",
    server: Side::Twins {
        broken: |addr| {
            let (stream, _) = listen(addr)?.accept()?;
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line)?;
            (&stream).write_all(b"thanks")
        },
        fixed: |addr| {
            let (mut stream, _) = listen(addr)?.accept()?;
            stream.read_exact(&mut [0; 2])?;
            stream.shutdown(std::net::Shutdown::Both)
        },
    },
    play: |stage| {
        stage.server()?;
        let mut attacker = stage.attacker()?;
        let timeout = Duration::from_secs(1);
        match stage.cast() {
            lab::Cast::Broken => {
                let ended = attacker.drip(b'a', timeout, Duration::ZERO, b'\n')?;
                anyhow::ensure!(ended.is_none(), "the server is said to have hung up after {ended:?}");
                attacker.receive_all(100);
            }
            _ => {
                let ended = attacker.drip(b'a', timeout, Duration::MAX, b'\n')?;
                // The second byte leaves a tenth of the timeout after the first.
                anyhow::ensure!(ended.is_some_and(|age| age >= timeout / 10), "{ended:?}");
            }
        }
        Ok(())
    },
    judge: |record| {
        let came = [Way::ToServer, Way::ToClient].map(|way| record.bytes(1, way));
        let ended = record.events.iter().any(|event| event.what == What::Step("ends the connection".to_string()));
        match came.each_ref().map(Vec::as_slice) {
            [b"a\n", b"thanks"] if !ended => Finding::Broke("the server read to the last byte".to_string()),
            [b"a", b""] if ended => Finding::Held("the server hung up".to_string()),
            _ => Finding::Other(format!("{came:?} {ended}")),
        }
    },
    ..BASE
};

static LATE_DRIP: Experiment = Experiment {
    name: "late-drip",
    server: Side::Peer(say_nothing),
    play: |stage| {
        stage.server()?;
        // No byte can come within no time at all.
        stage.attacker()?.drip(b'a', Duration::ZERO, Duration::ZERO, b'\n')?;
        Ok(())
    },
    ..BASE
};

// Ctrl-C for one actor.

static INTERRUPTED: Experiment = Experiment {
    name: "interrupted",
    needs: &[Need::Unix("SIGINT is a signal of Unix")],
    server: Side::Peer(|addr| {
        ctrlc::set_handler(|| {
            println!("stops");
            std::process::exit(7)
        })
        .map_err(io::Error::other)?;
        echo(addr)
    }),
    play: |stage| {
        stage.server()?;
        stage.another_server()?;
        let mut attacker = stage.attacker()?;
        attacker.send(b"hello");
        anyhow::ensure!(attacker.receive(5) == b"hello", "it echoes");
        anyhow::ensure!(stage.interrupt(Who { number: 3, ..SERVER }, 1).is_err(), "there is no such server");
        stage.interrupt(SERVER, attacker.connection())?;
        stage.exits(SERVER)?;
        attacker.receive_all(1);
        Ok(())
    },
    judge: |record| {
        let asked = |event: &&Event| matches!(&event.what, What::Step(text) if text.contains("Ctrl-C"));
        let asked: Vec<_> = record.events.iter().filter(asked).map(|event| (event.who, event.connection)).collect();
        let exits = [SERVER, Who { number: 2, ..SERVER }].map(|who| record.exit(who));
        match (&asked[..], exits, &record.lines(SERVER)[1..]) {
            ([(SERVER, Some(1))], [Some(Exit::Status(7)), None], ["stops"]) => {
                Finding::Held("the server alone was asked to stop".to_string())
            }
            other => Finding::Other(format!("{other:?}")),
        }
    },
    ..BASE
};

// Limits of a running server.

const PRLIMIT: &[Need] = &[Need::Linux("prlimit changes a running process"), Need::Program("prlimit")];

fn first_of_all(record: &Record, wanted: &str) -> Finding {
    match record.lines(SERVER)[1..] {
        [line] if line == wanted => Finding::Held(wanted.to_string()),
        ref other => Finding::Other(format!("{other:?}")),
    }
}

static SPARE_DESCRIPTORS: Experiment = Experiment {
    name: "spare-descriptors",
    needs: PRLIMIT,
    server: Side::Peer(|addr| {
        let open = || fs::File::open(env::current_exe()?);
        // Its number is free again, below those that are in use.
        let first = open()?;
        let _second = open()?;
        let listener = TcpListener::bind(addr)?;
        drop(first);
        println!("listening on {}", listener.local_addr()?);
        let _stream = listener.accept()?;
        let mut files = Vec::new();
        let error = loop {
            match open() {
                Ok(file) if files.len() < 100 => files.push(file),
                Ok(_) => break None,
                Err(error) => break error.raw_os_error(),
            }
        };
        println!("{} files, then {error:?}", files.len());
        park()
    }),
    play: |stage| {
        stage.server()?;
        stage.spare_descriptors(SERVER, 4)?;
        let _attacker = stage.attacker()?;
        stage.says(SERVER, "files")
    },
    // EMFILE is 24; the connection took one of the four.
    judge: |record| first_of_all(record, "3 files, then Some(24)"),
    ..BASE
};

static SPARE_MEMORY: Experiment = Experiment {
    name: "spare-memory",
    needs: PRLIMIT,
    server: Side::Peer(|addr| {
        let _stream = listen(addr)?.accept()?;
        let has_room = |mebibytes: usize| std::hint::black_box(Vec::<u8>::new()).try_reserve_exact(mebibytes << 20);
        println!("16 MiB: {}, 64 MiB: {}", has_room(16).is_ok(), has_room(64).is_ok());
        park()
    }),
    play: |stage| {
        stage.server()?;
        stage.spare_memory(SERVER, 32 << 20)?;
        let _attacker = stage.attacker()?;
        stage.says(SERVER, "MiB")
    },
    judge: |record| first_of_all(record, "16 MiB: true, 64 MiB: false"),
    ..BASE
};

// A server that sleeps, and then does not any more.

static RESTLESS: Experiment = Experiment {
    name: "restless",
    needs: &[Need::SocketTables],
    server: Side::Peer(spin_once_greeted),
    play: |stage| {
        stage.server()?;
        let mut attacker = stage.attacker()?;
        anyhow::ensure!(!stage.spins(SERVER)?, "it waits for five bytes");
        attacker.send(b"hell");
        // The server has read these four, and sleeps again.
        let at_rest = |stage: &Stage| stage.sockets_at_rest().unwrap_or_default();
        let read = stage.sees(|_| at_rest(stage).iter().any(|socket| socket.received == 4 && socket.unread == 0));
        anyhow::ensure!(read, "{:?}", stage.sockets());
        attacker.send(b"o");
        anyhow::ensure!(stage.spins(SERVER)?, "it does nothing else");
        anyhow::ensure!(stage.sockets_at_rest().is_none(), "it is not at rest");
        let open = |socket: &lab::kernel::Socket| socket.state == State::Established;
        anyhow::ensure!(stage.sockets().is_some_and(|sockets| sockets.iter().any(open)));
        stage.kill(SERVER)?;
        anyhow::ensure!(stage.sees(|_| stage.sockets_at_rest().is_some()), "nobody is left");
        Ok(())
    },
    judge: |_| Finding::Held("asleep, then busy".to_string()),
    ..BASE
};

// A server whose first line is no address.

static POLITE: Experiment = Experiment {
    name: "polite",
    server: Side::Peer(|addr| {
        println!("good morning");
        echo(addr)
    }),
    ..BASE
};

// A server that reads nothing: nobody may say that it has.

static NEVER_READS: Experiment = Experiment {
    name: "never-reads",
    server: Side::Peer(take_nothing),
    client: Side::Peer(|addr| TcpStream::connect(addr)?.write_all(b"hello")),
    needs: &[Need::SocketTables],
    play: |stage| {
        stage.server()?;
        let steps = [1, 2, 3, 4].map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]).concat();
        stage.relay([Script::to_server(steps)])?;
        stage.client(&[])?;
        stage.exits(CLIENT)?;
        let all = |record: &Record| record.bytes(1, Way::ToServer) == b"hello";
        // The relay waits with the same patience, and only once.
        stage.wait("", all).or_else(|_| stage.wait("the relay goes on", all))
    },
    judge: |record| {
        let read = record.events.iter().any(|event| matches!(event.what, What::Gate { .. }));
        let told = |event: &&Event| matches!(&event.what, What::Step(text) if text.contains("did not read this"));
        let told: Vec<Who> = record.events.iter().filter(told).map(|event| event.who).collect();
        if !read && told == [SERVER] {
            Finding::Held("the server is said to have read nothing".to_string())
        } else {
            Finding::Other(format!("{read} {told:?}"))
        }
    },
    ..BASE
};

// The loopback interface goes down in the middle of a play: for a network of its own, see `tests/loopback.rs`.

static LO_GOES_DOWN: Experiment = Experiment {
    name: "lo-goes-down",
    play: |stage| {
        // Everybody else on the machine needs theirs.
        if env::var_os("REHEARSAL_OWN_NETWORK").is_none() {
            return Err(Void("this is not a network of its own".to_string()).into());
        }
        stage.server()?;
        stage.relay([])?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)?;
        // Its door stays open until the play is over.
        stage.talkative_client()?;
        Command::new("ip").args(["link", "set", "lo", "down"]).status()?;
        Ok(())
    },
    needs: &[Need::Program("ip")],
    ..BASE
};
