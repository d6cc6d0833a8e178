//! `telling-errors`: a stranger logs in wrongly with one name after the other, and compares what the server says.

use common::auth::REFUSAL;
use lab::{
    Allowed, At, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Span, Stage,
    Step, Way, What,
};

use crate::finished;
use crate::visitors::{self, Visitor, attacker, between_clients, ended, forgiving, key_is_served, tag, tell_once};

#[expect(clippy::disallowed_methods, reason = "takes at most 1024 bytes of an answer")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the challenge and of the tag.
const SIZE: usize = 32;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;
/// The connections of the attacker with a name that has an account, and with one that has none.
const KNOWN: [usize; 2] = [4, 5];
const UNKNOWN: [usize; 4] = [2, 3, 6, 7];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "telling-errors",
    question: "What does a refused login tell a stranger?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        visitors::CHALLENGE,
        "-> 1 byte length, a name, and 32 bytes: HMAC-SHA-256 of the challenge under the key of that name",
        "   alice has `the key that alice was given....`, bob has `the key that bob was given......`",
        "<- `welcome` and a newline, and then each text that comes, in upper case",
        "who is refused gets the same for every name: the same words, or none, not before the whole tag has come, and the same end, within 3 seconds",
        visitors::ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    play_with(stage, Vec::new())
}

fn play_with(stage: &mut Stage, scripts: Vec<Script>) -> anyhow::Result<()> {
    stage.varying(&["challenge", "tag"]);
    stage.server()?;
    stage.relay(scripts)?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)
}

/// What the server said to one wrong login, and how it ended the connection: both are an answer.
fn answer(record: &Record, connection: usize) -> (Vec<u8>, bool) {
    let bytes = record.bytes(connection, Way::ToClient);
    (bytes.get(SIZE..).unwrap_or_default().to_vec(), record.reset(connection, Way::ToClient))
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("a stranger tries six names", play).allow(Allowed::Hangs(attacker(1)));
    let before_tag = Form::new("the tag comes after the name", |stage| {
        let cut = |name: &&str| {
            let end = 1 + name.len();
            Script::to_server([Step::Send(At::Byte(end)), Step::Settle, Step::Send(At::Byte(end + SIZE)), Step::Settle])
        };
        play_with(stage, std::iter::once(Script::open()).chain(TRIED.iter().map(cut)).collect())
    })
    .allow(Allowed::Hangs(attacker(1)));
    let others: Vec<Visitor> = OTHERS.iter().map(|name| wrong(name, [0; SIZE])).collect();
    let all = (2..2 + others.len()).collect::<Vec<_>>();
    let others = between_clients("names that nobody has, and known ones again", others, welcomed, refused);
    let others = tell_once(others, vec![alike(all)]);
    let swapped = [(&b"alice"[..], KEYS[1]), (b"bob", KEYS[0])].map(|(name, key)| {
        let who = format!("a stranger that says it is {} and has the other one's key", String::from_utf8_lossy(name));
        Visitor::says(&who, move |challenge| login(name, &tag(key, &[challenge]))).and_listens()
    });
    let empty = Visitor::says("a stranger with a name that nobody has and a tag under an empty key", |challenge| {
        login(b"mallory", &tag(b"", &[challenge]))
    })
    .and_listens();
    let swapped: Vec<Visitor> = swapped.into_iter().chain([empty]).collect();
    let bob = Form::new("bob, who has his key", |stage| {
        stage.server()?;
        Visitor::in_pieces("bob", |challenge| vec![login(b"bob", &tag(KEYS[1], &[challenge])), b"hello".to_vec()])
            .and_listens()
            .and_ends()
            .visit(stage)
    });
    let refused_all =
        (2..=7).zip(TRIED).map(|(connection, name)| refused(connection, &format!("{name}, with a wrong tag,")));
    vec![
        forgiving(
            tell_once(
                chapter,
                [alike((2..=7).collect()), welcomed(1, "hello")].into_iter().chain(refused_all).collect(),
            ),
            1,
        ),
        forgiving(
            tell_once(
                before_tag,
                (2..=7).zip(TRIED).map(|(connection, name)| not_before_tag(connection, name)).collect(),
            ),
            1,
        ),
        others,
        between_clients("each with the key of the other, and one with no key", swapped, welcomed, refused),
        tell_once(bob, vec![welcomed(1, "hello")]),
    ]
}

/// The names that the attacker tries, in its order.
const TRIED: [&str; 6] = ["qzxvkw", "admin", "alice", "bob", "guest", "root"];
/// Further names: nobody has those, but for the last two.
const OTHERS: [&[u8]; 9] =
    [b"", b"Alice", b"alice\0", b"alic", b" alice", b"\xff\xfe\x80", &[b'x'; 255], b"alice", b"bob"];
const KEYS: [&[u8; 32]; 2] = [b"the key that alice was given....", b"the key that bob was given......"];

fn login(name: &[u8], tag: &[u8]) -> Vec<u8> {
    [&[name.len() as u8], name, tag].concat()
}

fn wrong(name: &'static [u8], tag: [u8; SIZE]) -> Visitor {
    let who = format!("a stranger with a wrong tag for the name {}", lab::wire::quoted(name));
    Visitor::says(&who, move |_| login(name, &tag)).and_listens()
}

fn welcomed(connection: usize, line: &str) -> Rule {
    let answer = format!("welcome\n{}", line.to_ascii_uppercase()).into_bytes();
    key_is_served(connection, SIZE, move |_| answer.clone())
}

/// What a stranger gets that is not let in, in words, and how it ends.
fn refused(connection: usize, who: &str) -> Rule {
    let who = who.to_string();
    let requires = "nobody without the key of its name is let in, or left waiting";
    Rule::new("stranger-is-refused", requires, move |record| {
        if connection > record.connections() {
            return Seen::Unknown("the server took no more connections, so the play came to an early end".to_string());
        }
        let came = record.bytes(connection, Way::ToClient);
        if came.get(SIZE..).unwrap_or_default().starts_with(b"welcome") {
            return Seen::Violated(format!("{who} was welcome"));
        }
        Seen::kept_if(
            ended(record, connection),
            format!("{who} was left waiting: the server did not end the connection"),
        )
    })
}

/// All refusals on these connections are the same, and so are their ends.
fn alike(connections: Vec<usize>) -> Rule {
    Rule::new("refusals-are-alike", "a refusal is the same for every name", move |record| {
        let welcome = |connection: &usize| {
            record.bytes(*connection, Way::ToClient).get(SIZE..).is_some_and(|it| it.starts_with(b"welcome"))
        };
        let of = |connection: &usize| {
            let (words, reset) = answer(record, *connection);
            (record.bytes(*connection, Way::ToServer), words, reset)
        };
        let strangers = connections.iter().filter(|it| **it <= record.connections() && !welcome(it));
        let all: Vec<_> = strangers.map(of).collect();
        let name =
            |said: &[u8]| said.get(1..).and_then(|it| it.get(..usize::from(said[0]))).unwrap_or_default().to_vec();
        let Some(other) = all.iter().find(|it| (&it.1, it.2) != (&all[0].1, all[0].2)) else { return Seen::Kept };
        let how = |(said, words, reset): &(Vec<u8>, Vec<u8>, bool)| {
            let end = if *reset { " and a reset" } else { "" };
            format!("{} got {}{end}", lab::wire::quoted(&name(said)), lab::wire::quoted(words))
        };
        Seen::Violated(format!("{}, and {}: a stranger can tell names apart", how(&all[0]), how(other)))
    })
    .hint("compute a tag with a random key where the name is unknown, and let both go the same way to the end")
}

/// Nothing is said, and nothing ended, before the whole tag has come.
fn not_before_tag(connection: usize, name: &'static str) -> Rule {
    Rule::new("not-before", "nobody is refused before the whole tag has come", move |record| {
        let whole = 1 + name.len() + SIZE;
        let (mut handed_on, mut came) = (0, 0);
        for event in record.on(connection) {
            match &event.what {
                What::Bytes { way: Way::ToServer, total, .. } => handed_on += total,
                What::Bytes { way: Way::ToClient, total, .. } => came += total,
                // That somebody is given no challenge is told by another rule.
                What::Fin { way: Way::ToClient } | What::Rst { way: Way::ToClient }
                    if handed_on < whole && came >= SIZE =>
                {
                    return Seen::Violated(format!("{name:?} was closed before its tag had come"));
                }
                _ => {}
            }
            if came > SIZE && handed_on < whole {
                return Seen::Violated(format!("{name:?} was refused before its tag had come"));
            }
        }
        Seen::Kept
    })
    .hint("read name and tag whole before you look at either")
}

fn judge(record: &Record) -> Finding {
    let honest = record.bytes(1, Way::ToClient);
    if honest.get(SIZE..) != Some(b"welcome\nHELLO") {
        return Finding::Other("alice, who has her key, did not get a challenge, welcome and HELLO".to_string());
    }
    let let_in =
        |connection| record.bytes(connection, Way::ToClient).get(SIZE..).is_some_and(|it| it.starts_with(b"welcome"));
    if (2..=record.connections()).any(let_in) {
        return Finding::Other("somebody without a key was let in".to_string());
    }
    if record.connections() < 7 {
        return Finding::Other("the attacker could not try all six names".to_string());
    }
    let [known, unknown] =
        [&KNOWN[..], &UNKNOWN].map(|all| all.iter().map(|it| answer(record, *it)).collect::<Vec<_>>());
    let same = |answers: &[(Vec<u8>, bool)]| answers.iter().all(|answer| *answer == answers[0]);
    if !same(&unknown) {
        Finding::Other("four names that have no account did not get the same answer".to_string())
    } else if known[0] == unknown[0] && known[1] == unknown[0] {
        Finding::Held("a wrong key and an unknown name got the same answer: no name was learnt".to_string())
    } else if known.contains(&unknown[0]) {
        Finding::Other("one name that has an account was told apart, and another one was not".to_string())
    } else {
        Finding::Broke("the answers told a stranger which names have an account: alice and bob".to_string())
    }
}

/// On the wire of the finished program: a login with a made-up tag, for a name that it knows and for one that it does not.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let client = stage.client(&[])?;
    stage.ends(client)?;
    stage.settle()?;
    for name in ["alice", "mallory"] {
        let login = [b"SBF1\x02", &[name.len() as u8][..], name.as_bytes(), &[0; 2 * SIZE]].concat();
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&[&(login.len() as u32).to_be_bytes(), &login[..]].concat());
        attacker.receive_all(1024);
        stage.settle()?; // the server writes its log after it has answered
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let refused = |connection| {
        record.bytes(connection, Way::ToClient).get(GREETING..) == Some(&REFUSAL)
            && !record.reset(connection, Way::ToClient)
    };
    if !finished::printed(record, &["HELLO"]) {
        Finding::Other("alice did not get her line back in capitals".to_string())
    } else if refused(2) && refused(3) {
        Finding::Held("a wrong key and an unknown name got the same refusal".to_string())
    } else {
        Finding::Other("a wrong key and an unknown name did not get the same refusal".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let span = |length: usize, name: &str| Span { length, name: name.to_string() };
    let mut spans = match (way, bytes.first()) {
        (Way::ToClient, _) => vec![span(bytes.len().min(SIZE), "challenge")],
        (Way::ToServer, None) => Vec::new(),
        (Way::ToServer, Some(length)) => {
            let name = usize::from(*length).min(bytes.len() - 1);
            vec![span(1, "length"), span(name, "name"), span((bytes.len() - 1 - name).min(SIZE), "tag")]
        }
    };
    let named: usize = spans.iter().map(|span| span.length).sum();
    spans.push(span(bytes.len() - named, "text"));
    spans.retain(|span| span.length > 0);
    spans
}
