//! `lost-count`: two clients are asked before either answers, and both say yes.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, Seen, Side, Stage, Way, Who};

use crate::guest::{self, Due, End, Guest, Played, difference};

mod broken;
mod fixed;
mod peer;

const SECOND: Who = Who { number: 2, ..CLIENT };
const ASKED_ZERO: &[u8] = b"0 sold, one more?\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "lost-count",
    question: "Both threads counted. Why is one of two sales missing?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: &[
        "<- at once: how many are sold, as in '0 sold, one more?' and a newline (0a)",
        "-> yes and a newline buys one; nay and a newline, or the end of the stream, buys none",
        "<- to yes: 'ticket 1' and a newline, with the number of this sale, then the end; to nay the end at once",
        "4 clients think about it at the same time; the tickets are numbered in the order of their answers",
    ],
    forms: |_| forms(),
    ..lab::EXPERIMENT
};

/// Each step waits for the one before: no two threads run at the same time.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([])?;
    for who in [CLIENT, SECOND] {
        stage.talkative_client()?;
        stage.says(who, "sold")?;
    }
    for who in [CLIENT, SECOND] {
        stage.type_line(who, "yes")?;
        stage.ends(who)?;
    }
    Ok(())
}

static ASKED: Due = Due {
    name: "all-are-asked",
    requires: "each is asked while others think",
    whom: "a client that comes while others think",
    missed: "is not asked",
    hint: "no lock, and no loop that serves one client, may last from the question to the answer",
};
static TRUE: Due = Due {
    name: "question-true",
    requires: "the question says how many are sold by then",
    whom: "a client",
    missed: "is asked something else than how many are sold",
    hint: "what is asked for is not sold yet: count when the client has said yes",
};
static COUNTED: Due = Due {
    name: "each-sale-counts",
    requires: "each sale has a number of its own",
    whom: "a client that bought",
    missed: "does not get the ticket of its sale",
    hint: "read, count and write in one step after the answer: a lock around those three alone, an atomic add, or no await \
           between them; what was read for the question is old by then, and processes do not share their variables",
};
static NO_SALE: Due = Due {
    name: "no-is-no-sale",
    requires: "whoever does not say yes gets the end and no ticket",
    whom: "a client that did not say yes",
    missed: "does not get the end at once",
    hint: "compare the whole line with yes, and close the connection after anything else",
};

/// What a client does.
enum Act {
    Comes,
    /// Client n, counted from 0, says yes.
    Yes(usize),
    /// The same in two pieces.
    Ye(usize),
    /// The word without its newline.
    Word(usize),
    /// The newline after [`Act::Word`].
    Newline(usize),
    No(usize),
    Leaves(usize),
    Resets(usize),
}

fn forms() -> Vec<Form> {
    use Act::{Comes, Leaves, Newline, No, Resets, Word, Ye, Yes};
    let form = |name: &str, acts: &'static [Act]| {
        office(name, acts).rule(ASKED.rule()).rule(TRUE.rule()).rule(COUNTED.and(twins_count)).rule(NO_SALE.rule())
    };
    vec![
        form("two clients are asked before either answers", &[Comes, Comes, Yes(0), Yes(1)]),
        form(
            "three are asked, and the last one answers first",
            &[Comes, Comes, Comes, Yes(2), Yes(0), Yes(1), Comes, Yes(3)],
        ),
        form(
            "one says nay, one leaves, one resets, and others buy",
            &[Comes, Comes, Comes, Comes, No(0), Leaves(1), Resets(2), Yes(3), Comes, No(4), Comes, Yes(5)],
        ),
        form("yes comes in two pieces, while another one buys", &[Comes, Comes, Ye(0), Yes(1), Comes, Ye(2)]),
        form(
            "between yes and its newline another one buys",
            &[Comes, Comes, Word(0), Yes(1), Newline(0), Comes, Yes(2)],
        ),
    ]
}

/// In the chapter's play the clients are programs.
fn twins_count(record: &Record) -> Seen {
    for (connection, ticket) in [(1, "ticket 1\n"), (2, "ticket 2\n")] {
        let heard = record.bytes(connection, Way::ToClient);
        let seen = difference(ticket.as_bytes(), heard.strip_prefix(ASKED_ZERO).unwrap_or(&heard));
        if !matches!(record.cast, Cast::Yours(_)) && !heard.ends_with(ticket.as_bytes()) {
            return Seen::Violated(format!("client {connection} bought and does not get ticket {connection}: {seen}"));
        }
    }
    Seen::Kept
}

/// Guests do this, one after the other.
fn office(name: &str, acts: &'static [Act]) -> Form {
    let play = move |stage: &mut Stage| -> Played {
        let mut guests: Vec<Option<Guest>> = Vec::new();
        let mut sold = 0;
        for act in acts {
            let place = match act {
                Act::Comes => {
                    let mut guest = Guest::enter(stage, &ASKED)?;
                    let question = format!("{sold} sold, one more?\n");
                    let heard = guest.hears_up_to(stage, question.len())?;
                    if heard.is_empty() {
                        return Err(ASKED.missed(guest.who(), difference(question.as_bytes(), &heard)));
                    }
                    if heard != question.as_bytes() {
                        return Err(TRUE.missed(guest.who(), difference(question.as_bytes(), &heard)));
                    }
                    guests.push(Some(guest));
                    continue;
                }
                Act::Word(place) => {
                    if let Some(Some(guest)) = guests.get_mut(*place) {
                        guest.says(b"yes");
                        guest.is_read();
                    }
                    stage.settle()?;
                    continue;
                }
                Act::Yes(place) | Act::Ye(place) | Act::Newline(place) => *place,
                Act::No(place) | Act::Leaves(place) | Act::Resets(place) => *place,
            };
            let Some(mut guest) = guests.get_mut(place).and_then(Option::take) else { continue };
            match act {
                Act::Yes(_) | Act::Ye(_) | Act::Newline(_) => {
                    sold += 1;
                    let rest: &[u8] = match act {
                        Act::Newline(_) => b"\n",
                        Act::Ye(_) => {
                            guest.says(b"ye");
                            guest.is_read();
                            b"s\n"
                        }
                        _ => b"yes\n",
                    };
                    guest.says(rest);
                    guest.hears(stage, &format!("ticket {sold}\n"), &COUNTED)?;
                    guest.leaves();
                }
                Act::No(_) | Act::Leaves(_) => {
                    if matches!(act, Act::No(_)) {
                        guest.says(b"nay\n");
                    } else {
                        guest.half_closes();
                    }
                    let heard = guest.hears_up_to(stage, 1)?;
                    if !heard.is_empty() || guest.end(stage) == End::None {
                        return Err(NO_SALE.missed(guest.who(), difference(b"", &heard)));
                    }
                }
                _ => guest.resets(),
            }
            stage.settle()?;
        }
        Ok(())
    };
    guest::form(name, play)
}

fn judge(record: &Record) -> Finding {
    let tickets: Vec<Option<Vec<u8>>> = [1, 2]
        .iter()
        .map(|connection| Some(record.bytes(*connection, Way::ToClient).strip_prefix(ASKED_ZERO)?.to_vec()))
        .collect();
    match [&tickets[0], &tickets[1]].map(|ticket| ticket.as_deref()) {
        [Some(b"ticket 1\n"), Some(b"ticket 2\n")] => {
            Finding::Held("two clients bought, one after the other, and hold the tickets 1 and 2".to_string())
        }
        [Some(b"ticket 1\n"), Some(b"ticket 1\n")] => Finding::Broke(
            "two clients bought, and both hold ticket 1: the second sale overwrote the first".to_string(),
        ),
        [None, _] => Finding::Other("the first client was not told that 0 are sold".to_string()),
        [_, None] => {
            Finding::Other("while the first client thinks, the second is not told that 0 are sold".to_string())
        }
        _ => Finding::Other("the clients do not hold the tickets 1 and 2".to_string()),
    }
}
