//! Rules about the wire: which bytes, in which direction, not before what, who ends what. A lesson makes its own with
//! [`Rule::new`] where these do not do.

use crate::record::{Exit, Record, Way, What, Who};
use crate::rules::{Rule, Seen};
use crate::story::{brief, count};

/// The side that sends in this direction, as a sentence names it.
fn sender(way: Way) -> &'static str {
    match way {
        Way::ToServer => "client",
        Way::ToClient => "server",
    }
}

/// Bytes as a sentence shows them: text in quotes, else in hexadecimal, not too many of them.
pub fn quoted(bytes: &[u8]) -> String {
    brief(bytes)
}

/// Exactly these bytes on a connection in one direction, no more and no fewer. `what` names them: `the answer`.
pub fn bytes(connection: usize, way: Way, what: &str, expected: impl Into<Vec<u8>>) -> Rule {
    let (expected, what) = (expected.into(), what.to_string());
    let requires = format!("{what} is {}", brief(&expected));
    Rule::new("bytes", requires, move |record| {
        let got = record.bytes(connection, way);
        if got == expected {
            return Seen::Kept;
        }
        let same = got.iter().zip(&expected).take_while(|(got, expected)| got == expected).count();
        Seen::Violated(match (got.len(), expected.len()) {
            (0, _) => format!("{what} never came: the {} sent nothing", sender(way)),
            (_, 0) => format!("the {} sent {} where nothing was to come", sender(way), brief(&got)),
            (got, expected) if same == got => {
                format!("{what} has {} instead of {expected}", count(got, "byte"))
            }
            (got, expected) if same == expected => {
                format!("after {what} came {} too many", count(got - expected, "byte"))
            }
            _ => format!("{what} is not what was expected: byte {same} differs"),
        })
    })
}

/// Not a byte goes to the client before `request` bytes of what the client sends were handed on to the server.
pub fn not_before(connection: usize, request: usize, what: &str) -> Rule {
    in_turn(connection, [(request, 0)], what)
}

/// At most `answer` bytes go to the client before `request` bytes of what the client sends were handed on to the server,
/// for each pair: `[(9, 0), (18, 9)]` for two requests of 9 bytes with answers of 9. `what` names a request: `the frame`.
pub fn in_turn(connection: usize, turns: impl Into<Vec<(usize, usize)>>, what: &str) -> Rule {
    let (turns, what) = (turns.into(), what.to_string());
    let requires = format!("no answer comes before {what} is whole");
    Rule::new("not-before", requires, move |record| {
        let (mut handed_on, mut came) = (0, 0);
        for event in record.on(connection) {
            match &event.what {
                What::Bytes { way: Way::ToServer, total, .. } => handed_on += total,
                What::Inserted { way: Way::ToServer, bytes } => handed_on += bytes.len(),
                What::Bytes { way: Way::ToClient, bytes, total } => {
                    came += total;
                    let early = turns.iter().position(|(request, answer)| handed_on < *request && came > *answer);
                    if let Some(place) = early {
                        let before = place.checked_sub(1).map_or(0, |before| turns[before].0);
                        return Seen::Violated(format!(
                            "{} came when the server had {} of the {} bytes of {what}",
                            brief(bytes),
                            handed_on.saturating_sub(before),
                            turns[place].0 - before
                        ));
                    }
                }
                _ => {}
            }
        }
        Seen::Kept
    })
}

/// This side of a connection is ended in order, by a FIN.
pub fn ends(connection: usize, way: Way) -> Rule {
    let requires = format!("the {} ends its stream", sender(way));
    Rule::new("ends", requires, move |record| {
        let how = if record.reset(connection, way) { "resets the connection" } else { "never ends its stream" };
        Seen::kept_if(record.fin(connection, way), format!("the {} {how}", sender(way)))
    })
}

/// This side of a connection is ended, in whatever way.
pub fn closes(connection: usize, way: Way) -> Rule {
    let requires = format!("the {} closes the connection", sender(way));
    Rule::new("closes", requires, move |record| {
        let closed = record.fin(connection, way) || record.reset(connection, way);
        Seen::kept_if(closed, format!("the {} never closes the connection", sender(way)))
    })
}

/// An actor prints these lines on standard output and no others, `listening on ADDR` aside.
/// A longer line than the record keeps whole, 4096 bytes, is given in pieces of that size.
pub fn prints<'a>(who: Who, lines: impl IntoIterator<Item = &'a str>) -> Rule {
    let lines: Vec<String> = lines.into_iter().map(str::to_string).collect();
    Rule::new("prints", String::new(), move |record| seen_lines(record, who, &lines, false))
}

/// A client gets its answers: it prints these lines and no others, and ends with status 0.
pub fn served<'a>(who: Who, lines: impl IntoIterator<Item = &'a str>) -> Rule {
    let lines: Vec<String> = lines.into_iter().map(str::to_string).collect();
    Rule::new("served", format!("{who} is served"), move |record| seen_lines(record, who, &lines, true))
}

fn seen_lines(record: &Record, who: Who, lines: &[String], ends: bool) -> Seen {
    let printed: Vec<&str> = record.lines(who).into_iter().filter(|line| !line.starts_with("listening on ")).collect();
    let place = printed.iter().zip(lines).take_while(|(printed, line)| printed == line).count();
    match (printed.get(place), lines.get(place)) {
        (Some(got), Some(expected)) => {
            let [got, expected] = [*got, expected.as_str()].map(|line| brief(line.as_bytes()));
            Seen::Violated(format!("line {} of the {who} is {got}; expected: {expected}", place + 1))
        }
        (None, Some(expected)) => Seen::Violated(format!("the {who} did not get {}", brief(expected.as_bytes()))),
        (Some(got), None) => {
            Seen::Violated(format!("the {who} got {} beyond what it asked for", brief(got.as_bytes())))
        }
        (None, None) => match record.exit(who) {
            None if ends => Seen::Violated(format!("the {who} got its answers and did not come to its end")),
            Some(exit) if ends && !exit.is_success() => Seen::Violated(format!("the {who} {exit}")),
            _ => Seen::Kept,
        },
    }
}

/// Exactly these datagrams on a connection in one direction, in this order.
pub fn datagrams<const N: usize>(connection: usize, way: Way, what: &str, expected: [&[u8]; N]) -> Rule {
    let (expected, what) = (expected.map(<[u8]>::to_vec).to_vec(), what.to_string());
    let requires = format!("{what} arrive as they were meant");
    Rule::new("datagrams", requires, move |record| {
        let got = record.datagrams(connection, way);
        let same = got.iter().zip(&expected).take_while(|(got, expected)| got == expected).count();
        match (got.get(same), expected.get(same)) {
            (None, None) => Seen::Kept,
            (None, Some(expected)) => Seen::Violated(format!(
                "{what}: the {} sent {} and then no more; expected next: {}",
                sender(way),
                count(same, "datagram"),
                brief(expected)
            )),
            (Some(got), expected) => Seen::Violated(format!(
                "{what}: datagram {} is {}; expected: {}",
                same + 1,
                brief(got),
                expected.map_or("nothing more".to_string(), |expected| brief(expected))
            )),
        }
    })
}

/// An actor ends with status 0.
pub fn succeeds(who: Who) -> Rule {
    Rule::new("succeeds", format!("{who} ends with status 0"), move |record| match record.exit(who) {
        Some(Exit::Status(0)) => Seen::Kept,
        Some(exit) => Seen::Violated(format!("the {who} {exit}")),
        None => Seen::Violated(format!("the {who} does not end")),
    })
}

/// An actor ends with an error status, by itself.
pub fn fails(who: Who) -> Rule {
    Rule::new("fails", format!("{who} ends with an error status"), move |record| match record.exit(who) {
        Some(Exit::Status(0)) => Seen::Violated(format!("the {who} ends with status 0, as if all had gone well")),
        Some(Exit::Status(_)) => Seen::Kept,
        Some(exit) => Seen::Violated(format!("the {who} {exit}")),
        None => Seen::Violated(format!("the {who} does not end")),
    })
}
