//! `doubled-and-swapped`: of three lines the second is overtaken by the third, and the third comes twice.

use std::time::Duration;

use lab::{
    CLIENT, Check, Experiment, Fate, Fates, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
    Way, Who,
};

use crate::finished;
use crate::rules::{self, brief, datagrams};

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
        "-> NUMBER, a blank, LINE: one line of a text; NUMBER in decimal digits, from 1 on; these are not answered",
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
    const ELEVEN: Lines = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    const ROSE: Lines = &["a", "rose", "is", "a", "rose", "is", "a", "rose"];
    vec![
        ruled(Form::new("two lines change places, and one comes twice", play), CLIENT, 1, INPUT),
        senders("eleven lines, all of them out of place", &[(ELEVEN, MIXED)]),
        senders("some lines have the same words", &[(ROSE, &[1, 2, 4, 3, 1, 5, 8, 6, 7, 2, 8])]),
        senders("two senders, the second with fewer lines", &[(ELEVEN, MIXED), (&["blue", "violet"], &[2, 1])]),
    ]
}

type Lines = &'static [&'static str];
/// The lines of a text, and the numbers in the order in which they come.
type Text = (Lines, &'static [usize]);

/// One sender after the other, each from a socket of its own; all are played by the lab.
fn senders(name: &str, texts: &'static [Text]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        for (lines, order) in texts {
            let mut sender = stage.datagram_attacker()?;
            for number in *order {
                sender.send(SERVER, format!("{number} {}", lines[number - 1]).as_bytes())?;
            }
            sender.send(SERVER, b"all")?;
            rules::answer(stage, &mut sender)?;
            stage.settle()?;
            sender.received();
        }
        Ok(())
    });
    let sender = |number| Who { role: Role::Attacker, number };
    (1..).zip(texts).fold(form, |form, (number, (lines, _))| ruled(form, sender(number), number, lines))
}

type Words = [String];

/// What the server answers this sender with, on this connection; its text is these lines, each a word.
fn ruled(form: Form, who: Who, connection: usize, lines: Lines) -> Form {
    let text = move |record: &Record| datagrams(record, who, Way::ToClient).pop();
    let second = if who.number > 1 { "the second sender" } else { "the sender" };
    let rule = |name, requires: &str, look: fn(Lines, &Words) -> Option<String>| {
        Rule::new(name, requires, move |record| {
            let Some(text) = text(record) else { return Seen::Kept };
            let words: Vec<String> =
                String::from_utf8_lossy(&text).split_whitespace().map(ToString::to_string).collect();
            match look(lines, &words) {
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
    let one_blank = Rule::new("one-blank", "the lines are joined by one blank", move |record| {
        let Some(text) = text(record) else { return Seen::Kept };
        let words: Vec<&[u8]> = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let other =
            words == lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>() && text != lines.join(" ").as_bytes();
        Seen::kept_if(!other, format!("the text is joined otherwise than by one blank: {}", brief(&text)))
    });
    let form = form.wanted(connection, Way::ToClient, lines.join(" "));
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

fn foreign(lines: Lines, words: &Words) -> Option<String> {
    let other = words.iter().find(|word| !lines.contains(&word.as_str()))?;
    Some(format!("{other:?} is none of the lines that it sent"))
}

fn times(lines: Lines, words: &Words, line: &str) -> [usize; 2] {
    [lines.iter().filter(|it| **it == line).count(), words.iter().filter(|it| *it == line).count()]
}

fn doubled(lines: Lines, words: &Words) -> Option<String> {
    let (line, count) = lines.iter().find_map(|line| {
        let [sent, came] = times(lines, words, line);
        (came > sent).then_some((line, came))
    })?;
    Some(format!("the line {line:?} is there {count} times"))
}

fn lost(lines: Lines, words: &Words) -> Option<String> {
    let line = lines.iter().find(|line| {
        let [sent, came] = times(lines, words, line);
        came < sent
    })?;
    Some(format!("a line {line:?} is missing"))
}

/// Told where each line is there as often as it has to be.
fn swapped(lines: Lines, words: &Words) -> Option<String> {
    let own: Vec<&str> = words.iter().map(String::as_str).filter(|word| lines.contains(word)).collect();
    let whole = doubled(lines, words).is_none() && lost(lines, words).is_none();
    (whole && own != lines).then(|| "the lines are not in the order of their numbers".to_string())
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
