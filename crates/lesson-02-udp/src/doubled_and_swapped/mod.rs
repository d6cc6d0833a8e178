//! `doubled-and-swapped`: of three lines the second is overtaken by the third, and the third comes twice.

use std::sync::Arc;
use std::time::Duration;

use lab::{
    CLIENT, Check, Experiment, Fate, Fates, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
    Way, Who,
};

use crate::finished;
use crate::rules::{self, brief, count, datagrams};

mod broken;
mod fixed;
mod peer;

const INPUT: &[&str] = &["roses", "are", "red"];
const TEXT: &[u8] = b"roses are red";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "doubled-and-swapped",
    question: "Do datagrams come once, and in order?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> NUMBER, a blank, LINE: one line of a text, a word or several; NUMBER in decimal digits, from 1 on; not answered",
        "-> all: asks for the text",
        "<- one datagram: the lines that came from this sender, by their numbers, each once, with one blank between two",
        "lines come late, or twice, or a second time much later; what has the same number is the same line",
        "every address and port that sends has a text of its own, of up to 100 lines",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(INPUT, judge_finished) }),
    ..lab::EXPERIMENT
};

/// The numbers of the lines in the order in which they come, with some that come twice.
const MIXED: &[usize] = &[1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6, 1, 11];

fn forms() -> Vec<Form> {
    const ELEVEN: &[&str] = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    const ROSE: &[&str] = &["a", "rose", "is", "a", "rose", "is", "a", "rose"];
    const VERSE: &[&str] = &["roses are red", "violets are blue", "1 and 2 and 3"];
    let lines = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = |words: &[&str], order: &[usize]| Text { lines: lines(words), order: order.to_vec() };
    vec![
        ruled(Form::new("two lines change places, and one comes twice", play), CLIENT, 1, &lines(INPUT)),
        senders("eleven lines, all of them out of place", vec![text(ELEVEN, MIXED)]),
        senders("some lines have the same words", vec![text(ROSE, &[1, 2, 4, 3, 1, 5, 8, 6, 7, 2, 8])]),
        senders("lines of several words", vec![text(VERSE, &[3, 1, 2, 3])]),
        senders("a hundred lines, and copies of the first that came", vec![longest()]),
        senders(
            "two senders, the second with fewer lines",
            vec![text(ELEVEN, MIXED), text(&["blue", "violet"], &[2, 1])],
        ),
    ]
}

/// The lines of a text, and the numbers in the order in which they come.
struct Text {
    lines: Vec<String>,
    order: Vec<usize>,
}

/// As many lines as a text may have, each far from its neighbours; the first that came come again at the end.
fn longest() -> Text {
    const LINES: usize = 100;
    let order: Vec<usize> = (0..LINES + 5).map(|place| place * 37 % LINES + 1).collect();
    Text { lines: (1..=LINES).map(|number| format!("w{number}")).collect(), order }
}

/// One sender after the other, each from a socket of its own; all are played by the lab.
fn senders(name: &str, texts: Vec<Text>) -> Form {
    /// So many datagrams go out before the server has taken them: any queue has room for them.
    const AT_ONCE: usize = 20;
    let sender = |number| Who { role: Role::Attacker, number };
    let texts = Arc::new(texts);
    let played = texts.clone();
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        for Text { lines, order } in played.iter() {
            let mut sender = stage.datagram_attacker()?;
            for some in order.chunks(AT_ONCE) {
                for number in some {
                    sender.send(SERVER, format!("{number} {}", lines[number - 1]).as_bytes())?;
                }
                if order.len() > AT_ONCE {
                    stage.settle()?;
                }
            }
            sender.send(SERVER, b"all")?;
            rules::answer(stage, &mut sender)?;
            stage.settle()?;
            sender.received();
        }
        Ok(())
    });
    (1..).zip(texts.iter()).fold(form, |form, (number, text)| ruled(form, sender(number), number, &text.lines))
}

type Words = [String];
/// What is wrong with the words of an answer; the first are those that it has to have.
type Look = fn(&Words, &Words) -> Option<String>;

/// What the server answers this sender with, on this connection; its text is these lines.
fn ruled(form: Form, who: Who, connection: usize, lines: &Words) -> Form {
    let text = move |record: &Record| datagrams(record, who, Way::ToClient).pop();
    let second = if who.number > 1 { "the second sender" } else { "the sender" };
    let whole = lines.join(" ");
    let wanted = words(&whole);
    let rule = |name, requires: &str, look: Look| {
        let wanted = wanted.clone();
        Rule::new(name, requires, move |record| {
            let Some(text) = text(record) else { return Seen::Kept };
            match look(&wanted, &words(&String::from_utf8_lossy(&text))) {
                Some(seen) => Seen::Violated(format!("{seen}; {second} got {}", brief(&text))),
                None => Seen::Kept,
            }
        })
    };
    let is_answered = Rule::new("is-answered", "all is answered", move |record| {
        let over = record.exit(SERVER).is_some();
        Seen::kept_if(text(record).is_some() || over, format!("{second} sent all, and nothing came back"))
    });
    let one_answer = Rule::new("one-answer", "nothing but all is answered", move |record| {
        let answers = datagrams(record, who, Way::ToClient);
        Seen::kept_if(
            answers.len() <= 1,
            format!(
                "{} datagrams came back; the first is {}",
                answers.len(),
                brief(answers.first().map_or(&[], |it| it))
            ),
        )
    });
    let (wanted_words, wanted_text) = (wanted.clone(), whole.clone());
    let one_blank = Rule::new("one-blank", "the lines are joined by one blank", move |record| {
        let Some(text) = text(record) else { return Seen::Kept };
        let other = words(&String::from_utf8_lossy(&text)) == wanted_words && text != wanted_text.as_bytes();
        Seen::kept_if(!other, format!("the text is joined otherwise than by one blank: {}", brief(&text)))
    });
    let form = form.wanted(connection, Way::ToClient, whole);
    rules::clients_may_fail(form, 1)
        .rule(is_answered)
        .rule(one_answer)
        .rule(rule("own-text", "each sender has a text of its own", foreign).hint(
            "keep the lines by sender: the pair of its address and its port",
        ))
        .rule(rule("each-once", "each number is there once", doubled).hint("keep the lines by number, as in a dict or a map"))
        .rule(rule("none-lost", "no line is left out", lost).hint(
            "a number that is smaller than the last one belongs to a line that came late, and equal words may be two lines",
        ))
        .rule(rule("in-order", "the lines are in the order of their numbers", swapped).hint(
            "sort by number when you are asked, and by the number, not by its digits",
        ))
        .rule(one_blank)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToString::to_string).collect()
}

fn foreign(wanted: &Words, words: &Words) -> Option<String> {
    let other = words.iter().find(|word| !wanted.contains(word))?;
    Some(format!("{other:?} is in none of the lines that it sent"))
}

/// How often a word belongs there, and how often it is there.
fn times(wanted: &Words, words: &Words, word: &str) -> [usize; 2] {
    [wanted, words].map(|all| all.iter().filter(|it| *it == word).count())
}

fn doubled(wanted: &Words, words: &Words) -> Option<String> {
    let (word, [sent, came]) =
        wanted.iter().map(|word| (word, times(wanted, words, word))).find(|(_, [sent, came])| came > sent)?;
    Some(format!("{word:?} is there {} and was sent {}", count(came, "time"), count(sent, "time")))
}

fn lost(wanted: &Words, words: &Words) -> Option<String> {
    let (word, [sent, came]) =
        wanted.iter().map(|word| (word, times(wanted, words, word))).find(|(_, [sent, came])| came < sent)?;
    Some(match came {
        0 => format!("{word:?} is missing"),
        _ => format!("{word:?} is there {} and was sent {}", count(came, "time"), count(sent, "time")),
    })
}

/// Told where each word is there as often as it has to be.
fn swapped(wanted: &Words, words: &Words) -> Option<String> {
    let own: Vec<&String> = words.iter().filter(|word| wanted.contains(word)).collect();
    let whole = doubled(wanted, words).is_none() && lost(wanted, words).is_none();
    (whole && own != wanted.iter().collect::<Vec<_>>())
        .then(|| "the lines are not in the order of their numbers".to_string())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: vec![Fate::Pass, Fate::Swap, Fate::Double], to_client: Vec::new() })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    match &answers[..] {
        [] => Finding::Other("the server did not answer when it was asked for the text with \"all\"".to_string()),
        [text] if text == TEXT => Finding::Held(
            "two lines changed places and one came twice, and the text has each line once and in its place".to_string(),
        ),
        [text] if text == b"roses red red are" => Finding::Broke(
            "two lines changed places and one came twice, and so they stand in the text: roses red red are".to_string(),
        ),
        [_] => Finding::Other("the answer to \"all\" is not the text: the lines, with blanks between them".to_string()),
        _ => Finding::Other("the server answered more than the \"all\"".to_string()),
    }
}

/// The finished client has one question under way at a time, so it is answers that change places: the first one to `are`
/// is held back until the client has asked again, and comes behind the second one, which comes twice.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.patience(Duration::from_millis(700));
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Pass, Fate::Swap, Fate::Double] })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let came_twice = record.datagrams(1, Way::ToClient).len() > INPUT.len();
    let holds = came_twice && finished::printed(record, INPUT);
    finished::finding(holds, "an answer came late and one came twice, and each line was answered once and in order")
}
