//! What the servers of this lesson have in common for a judge: each line is a request and gets one line back, in order.

use std::time::Duration;

use lab::{CLIENT, Form, Record, Rule, Script, Seen, Stage, Way, wire};

/// As much as is looked at of what comes too early, bytes.
const EARLY: usize = 100;
/// How long a client waits for an answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// What most programs that answer too early, or answer nonsense, do.
const KEEP: &str = "one read, or recv, gives what has come by then: a part of a line, or several; keep it until a newline \
                    has come, and keep what follows the newline for the next line";

/// Requests and what belongs back, each without its newline.
pub(crate) type Exchange = [(&'static str, &'static str)];

fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    texts.map(|text| format!("{text}\n")).collect::<String>().into_bytes()
}

/// One client asks one thing after the other, and waits for each answer.
pub(crate) fn asked(name: &str, exchange: &'static Exchange) -> Form {
    let requests: Vec<&str> = exchange.iter().map(|(request, _)| *request).collect();
    answered(Form::relayed(name, [Script::open()], &requests), 1, exchange)
}

/// These answers are wanted on this connection, and no others.
pub(crate) fn answered(form: Form, connection: usize, exchange: &'static Exchange) -> Form {
    let expected = lines(exchange.iter().map(|(_, answer)| *answer));
    let requires = format!("each of the {} requests gets its answer", exchange.len());
    let look = move |record: &Record| seen(record, connection, exchange);
    form.rule(Rule::new("bytes", requires, look)).wanted(connection, Way::ToClient, expected)
}

/// Whether these answers came on this connection, and no others.
pub(crate) fn seen(record: &Record, connection: usize, exchange: &Exchange) -> Seen {
    let got = record.bytes(connection, Way::ToClient);
    let expected = lines(exchange.iter().map(|(_, answer)| *answer));
    if got == expected { Seen::Kept } else { Seen::Violated(difference(&got, exchange)) }
}

/// What is wrong with these answers, the first wrong one named.
fn difference(got: &[u8], exchange: &Exchange) -> String {
    let mut came = got.split_inclusive(|byte| *byte == b'\n');
    for (request, answer) in exchange {
        let expected = format!("{answer}\n");
        match came.next() {
            Some(line) if line == expected.as_bytes() => {}
            Some(line) => {
                let [line, expected] = [line, expected.as_bytes()].map(wire::quoted);
                return format!("the answer to {request:?} is {line}; expected: {expected}");
            }
            None => return format!("{request:?} is not answered; expected: {}", wire::quoted(expected.as_bytes())),
        }
    }
    format!("after the last answer came {}", wire::quoted(came.next().unwrap_or_default()))
}

/// A client that the lab plays itself sends these requests in pieces that end at these places. Everybody has done all that
/// they can do with a piece before the next one comes.
pub(crate) fn pieces(name: &str, exchange: &'static Exchange, places: &[usize]) -> Form {
    let all = lines(exchange.iter().map(|(request, _)| *request));
    let ends: Vec<usize> = places.iter().copied().chain([all.len()]).collect();
    let turns: Vec<(usize, usize)> = exchange
        .iter()
        .scan((0, 0), |(sent, answered), (request, answer)| {
            let before = *answered;
            *sent += request.len() + 1;
            *answered += answer.len() + 1;
            Some((*sent, before))
        })
        .collect();
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        let mut peer = stage.attacker()?;
        stage.step(peer.who(), "is a client whose requests come in pieces");
        let (mut from, mut came) = (0, 0);
        for end in &ends {
            peer.send(&all[from..*end]);
            from = *end;
            let whole = all[..from].iter().filter(|byte| **byte == b'\n').count();
            let due: usize = exchange[..whole].iter().map(|(_, answer)| answer.len() + 1).sum();
            peer.patience(PATIENCE)?;
            came += peer.receive(due.saturating_sub(came)).len();
            if came < due {
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
    answered(form.rule(wire::in_turn(1, turns, "the requests").hint(KEEP)), 1, exchange)
}

/// Two clients, one after the other.
pub(crate) fn next_client(name: &str, exchange: &'static Exchange) -> Form {
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        stage.relay([])?;
        let requests: Vec<&str> = exchange.iter().map(|(request, _)| *request).collect();
        stage.client(&requests)?;
        stage.ends(CLIENT)?;
        if stage.record(|record| record.hung(CLIENT)).is_some() {
            return Ok(());
        }
        let next = stage.client(&requests)?;
        stage.ends(next)
    });
    answered(answered(form, 1, exchange), 2, exchange)
}
