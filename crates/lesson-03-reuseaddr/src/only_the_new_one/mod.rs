//! `only-the-new-one`: yesterday's server was bound without the option, today's sets it.

use lab::{CLIENT, Cast, Check, Experiment, Finding, Need, Record, Rehearsal, Role, SERVER, Side, Stage};

use crate::restart::{SECOND, in_use, is_up, waits_in_time_wait};

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
