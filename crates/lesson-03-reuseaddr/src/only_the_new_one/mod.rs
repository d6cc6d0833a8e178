//! `only-the-new-one`: yesterday's server was bound without the option, today's sets it.

use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
};

use crate::restart::{SECOND, in_use, is_up, rules, waits_in_time_wait};

mod broken;
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "only-the-new-one",
    question: "I added SO_REUSEADDR and started the server again; why does it not help?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[Need::Linux("it is Linux that also looks for the option on the old socket")],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: None,
        needs: &[],
        serve: &["--quiet"],
        connect: &[],
        input: &[],
        judge,
        dissect: lab::dissect_text,
    }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    rules::WIRE[0],
    "<- \"hi\", 2 bytes, within 5 s; then keep the connection until the client has left, or close it",
    "your server is killed, with its process group, while a client is connected; then another program, which sets",
    "SO_REUSEADDR before bind, is started at its address, and has to get it",
];

fn forms() -> Vec<Form> {
    let greeted = Rule::new("served", "the client is greeted with \"hi\"", |record| match record.lines(CLIENT)[..] {
        ["hi"] => Seen::Kept,
        [line, ..] => Seen::Violated(format!("the client got {line:?}; expected: \"hi\"")),
        [] => Seen::Violated("the client was not greeted".to_string()),
    });
    let left = Form::new("the client leaves when the server is gone", play)
        .rule(greeted)
        .rule(rules::nobody_listens())
        .rule(leaves_room());
    let stays = Form::new("the client stays connected", the_client_stays);
    let stays = stays.rule(rules::hi(1)).rule(rules::nobody_listens()).rule(leaves_room());
    [left, stays, rules::in_pieces(rules::hi(1))].map(rules::servers_may_end).into()
}

/// A program that sets the option itself gets the address of yours.
fn leaves_room() -> Rule {
    Rule::new("leaves-room", "the next program, which sets SO_REUSEADDR, can listen at the address", |record| {
        match record.exit(SECOND) {
            None => Seen::Kept,
            // What keeps the address is no connection.
            _ if record.kernel().contains(&rules::TAKEN) => Seen::Kept,
            Some(_) => Seen::Violated(format!(
                "the next program sets SO_REUSEADDR and cannot listen{}: what your server left behind lacks the option",
                rules::last_words(record, SECOND)
            )),
        }
    })
    .hint("set SO_REUSEADDR in this version too, before bind: its connections keep the option when it has gone")
}

fn the_client_stays(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let guest = rules::guest(stage, 2)?;
    stage.step(guest.who(), "is a client that stays connected");
    stage.settle()?;
    if is_up(stage, SERVER) {
        stage.kill_group(SERVER)?;
    }
    stage.keep(guest);
    rules::who_still_listens(stage, SERVER);
    stage.server_again_of(Cast::Fixed)?;
    Ok(())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.lockstep();
    let yesterday = match stage.cast() {
        Cast::Broken => "is yesterday's version, without SO_REUSEADDR",
        Cast::Fixed | Cast::Finished => "is yesterday's version, with SO_REUSEADDR",
        Cast::Yours(_) => "is yesterday's version",
    };
    stage.step(SERVER, yesterday);
    stage.server()?;
    let client = stage.talkative_client()?;
    stage.says(client, "hi")?;
    stage.kill(SERVER)?;
    rules::who_still_listens(stage, SERVER);
    stage.end_input(client)?;
    stage.ends(client)?;
    waits_in_time_wait(stage, SERVER)?;
    stage.step(SECOND, "is today's version, which sets SO_REUSEADDR before bind");
    let today = if stage.cast() == Cast::Finished { Cast::Finished } else { Cast::Fixed };
    let second = stage.server_again_of(today)?;
    if is_up(stage, second) {
        stage.step(second, "listens, beside the connection in TIME-WAIT");
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    if record.lines(CLIENT) != ["hi"] {
        Finding::Other("the client was not greeted with hi".to_string())
    } else if in_use(record, SECOND) {
        Finding::Broke(
            "today's server sets the option and is refused: the connection that yesterday's left behind lacks it"
                .to_string(),
        )
    } else {
        Finding::Held("both versions set the option, and today's took over at once".to_string())
    }
}
