//! `lost-reply`: the network loses the answer to the first question.

use std::time::Duration;

use lab::{
    Allowed, CLIENT, Check, Exit, Experiment, Fate, Fates, Finding, Form, Record, Role, Rule, Seen, Side, Stage, Way,
};

use crate::finished;
use crate::rules::{self, Asked, asked, brief, end, named};

mod broken;
mod fixed;
mod peer;

const INPUT: &[&str] = &["hello", "egg"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-reply",
    question: "What does a client do when no answer comes?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> for each line of standard input one datagram: NUMBER, a blank, LINE; no two lines have the same number",
        "<- the same bytes; a datagram may be lost, come late or come twice, either way",
        "not answered: send the same bytes again, within 5 seconds, at least three more times",
        "the next line only when this one was answered; print each line when it is (more may stand on the line)",
        "end with status 0 when the input has ended and all was answered",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(INPUT, judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    use Fate::{Drop, Pass, Swap};
    let three = &["one", "two", "three"];
    let each = [Drop, Pass].repeat(3);
    vec![
        lossy("the first answer is lost", INPUT, [], [Drop]),
        lossy("the first datagram of each question is lost", three, each, []),
        lossy("three answers in a row are lost", INPUT, [], [Drop, Drop, Drop]),
        lossy("the first answer comes late, and the next one is lost", three, [], [Swap, Pass, Drop]),
        lossy("nothing is lost", three, [], []),
    ]
}

/// A relay with these fates before the server, and one client that is typed these lines.
fn lossy(name: &str, lines: &'static [&str], to_server: impl Into<Vec<Fate>>, to_client: impl Into<Vec<Fate>>) -> Form {
    let fates = Fates { to_server: to_server.into(), to_client: to_client.into() };
    let form = Form::new(name, move |stage| {
        // A program of one's own may wait as RFC 8085 says, and twice as long with each try.
        stage.patience(Duration::from_secs(6));
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(fates.clone())?;
        stage.client(lines)?;
        stage.ends(CLIENT)
    });
    ruled(form, lines)
}

/// What belongs to one line: its question as it was sent, again and again.
struct Question {
    line: &'static str,
    tries: Vec<Asked>,
}

impl Question {
    fn answered(&self) -> bool {
        self.tries.iter().any(|asked| asked.answered_at.is_some())
    }
}

/// The datagrams of the client by the lines that they carry; what carries none of them comes with the line before.
fn questions(record: &Record, lines: &'static [&str]) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for asked in asked(record, CLIENT) {
        let next = lines.get(questions.len()).filter(|line| asked.bytes.ends_with(line.as_bytes()));
        let known = questions.iter_mut().find(|question| question.tries[0].bytes == asked.bytes);
        match (known, next) {
            (Some(question), _) => question.tries.push(asked),
            (None, Some(line)) => questions.push(Question { line, tries: vec![asked] }),
            (None, None) => match questions.last_mut() {
                Some(last) => last.tries.push(asked),
                None => questions.push(Question { line: lines[0], tries: vec![asked] }),
            },
        }
    }
    questions
}

fn all_answered(record: &Record, lines: &'static [&str]) -> bool {
    let questions = questions(record, lines);
    questions.len() == lines.len() && questions.iter().all(Question::answered)
}

fn ruled(form: Form, lines: &'static [&str]) -> Form {
    let rule = |name, requires: &str, look: fn(&[Question]) -> Option<String>| {
        Rule::new(name, requires, move |record| match look(&questions(record, lines)) {
            Some(seen) => Seen::Violated(seen),
            None => Seen::Kept,
        })
    };
    let asks_again = Rule::new("asks-again", "a question that is not answered is asked again", move |record| {
        match questions(record, lines).last() {
            Some(last) if !last.answered() => {
                let times = match last.tries.len() {
                    1 => "once".to_string(),
                    times => format!("{times} times"),
                };
                Seen::Violated(format!(
                    "your client sent {} {times}, no answer reached it, and then {}",
                    named(&last.tries[0].bytes),
                    end(record).replace("your client", "it")
                ))
            }
            _ => Seen::Kept,
        }
    });
    let asks_each_line = Rule::new("asks-each-line", "each line is asked", move |record| {
        let questions = questions(record, lines);
        match (questions.last(), lines.get(questions.len())) {
            (None, _) => Seen::Violated(format!("your client sent nothing: {}", end(record))),
            (Some(last), Some(next)) if last.answered() => Seen::Violated(format!(
                "{} was answered, {next:?} was never asked: {}",
                brief(last.line.as_bytes()),
                end(record)
            )),
            _ => Seen::Kept,
        }
    });
    let prints = Rule::new("prints", "each line that was answered is printed", move |record| {
        let printed = record.lines(CLIENT);
        let missing = lines
            .iter()
            .enumerate()
            .find(|(place, line)| !printed.get(*place).is_some_and(|text| text.contains(**line)));
        match missing {
            Some((place, line)) if all_answered(record, lines) => {
                let got = printed.get(place).map_or("nothing".to_string(), |text| brief(text.as_bytes()));
                Seen::Violated(format!(
                    "{line:?} was answered, and line {} of what your client printed is {got}",
                    place + 1
                ))
            }
            _ => Seen::Kept,
        }
    });
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Fails(CLIENT))
        .rule(
            rule("number-and-line", "each question is a number, a blank and the line", unnumbered)
                .hint("without a number of its own nobody can tell whose answer this is: send f\"{number} {line}\""),
        )
        .rule(
            rule("same-bytes", "a question is asked again with the same bytes", changed)
                .hint("a new number makes it a new question: keep the number until the line is answered"),
        )
        .rule(rule("own-answer", "the next line waits for the answer to this one", went_on).hint(
            "compare what came with what you asked, and go on waiting when it is the answer to an earlier question",
        ))
        .rule(asks_each_line)
        .rule(asks_again.hint("give the socket a timeout, and send the same bytes again when it is over"))
        .rule(prints)
        .rule(rules::ends(move |record| all_answered(record, lines)))
}

/// A question that is not a number, a blank and a line, or has the number of another line.
fn unnumbered(questions: &[Question]) -> Option<String> {
    let mut numbers: Vec<(&[u8], &str)> = Vec::new();
    for question in questions {
        for asked in &question.tries {
            let blank = asked.bytes.iter().position(|byte| *byte == b' ').unwrap_or(0);
            let (number, rest) = asked.bytes.split_at(blank);
            let digits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
            if !digits || rest.get(1..) != Some(question.line.as_bytes()) {
                return Some(format!("for the line {:?} your client sent {}", question.line, brief(&asked.bytes)));
            }
            if let Some((_, line)) = numbers.iter().find(|(known, line)| *known == number && *line != question.line) {
                return Some(format!("{} has the number of the line {line:?}", brief(&asked.bytes)));
            }
            numbers.push((number, question.line));
        }
    }
    None
}

/// A question that was asked again in other words.
fn changed(questions: &[Question]) -> Option<String> {
    questions.iter().find_map(|question| {
        let (first, more) = question.tries.split_first()?;
        let other = more.iter().find(|asked| asked.bytes != first.bytes)?;
        Some(format!("your client sent {}, and when no answer came {}", brief(&first.bytes), brief(&other.bytes)))
    })
}

/// A question that was left without an answer.
fn went_on(questions: &[Question]) -> Option<String> {
    questions.windows(2).find_map(|pair| {
        let next = &pair[1].tries[0];
        // An answer that comes after the next question was not waited for.
        let waited = pair[0].tries.iter().any(|asked| asked.answered_at.is_some_and(|at| at < next.place));
        let sent = brief(&next.bytes);
        (!waited).then(|| {
            format!("your client sent {sent} before the answer to {} had come", brief(&pair[0].tries[0].bytes))
        })
    })
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    // The longest wait of the clients here is their second one.
    stage.patience(Duration::from_millis(700));
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates { to_server: Vec::new(), to_client: vec![Fate::Drop] })?;
    stage.client(INPUT)?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let questions = record.datagrams(1, Way::ToServer);
    let ended_well = record.exit(CLIENT).is_some_and(Exit::is_success);
    match &questions[..] {
        [] => Finding::Other("the client asked nothing".to_string()),
        [_] if record.hung(CLIENT).is_some() => {
            Finding::Broke("the answer was lost, nobody said so, and the client waits for it for ever".to_string())
        }
        [_] => Finding::Other(
            "the client gave up after one lost answer: it has to send its question again, the same bytes".to_string(),
        ),
        [first, again, ..] if first != again => Finding::Other(
            "the client went on without an answer: it has to send its question again, the same bytes".to_string(),
        ),
        [_, _] => Finding::Other("the second question was never asked".to_string()),
        [_, again, more @ ..] if ended_well && more.iter().any(|question| question != again) => Finding::Held(
            "the answer was lost, the client asked again after a while, and both questions were answered".to_string(),
        ),
        _ => Finding::Other("the client asked again and did not end well".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let again = record.datagrams(1, Way::ToServer).iter().filter(|question| *question == b"hello").count() > 1;
    let printed = finished::printed(record, INPUT);
    finished::finding(again && printed, "the answer was lost, the client asked again, and each line came back once")
}
