//! One performance of an experiment by one cast.

use crate::lesson::experiment::{Experiment, Need};
use crate::record::recorder::Recorder;
use crate::record::{Cast, Record};
use crate::stage::{Stage, Yours};
use crate::verdict::{Finding, Verdict, Void};

/// One performance: what came of it and its record.
pub struct Performance {
    /// Whose.
    pub cast: Cast,
    /// The verdict, or how the lab itself failed.
    pub verdict: anyhow::Result<Verdict>,
    /// What happened.
    pub record: Record,
}

/// Lets one cast perform an experiment, from an empty stage to an empty stage.
pub fn perform(experiment: &Experiment, cast: Cast, yours: Option<&Yours>) -> Performance {
    let recorder = Recorder::new(cast);
    let rehearsal = experiment.finished.as_ref().filter(|_| cast == Cast::Finished);
    let mut needs = experiment.needs.iter().chain(rehearsal.map_or(&[][..], |rehearsal| rehearsal.needs)).copied();
    if let Some(reason) = needs.find_map(Need::missing) {
        return Performance { cast, verdict: Ok(Verdict::Skipped(reason)), record: recorder.curtain() };
    }
    let play = rehearsal.and_then(|rehearsal| rehearsal.play).unwrap_or(experiment.play);
    let mut stage = Stage::new(experiment, cast, yours, recorder.clone());
    let played = play(&mut stage).and_then(|()| stage.settle());
    let record = recorder.curtain();
    drop(stage);
    let judge = rehearsal.map_or(experiment.judge, |rehearsal| rehearsal.judge);
    let verdict = match played {
        Ok(()) => Ok(Verdict::of(cast, judge(&record))),
        Err(error) => match (error.downcast::<Void>(), judge(&record)) {
            // A program of one's own may be what kept the trap open; what it did until then still counts.
            (Ok(_), Finding::Broke(why)) if matches!(cast, Cast::Yours(_)) => Ok(Verdict::Surprise(why)),
            (Ok(void), _) => Ok(Verdict::Void(void.0)),
            (Err(error), _) => Err(error),
        },
    };
    Performance { cast, verdict, record }
}
