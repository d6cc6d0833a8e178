//! `ran-twice`: the server carries out a request, its reply is lost, and the client sends the same request again.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Form, Record, Role, Rule, SERVER, Script, Seen, Side, Stage, Step, Way,
    wire,
};

use crate::finished::{self, Reply};
use crate::split_header::forms::{self, ECHO, fell_silent, frame};

mod broken;
mod fixed;
#[expect(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
mod peer;

const ONCE: &[u8] = b"\0\0\0\x0corder 1: tea";
const TWICE: &[u8] = b"\0\0\0\x0corder 2: tea";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "ran-twice",
    question: "The reply was lost. May the client ask again?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    wire: &WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo tea"], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: [&str; 6] = [
    "-> frames: 4 bytes length, big-endian, then at most 1024 bytes: an id, a blank, what is ordered",
    "<- for each a frame: order N: WHAT; N counts the orders of your server from 1",
    "the same id again, on whichever connection and after many others, is the same order: the same reply comes again",
    "another id is another order, also of the same thing",
    ECHO[2],
    ECHO[3],
];

fn forms() -> Vec<Form> {
    let long = "a cup of ".repeat(100);
    let many: Vec<(String, String)> =
        (1..=51).map(|number| (format!("5-{number} tea"), format!("order {number}: tea"))).collect();
    let (asked, ordered) = (format!("4-1 {long}"), format!("order 1: {long}"));
    vec![
        Form::new("the reply is lost, and the client asks again", play)
            .bytes(2, Way::ToClient, "the reply to the second try", ONCE)
            .hint("bytes", AGAIN),
        asked_again(
            "two orders of the same thing",
            vec![vec![("1-1 tea", "order 1: tea"), ("2-1 tea", "order 2: tea"), ("1-2 tea", "order 3: tea")]],
            false,
        ),
        asked_again(
            "asked again after other orders, over another connection and over the same",
            vec![
                vec![("1-1 tea", "order 1: tea"), ("1-2 egg", "order 2: egg"), ("1-3 milk", "order 3: milk")],
                vec![("1-1 tea", "order 1: tea"), ("1-4 tea", "order 4: tea"), ("1-2 egg", "order 2: egg")],
            ],
            false,
        ),
        asked_again(
            "asked twice at once",
            vec![vec![("3-1 tea", "order 1: tea"), ("3-1 tea", "order 1: tea"), ("3-2 egg", "order 2: egg")]],
            true,
        ),
        asked_again(
            "asked again after fifty others",
            vec![
                many.iter().map(|(asked, reply)| (asked.as_str(), reply.as_str())).collect(),
                vec![("5-1 tea", "order 1: tea")],
            ],
            false,
        ),
        asked_again("a long order", vec![vec![(&asked, &ordered), (&asked, &ordered)]], false),
    ]
}

const AGAIN: &str =
    "keep the reply to every id for all connections, before you send it, and send it again when the id comes again";

/// Peers that the lab plays, one after the other, send these requests, one after the other or all at once, and get
/// these replies.
fn asked_again(name: &str, peers: Vec<Vec<(&str, &str)>>, at_once: bool) -> Form {
    let frames = |(request, reply): &(&str, &str)| [frame(request.as_bytes()), frame(reply.as_bytes())];
    let peers: Vec<Vec<[Vec<u8>; 2]>> = peers.iter().map(|peer| peer.iter().map(frames).collect()).collect();
    let asked = peers.clone();
    let form = Form::new(name, move |stage: &mut Stage| {
        stage.server()?;
        for requests in &asked {
            let Some(mut peer) = forms::peer(stage) else { break };
            if at_once {
                peer.send(&requests.iter().flat_map(|[request, _]| request.clone()).collect::<Vec<_>>());
                peer.receive(requests.iter().map(|[_, reply]| reply.len()).sum());
            } else {
                for [request, reply] in requests {
                    peer.send(request);
                    if peer.receive(reply.len()).len() < reply.len() {
                        break;
                    }
                }
            }
            peer.half_close();
            peer.receive_all(4096);
            if fell_silent(stage, &peer) {
                break;
            }
        }
        Ok(())
    });
    let rule = Rule::new(
        "bytes",
        "every order is taken once, and its reply comes as often as it is asked for",
        move |record| {
            for (connection, requests) in (1..=record.connections()).zip(&peers) {
                let got = record.bytes(connection, Way::ToClient);
                let mut rest = &got[..];
                for [request, reply] in requests {
                    let Some(next) = rest.strip_prefix(&reply[..]) else {
                        let first = rest.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
                        let first = rest.get(4..4 + first).unwrap_or(rest);
                        let (request, rest) = (wire::quoted(&request[4..]), wire::quoted(first));
                        let reply = wire::quoted(&reply[4..]);
                        return Seen::Violated(format!("to the request {request} came {rest}; expected: {reply}"));
                    };
                    rest = next;
                }
                if !rest.is_empty() {
                    return Seen::Violated(format!("after the replies came {}", wire::quoted(rest)));
                }
            }
            Seen::Kept
        },
    );
    form.rule(rule.hint(AGAIN))
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // By the time its reply is there, the server has acted.
    stage.relay([Script::to_client([Step::Drop(At::FrameEnd), Step::Rst])])?;
    stage.client(&["tea"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let reply = record.bytes(2, Way::ToClient);
    if record.connections() < 2 {
        Finding::Other("the client did not ask again".to_string())
    } else if reply == ONCE {
        Finding::Held("the request came twice, the order was taken once, and the reply came after all".to_string())
    } else if reply == TWICE {
        Finding::Broke("the request came twice with the same id, and the tea was ordered twice".to_string())
    } else if reply.is_empty() {
        Finding::Other("nothing came back when the client asked again".to_string())
    } else {
        Finding::Other("what came back when the client asked again is not the reply to its request".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let asked = [1, 2].map(|connection| record.bytes(connection, Way::ToServer));
    let lines = record.lines(SERVER);
    let ran = lines.iter().filter(|line| line.contains("status 0")).count();
    let kept = lines.iter().filter(|line| line.contains("asked again")).count();
    let came = finished::replies(record, 2) == Some(vec![Reply::Done("tea\n".to_string(), String::new())]);
    if asked[0] == asked[1] && (ran, kept) == (1, 1) && came {
        Finding::Held("the request came twice, the command ran once, and the reply came after all".to_string())
    } else {
        Finding::Other(format!("the command ran {ran} times, and {kept} replies came from those that are kept"))
    }
}
