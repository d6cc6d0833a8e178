//! One performance of an experiment by one cast, and all the performances of a check.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::lesson::experiment::{Experiment, Need, Side};
use crate::loopback;
use crate::poll::lock;
use crate::process::launch::{FinishedLine, Launch, Yours};
use crate::record::recorder::Recorder;
use crate::record::{Cast, Record, Role};
use crate::rules::{Form, Judgement};
use crate::stage::Stage;
use crate::standstill;
use crate::verdict::{Verdict, Void};

/// A trap that could not be laid is laid again, at most so often.
pub(crate) const TRIES: u32 = 3;

/// Forms of a check that are performed at the same time: most of a performance is waiting.
const AT_ONCE: usize = 4;

/// One performance: what came of it and its record.
pub struct Performance {
    /// Whose.
    pub cast: Cast,
    /// The verdict, or how the lab itself failed.
    pub verdict: anyhow::Result<Verdict>,
    /// What happened.
    pub record: Record,
    /// What the rules say of it, where there are rules.
    pub judgement: Option<Judgement>,
}

impl Performance {
    /// The verdict as a word and its sentence.
    pub(crate) fn word_and_why(&self) -> (&'static str, String) {
        match (&self.verdict, self.cast) {
            (Ok(verdict), _) => (verdict.word(), verdict.why().to_string()),
            (Err(error), Cast::Yours(_)) => ("no verdict", format!("{error:#}")),
            (Err(error), _) => ("lab failed", format!("{error:#}")),
        }
    }
}

/// Lets one of our own casts perform an experiment, from an empty stage to an empty stage.
pub fn perform(experiment: &Experiment, cast: Cast) -> Performance {
    let recorder = Recorder::new(cast);
    let rehearsal = experiment.finished.as_ref().filter(|_| cast == Cast::Finished);
    if let Some(reason) = missing(experiment, rehearsal.map_or(&[], |rehearsal| rehearsal.needs)) {
        return skipped(cast, reason, &recorder);
    }
    let play = rehearsal.and_then(|rehearsal| rehearsal.play).unwrap_or(experiment.play);
    let since = standstill::Since::now();
    let mut stage = Stage::new(launch(experiment, cast, None), cast, recorder.clone());
    let played = play(&mut stage).and_then(|()| stage.settle());
    let stopped = since.told();
    let disturbance = stopped.clone().or_else(|| stage.disturbance());
    let record = recorder.curtain();
    drop(stage);
    let judge = rehearsal.map_or(experiment.judge, |rehearsal| rehearsal.judge);
    let judgement = rules(experiment, cast, &record);
    let verdict = match played {
        Ok(()) => match (Verdict::of(cast, judge(&record), judgement.as_ref()), disturbance) {
            // What came of it is not the doing of the programs alone, so it proves nothing.
            (Verdict::Unexpected(why), Some(disturbance)) => {
                Ok(Verdict::Void(format!("{disturbance}; so it came to this: {why}")))
            }
            (verdict, _) => Ok(verdict),
        },
        Err(error) => error.downcast::<Void>().map(|Void(why)| {
            let fault = stopped.or_else(|| loopback::line().fault());
            Verdict::Void(fault.map_or_else(|| why.clone(), |fault| format!("{fault}; so it came to this: {why}")))
        }),
    };
    Performance { cast, verdict, record, judgement }
}

/// As [`perform`]; where the trap could not be laid, again, at most three times in all. Gives how often it could not.
pub(crate) fn perform_until_laid(perform: impl Fn() -> Performance) -> (Performance, u32) {
    /// On a slow line a trap that took longer than this is not laid again: the next time would be like the first.
    const LONG: Duration = Duration::from_secs(20);
    let begin = Instant::now();
    let is_hopeless = || loopback::line().fault().is_some() && begin.elapsed() > LONG;
    let mut voids = 0;
    loop {
        let performance = perform();
        match performance.verdict {
            Ok(Verdict::Void(_)) if voids + 1 < TRIES && !is_hopeless() => voids += 1,
            _ => return (performance, voids),
        }
    }
}

/// Lets a program of one's own perform one form of an experiment.
fn perform_form(
    experiment: &Experiment,
    form: &Form,
    yours: &Yours,
    begins: impl Fn(Arc<Mutex<String>>),
) -> Performance {
    let cast = Cast::Yours(yours.role);
    let recorder = Recorder::new(cast);
    if let Some(reason) = missing(experiment, &[]) {
        return skipped(cast, reason, &recorder);
    }
    let since = standstill::Since::now();
    let mut stage = Stage::new(launch(experiment, cast, Some(yours)), cast, recorder.clone());
    begins(stage.waiting());
    let played = form.perform(&mut stage).and_then(|()| stage.settle());
    let failure = stage.trap_failure();
    let starved = stage.disturbance();
    let record = recorder.curtain();
    drop(stage);
    let mut judgement = form.judge(yours.role, &record);
    if let Some(failure) = failure {
        judgement.unknown.get_or_insert(failure);
    }
    let verdict = match (played, Verdict::by_rules(&judgement), starved) {
        (Ok(()), verdict, _) => Ok(verdict),
        (Err(error), by_rules, starved) => match (error.downcast::<Void>(), by_rules, starved) {
            // The program may be what kept the trap open; what it did until then still counts.
            (Ok(_), Verdict::Breaks(why), None) => Ok(Verdict::Breaks(why)),
            (Ok(void), ..) => Ok(Verdict::Void(void.0)),
            (Err(error), ..) => Err(error),
        },
    };
    let verdict = match (verdict, since.told()) {
        (Ok(verdict @ (Verdict::Breaks(_) | Verdict::NoVerdict(_) | Verdict::Void(_))), Some(stopped)) => {
            Ok(Verdict::Void(format!("{stopped}; so it came to this: {}", verdict.why())))
        }
        (verdict, _) => verdict,
    };
    Performance { cast, verdict, record, judgement: Some(judgement) }
}

/// A program of one's own under every form of a trap.
pub(crate) struct Checked {
    /// What came of each form, in the order of the forms.
    pub(crate) performances: Vec<Performance>,
    /// The place of the one that is told: the first that breaks, else the first without a verdict, else the first.
    pub(crate) told: usize,
}

impl Checked {
    /// The performance that is told.
    pub(crate) fn performance(&self) -> &Performance {
        &self.performances[self.told]
    }

    /// Whether it holds in every form.
    pub(crate) fn holds(&self) -> bool {
        self.performances.iter().all(|performance| matches!(performance.verdict, Ok(Verdict::Holds(_))))
    }
}

/// What each form of a check that is performed now waits for: read by who waits for the verdict.
#[derive(Default)]
pub(crate) struct Waits(Mutex<Vec<(usize, Arc<Mutex<String>>)>>);

impl Waits {
    /// The places of the forms that wait, and for what.
    pub(crate) fn now(&self) -> Vec<(usize, String)> {
        lock(&self.0).iter().map(|(place, waiting)| (*place, lock(waiting).clone())).collect()
    }

    fn begins(&self, place: usize, waiting: Arc<Mutex<String>>) {
        self.is_over(place);
        lock(&self.0).push((place, waiting));
    }

    fn is_over(&self, place: usize) {
        lock(&self.0).retain(|(other, _)| *other != place);
    }
}

/// Puts a program of one's own under these forms, several at a time. A form whose trap could not be laid is performed
/// again; in the end that is no verdict.
pub(crate) fn check(experiment: &Experiment, forms: &[Form], yours: &Yours, waits: &Waits) -> Checked {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Performance>>> = Mutex::new(forms.iter().map(|_| None).collect());
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(form) = forms.get(place) else { break };
            let (mut performance, _) =
                perform_until_laid(|| perform_form(experiment, form, yours, |waiting| waits.begins(place, waiting)));
            waits.is_over(place);
            if let Ok(Verdict::Void(why)) = &performance.verdict {
                performance.verdict = Ok(Verdict::NoVerdict(format!("the trap could not be laid: {why}")));
            }
            // A program that cannot even be started does not start in another form either, and of one that breaks the first
            // form in which it does is told: those that have not begun would come after it.
            if matches!(performance.verdict, Err(_) | Ok(Verdict::Breaks(_))) {
                next.store(forms.len(), Ordering::Relaxed);
            }
            lock(&results)[place] = Some(performance);
        }
    };
    // Where the system has no more threads, fewer do.
    thread::scope(|scope| {
        for _ in 1..AT_ONCE.min(forms.len()) {
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let performances: Vec<Performance> =
        results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().flatten().collect();
    let told = |wanted: fn(&anyhow::Result<Verdict>) -> bool| {
        performances.iter().position(|performance| wanted(&performance.verdict))
    };
    let told = told(|verdict| matches!(verdict, Ok(Verdict::Breaks(_))))
        .or_else(|| told(|verdict| !matches!(verdict, Ok(Verdict::Holds(_)))))
        .unwrap_or(0);
    Checked { performances, told }
}

/// What our twins must keep: the rules of the first form for each side that has twins and that a stranger can take.
fn rules(experiment: &Experiment, cast: Cast, record: &Record) -> Option<Judgement> {
    if cast == Cast::Finished {
        return None;
    }
    let sides = [(Role::Server, &experiment.server), (Role::Client, &experiment.client)];
    let ruled = sides
        .into_iter()
        .filter(|(role, side)| matches!(side, Side::Twins { .. }) && experiment.check.allows(*role).is_ok());
    let mut all: Option<Judgement> = None;
    for (role, _) in ruled {
        let Some(form) = (experiment.forms)(role).into_iter().next() else { continue };
        let judgement = form.judge(role, record);
        let all = all.get_or_insert_default();
        all.violations.extend(judgement.violations);
        all.kept.extend(judgement.kept);
        if let Some(why) = judgement.unknown {
            all.unknown.get_or_insert(why);
        }
    }
    all
}

fn missing(experiment: &Experiment, more: &[Need]) -> Option<String> {
    experiment.needs.iter().chain(more).copied().find_map(Need::missing)
}

fn skipped(cast: Cast, reason: String, recorder: &Recorder) -> Performance {
    Performance { cast, verdict: Ok(Verdict::Skipped(reason)), record: recorder.curtain(), judgement: None }
}

/// Who plays which part.
fn launch(experiment: &Experiment, cast: Cast, yours: Option<&Yours>) -> Launch {
    let finished = experiment.finished.as_ref().filter(|_| cast == Cast::Finished);
    Launch {
        name: experiment.name.to_string(),
        twins: [&experiment.server, &experiment.client].map(|side| matches!(side, Side::Twins { .. })),
        attacker: experiment.attacker.is_some(),
        finished: finished.map(|rehearsal| FinishedLine {
            serve: rehearsal.serve,
            connect: rehearsal.connect,
            input: rehearsal.input,
        }),
        yours: yours.cloned(),
    }
}
