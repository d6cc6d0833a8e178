//! Forms of a trap that most experiments of this lesson share: messages that end with a newline, cut and joined.

use std::time::Duration;

use lab::{At, CLIENT, Form, Record, Role, Rule, Script, Seen, Stage, Step, Way, What, Who, wire};

/// What every server of messages is told of its wire.
pub(crate) const WIRE: &[&str] = &[
    "-> messages: 1 to 1024 bytes of UTF-8 text, blanks included, each ended by a newline; in any pieces, several at once",
    "<- for each message \"-----> \", the message and a newline, as soon as its own newline has come, and not earlier",
    "a client may wait up to 5 s for an answer before it sends more, and may rest for a second inside a message",
    "the server ends its stream when the client has ended its own; a client may also leave inside a message",
    "then the next client is served: one client after the other is enough",
];

/// The client after the first.
pub(crate) const NEXT: Who = Who { role: Role::Client, number: 2 };

/// Everything that the client sends is there before the reader is given the first byte, and is then given in one piece.
pub(crate) const TOGETHER: [Step; 3] = [Step::Hold(At::StreamEnd), Step::Send(At::StreamEnd), Step::Settle];

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// As much as is looked at of what comes too early, bytes.
const EARLY: usize = 100;
/// How long a client rests inside a message.
const REST: Duration = Duration::from_secs(1);

/// What most programs that answer too early, or answer nonsense, do.
pub(crate) const KEEP: &str = "one read, or recv, gives what has come by then: a part of a message, or several; keep it \
                               until a newline has come, and keep what follows the newline for the next message";

/// A message with its newline.
fn ended(message: &str) -> String {
    format!("{message}\n")
}

/// What belongs back.
pub(crate) fn acknowledged(messages: &[&str]) -> Vec<u8> {
    messages.iter().map(|message| format!("-----> {message}\n")).collect::<String>().into_bytes()
}

/// One client sends these messages, cut and joined by these steps.
pub(crate) fn messages(name: &str, messages: &[&str], steps: impl Into<Vec<Step>>) -> Form {
    rules(Form::relayed(name, [Script::to_server(steps)], messages), messages).wanted(
        1,
        Way::ToClient,
        acknowledged(messages),
    )
}

/// These messages come in pieces that end at these places, each taken by the server before the next one comes.
pub(crate) fn cut_at(places: impl IntoIterator<Item = usize>) -> Vec<Step> {
    places.into_iter().flat_map(|place| [Step::Send(At::Byte(place)), Step::Settle]).collect()
}

/// The rules of messages on the last connection, whose trap may have had others before it.
pub(crate) fn rules(form: Form, messages: &[&str]) -> Form {
    let lengths: Vec<usize> = messages.iter().map(|message| ended(message).len()).collect();
    form.rule(not_before(messages, &lengths).hint(KEEP)).rule(answers(Record::connections, messages).hint(KEEP))
}

/// None of these messages, which have these lengths on the wire, is answered before it is whole.
pub(crate) fn not_before(messages: &[&str], lengths: &[usize]) -> Rule {
    let turns: Vec<(usize, usize)> = messages
        .iter()
        .zip(lengths)
        .scan((0, 0), |(sent, answered), (message, length)| {
            let before = *answered;
            *sent += length;
            *answered += acknowledged(&[message]).len();
            Some((*sent, before))
        })
        .collect();
    Rule::new("not-before", "no message is answered before it is whole", move |record| {
        wire::in_turn(record.connections(), turns.clone(), "the messages").look(record)
    })
}

/// Each of these messages is answered with itself, in order, and nothing else comes.
pub(crate) fn answers(connection: impl Fn(&Record) -> usize + Send + Sync + 'static, messages: &[&str]) -> Rule {
    let expected = acknowledged(messages);
    let requires = match messages.len() {
        1 => "the message is answered with itself".to_string(),
        number => format!("each of the {number} messages is answered with itself"),
    };
    let look = move |record: &Record| {
        let got = record.bytes(connection(record), Way::ToClient);
        if got == expected { Seen::Kept } else { Seen::Violated(difference(&got, &expected)) }
    };
    Rule::new("bytes", requires, look)
}

/// As [`answers`], on this connection.
pub(crate) fn answers_on(connection: usize, messages: &[&str]) -> Rule {
    answers(move |_| connection, messages)
}

/// What is wrong with these answers, the first wrong one named.
pub(crate) fn difference(got: &[u8], expected: &[u8]) -> String {
    let [came, belong] = [got, expected].map(|bytes| bytes.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>());
    let same = came.iter().zip(&belong).take_while(|(came, belongs)| came == belongs).count();
    match (came.get(same), belong.get(same)) {
        (None, _) if same == 0 => format!("the server answered nothing; expected: {}", wire::quoted(expected)),
        (None, Some(belongs)) => {
            format!("the server answered {same} of {} messages; expected next: {}", belong.len(), wire::quoted(belongs))
        }
        (Some(came), None) => format!("after the last answer came {}", wire::quoted(came)),
        (Some(came), Some(belongs)) => {
            format!("answer {} is {}; expected: {}", same + 1, wire::quoted(came), wire::quoted(belongs))
        }
        (None, None) => "the answers are not what was expected".to_string(),
    }
}

/// Twenty messages, 20,020 bytes: longer than the buffers that people use.
fn many() -> Vec<String> {
    ('a'..='t').map(|letter| letter.to_string().repeat(1000)).collect()
}

/// More messages than fit in one read, all of them at once, or cut at the size of a usual buffer.
pub(crate) fn more_than_one_read(cut: bool) -> Form {
    let many = many();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let name = if cut { "20,020 bytes, 20 messages, cut after 8192" } else { "20,020 bytes, 20 messages, at once" };
    let steps = if cut { [vec![Step::Hold(At::StreamEnd)], cut_at([8192])].concat() } else { TOGETHER.to_vec() };
    messages(name, &many, steps)
}

/// Messages with blanks at both ends, with two in the middle, and with nothing else: they come back with all of them.
pub(crate) const BLANKS: &[&str] = &["  tea for two ", " ", "two  eggs"];

/// Blanks belong to a message: [`BLANKS`], the first one cut before its last blank and before its newline.
pub(crate) fn keeps_blanks() -> Form {
    let sent = BLANKS.iter().map(|message| ended(message).into_bytes()).collect();
    pieces("blanks at both ends of a message", BLANKS, sent, vec![13, 14]).hint("bytes", STRIPS)
}

/// What most programs do that answer without blanks, or not at all.
pub(crate) const STRIPS: &str = "blanks are part of a message: take away its newline and nothing else, where strip or trim \
                                 takes every blank at both ends";

/// A client waits for each answer before it sends more, and rests inside a message.
pub(crate) fn waits_for_each_answer() -> Form {
    const MESSAGES: &[&str] = &["one", "two", "three"];
    let name = "a client that waits for each answer, and rests inside a message";
    let sent = MESSAGES.iter().map(|message| ended(message).into_bytes()).collect();
    rules(in_turn(name, MESSAGES, sent), MESSAGES)
}

/// A client that the lab plays itself sends these messages, which are these bytes on the wire. It waits for each answer
/// before it sends more, and rests inside the last message.
pub(crate) fn in_turn(name: &str, messages: &'static [&'static str], sent: Vec<Vec<u8>>) -> Form {
    let answer = |place: usize| acknowledged(&messages[place..=place]).len();
    let lengths: Vec<usize> = sent.iter().map(Vec::len).collect();
    let form = Form::new(name, move |stage| {
        stage.server()?;
        let mut peer = stage.attacker()?;
        stage.step(peer.who(), "is a client that waits for each answer before it sends more");
        peer.patience(PATIENCE)?;
        let last = sent.len() - 1;
        let answered = (0..last).take_while(|place| {
            peer.send(&sent[*place]);
            peer.receive(answer(*place)).len() == answer(*place)
        });
        let answered = answered.count();
        if answered == last {
            let (first, rest) = sent[last].split_at(sent[last].len() - 2);
            peer.send(first);
            peer.patience(REST)?;
            let early = peer.receive(EARLY);
            peer.patience(PATIENCE)?;
            peer.send(rest);
            peer.receive(answer(last).saturating_sub(early.len()));
        } else {
            let waited = format!("has waited {} s for an answer, and sends the rest without one", PATIENCE.as_secs());
            stage.step(peer.who(), waited);
            peer.send(&sent[answered + 1..].concat());
        }
        peer.half_close();
        peer.receive_all(1024);
        Ok(())
    });
    let look = move |record: &Record| {
        let (mut sent, mut came) = (0, 0);
        for event in record.on(1) {
            match &event.what {
                What::Bytes { way: Way::ToClient, total, .. } => came += total,
                What::Bytes { way: Way::ToServer, .. } | What::Fin { way: Way::ToServer } => {
                    let (mut whole, mut answered) = (0, 0);
                    for (place, length) in lengths.iter().enumerate() {
                        whole += length;
                        answered += answer(place);
                        if whole <= sent && came < answered {
                            return Seen::Violated(format!(
                                "a client waited {} s for the answer to {:?}, and it did not come",
                                PATIENCE.as_secs(),
                                messages[place]
                            ));
                        }
                    }
                    if let What::Bytes { total, .. } = event.what {
                        sent += total;
                    }
                }
                _ => {}
            }
        }
        Seen::Kept
    };
    form.rule(
        Rule::new("answers-in-time", "each message is answered while the client waits for it", look).hint(
            "answer as soon as a message is whole, not when the stream ends or a buffer is full; flush the answer",
        ),
    )
    .wanted(1, Way::ToClient, acknowledged(messages))
}

/// A client that the lab plays itself sends these messages, which are these bytes on the wire, in pieces that end at these
/// places. Everybody has done all that they can do with a piece before the next one comes.
pub(crate) fn pieces(name: &str, messages: &[&str], sent: Vec<Vec<u8>>, places: Vec<usize>) -> Form {
    let answers: Vec<usize> = messages.iter().map(|message| acknowledged(&[message]).len()).collect();
    let lengths: Vec<usize> = sent.iter().map(Vec::len).collect();
    let ends = places.into_iter().chain([lengths.iter().sum()]).collect::<Vec<_>>();
    let of_peer = lengths.clone();
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        let mut peer = stage.attacker()?;
        stage.step(peer.who(), "is a client whose messages come in pieces");
        let all = sent.concat();
        let (mut from, mut came) = (0, 0);
        for end in &ends {
            peer.send(&all[from..*end]);
            from = *end;
            let due: usize = whole(&of_peer, *end).map(|place| answers[place]).sum();
            peer.patience(PATIENCE)?;
            came += peer.receive(due.saturating_sub(came)).len();
            if came < due {
                peer.send(&all[from..]);
                break;
            }
            if from < all.len() {
                peer.taken();
                stage.settle()?;
                peer.patience(Duration::from_millis(1))?;
                came += peer.receive(EARLY).len();
            }
        }
        peer.half_close();
        peer.patience(PATIENCE)?;
        peer.receive_all(64 * 1024);
        Ok(())
    });
    form.rule(not_before(messages, &lengths).hint(KEEP)).rule(answers_on(1, messages).hint(KEEP)).wanted(
        1,
        Way::ToClient,
        acknowledged(messages),
    )
}

/// The places of the messages of these lengths that are whole when so many bytes have been sent.
fn whole(lengths: &[usize], sent: usize) -> impl Iterator<Item = usize> {
    let mut end = 0;
    lengths.iter().enumerate().filter_map(move |(place, length)| {
        end += length;
        (end <= sent).then_some(place)
    })
}

/// A client leaves inside a message, and the next one must not hear of it.
pub(crate) fn leaves_inside_a_message() -> Form {
    const NEXT: &[&str] = &["egg"];
    let form = Form::new("a client after one that left inside a message", |stage: &mut Stage| {
        stage.server()?;
        let mut peer = stage.attacker()?;
        stage.step(peer.who(), "is a client that leaves inside a message");
        peer.send(b"hel");
        peer.taken();
        peer.patience(PATIENCE)?;
        peer.half_close();
        peer.receive_all(1024);
        drop(peer);
        let mut next = stage.attacker()?;
        stage.step(next.who(), "is the client after it");
        next.patience(PATIENCE)?;
        next.send(ended(NEXT[0]).as_bytes());
        next.receive(acknowledged(NEXT).len());
        next.half_close();
        next.receive_all(1024);
        Ok(())
    });
    let part = Rule::new("part-is-no-message", "a message that was cut off is not acknowledged", |record| {
        let got = record.bytes(1, Way::ToClient);
        Seen::kept_if(
            !got.windows(3).any(|bytes| bytes == b"hel"),
            format!("a client left inside a message, and its part was acknowledged: {}", wire::quoted(&got)),
        )
    })
    .hint("what is left at the end of the stream is no message: nothing says where it ends");
    rules(form, NEXT).rule(part).wanted(2, Way::ToClient, acknowledged(NEXT))
}

/// Another client after the first.
pub(crate) fn next_client() -> Form {
    let form = Form::new("another client after the first", |stage: &mut Stage| {
        stage.server()?;
        stage.relay([])?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)?;
        if stage.record(|record| record.hung(CLIENT)).is_some() {
            return Ok(());
        }
        stage.client(&["egg"])?;
        stage.ends(NEXT)
    });
    let form = form.rule(answers_on(1, &["hello"]).hint(KEEP));
    form.rule(answers_on(2, &["egg"]).hint(KEEP)).wanted(2, Way::ToClient, acknowledged(&["egg"]))
}
