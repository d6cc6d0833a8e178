//! `cut-off`: eight clients, one after the other, send the same frame of 7 bytes; the stream of each ends at another
//! byte, from before the first to behind the last.

use lab::{
    At, CLIENT, Cast, Check, Experiment, Finding, Hang, Record, Rehearsal, Role, SERVER, Script, Side, Stage, Step,
    Way,
};

use crate::finished::{self, Reply};
use crate::split_header::peer;

#[expect(clippy::disallowed_methods, reason = "take(length) is the limit; that it ends early is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "take(length) is the limit")]
mod fixed;

const FRAME: &[u8] = b"\0\0\0\x03hey";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "cut-off",
    question: "Was that the end, or was it cut off?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["echo hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let cut = |at| Script::to_server([Step::Hold(At::Byte(FRAME.len())), Step::Send(At::Byte(at)), Step::Fin]);
    stage.relay((0..=FRAME.len()).map(cut).collect::<Vec<_>>())?;
    for _ in 0..=FRAME.len() {
        let client = stage.client(&["hey"])?;
        stage.ends(client)?;
        if stage.record(|record| record.hung(client).or(record.hung(SERVER))).is_some() {
            break;
        }
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answer = |cut: usize| record.bytes(cut + 1, Way::ToClient);
    let answered: Vec<usize> = (0..FRAME.len()).filter(|cut| !answer(*cut).is_empty()).collect();
    let whole = answer(FRAME.len()) == FRAME;
    // On the wire a refusal looks like an ordinary end: nothing comes back.
    let noticed = record.complaints(SERVER).len();
    let last = record.connections().saturating_sub(1);
    match record.cast {
        Cast::Yours(_) if record.hung(SERVER) == Some(Hang::Spinning) => Finding::Broke(format!(
            "the stream ended after byte {last} and the server reads on for ever: 0 bytes are the end, not a pause"
        )),
        Cast::Yours(_) if !answered.is_empty() => Finding::Broke(format!(
            "the stream ended after byte {} of 7, and the cut frame was answered as if it were whole",
            answered[0]
        )),
        Cast::Broken if answered == [4, 5, 6] && whole && noticed == 0 => Finding::Broke(
            "no cut was noticed: frames cut after byte 4, 5 and 6 were answered as if they were whole".to_string(),
        ),
        Cast::Yours(_) | Cast::Finished if answered.is_empty() && whole => {
            Finding::Held("no cut frame was answered, and the whole one came back".to_string())
        }
        Cast::Fixed if answered.is_empty() && whole && noticed == FRAME.len() - 1 => {
            Finding::Held("all six cuts inside the frame were noticed, and the whole frame came back".to_string())
        }
        _ if record.connections() <= FRAME.len() => {
            Finding::Other(format!("the server does nothing more after the stream that ended after byte {last}"))
        }
        _ if !whole => Finding::Other("the whole frame did not come back".to_string()),
        _ => Finding::Other(format!("{} cut frames were answered and {noticed} cuts noticed", answered.len())),
    }
}

const REQUEST: &[u8] = b"\0\0\0\x23{\"id\":\"cut\",\"command\":[\"echo\",\"x\"]}";
/// Before, in and behind the length, in the payload, and behind the last byte.
const CUTS: [usize; 9] = [0, 1, 2, 3, 4, 5, 20, REQUEST.len() - 1, REQUEST.len()];

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    for cut in CUTS {
        let mut attacker = stage.attacker()?;
        attacker.send(&REQUEST[..cut]);
        if cut == REQUEST.len() {
            // The reply before the end of the stream: behind it the server may send signs of life.
            attacker.receive(4 + 55 + 2);
        }
        attacker.half_close();
        attacker.receive_all(4096);
    }
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let right = |(connection, cut): (usize, usize)| match finished::replies(record, connection).as_deref() {
        Some([]) => cut == 0,
        Some([Reply::Failed(why)]) => (1..REQUEST.len()).contains(&cut) && why.contains("ended inside a frame"),
        Some([Reply::Done(output, _)]) => cut == REQUEST.len() && output == "x\n",
        _ => false,
    };
    if (1..).zip(CUTS).all(right) && record.lines(CLIENT) == ["hello"] {
        Finding::Held(
            "every cut inside the request was noticed and answered with an error; only the whole one ran".to_string(),
        )
    } else {
        Finding::Other("a cut was not noticed, or the whole request did not run".to_string())
    }
}
