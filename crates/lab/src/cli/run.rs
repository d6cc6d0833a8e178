//! `run`: our own casts perform, once or many times.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use clap::ArgMatches;
use serde_json::{Value, json};

use super::usage::Usage;
use super::waiting::StatusLine;
use super::{code, named, print};
use crate::lesson::Lesson;
use crate::lesson::experiment::Experiment;
use crate::performance::{Performance, perform, perform_until_laid};
use crate::poll::lock;
use crate::process::guard::LastWords;
use crate::record::Cast;
use crate::story::page::Page;
use crate::story::{self, View};
use crate::verdict::{Verdict, skips_are_failures};

/// Experiments that perform at the same time when the whole lesson runs: most of a performance is waiting.
const AT_ONCE: usize = 4;

/// Nobody types more than this before Enter.
const LONGEST_ANSWER: u64 = 4096;

/// What `run` is to show.
pub(super) struct Show {
    casts: Vec<Cast>,
    wire: bool,
    /// In the order in which it happened, and then whether with every printed line.
    timeline: Option<bool>,
    json: bool,
}

impl Show {
    /// Both twins, as the chapters tell them.
    pub(super) fn both() -> Show {
        Show { casts: vec![Cast::Broken, Cast::Fixed], wire: false, timeline: None, json: false }
    }
}

pub(super) fn run(lesson: &'static Lesson, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let [wire, timeline, json] = ["wire", "timeline", "json"].map(|flag| matches.get_flag(flag));
    let timeline = timeline.then(|| matches.get_flag("output"));
    let mut show = Show { wire, timeline, json, ..Show::both() };
    let asked = [("broken", Cast::Broken), ("fixed", Cast::Fixed), ("finished", Cast::Finished)];
    let casts: Vec<Cast> = asked.into_iter().filter(|(flag, _)| matches.get_flag(flag)).map(|(_, cast)| cast).collect();
    if !casts.is_empty() {
        show.casts = casts;
    }
    let one = matches.contains_id("name").then(|| named(lesson, matches)).transpose()?;
    if let Some(experiment) = one
        && show.casts == [Cast::Finished]
        && experiment.finished.is_none()
    {
        let name = experiment.name;
        return Err(
            Usage(format!("the finished program cannot be run in {name}: its protocol has no equivalent")).into()
        );
    }
    if let Some(experiment) = one.filter(|_| matches.get_flag("ask")) {
        return ask(lesson, experiment, &show);
    }
    match (one, matches.get_one::<u32>("repeat")) {
        (Some(experiment), Some(times)) => repeat(&[experiment], &show, *times),
        (None, Some(times)) => repeat(lesson.experiments, &show, *times),
        (Some(experiment), None) => {
            let (text, fine) = one_experiment(lesson, experiment, &show);
            print(&text)?;
            Ok(code(fine))
        }
        (None, None) => run_all(lesson, &show),
    }
}

/// The casts of an experiment that were asked for and that it has.
fn casts<'a>(experiment: &'a Experiment, show: &'a Show) -> impl Iterator<Item = Cast> + 'a {
    show.casts.iter().copied().filter(|cast| *cast != Cast::Finished || experiment.finished.is_some())
}

fn perform_once(experiment: &Experiment, cast: Cast) -> (Performance, u32) {
    perform_until_laid(|| perform(experiment, cast))
}

fn fine(performance: &Performance) -> bool {
    match performance.verdict {
        Ok(Verdict::AsDocumented(_)) => true,
        Ok(Verdict::Skipped(_)) => !skips_are_failures(),
        _ => false,
    }
}

/// The story, or the JSON text, of one experiment, and whether every cast did what is documented of it.
fn one_experiment(lesson: &Lesson, experiment: &Experiment, show: &Show) -> (String, bool) {
    let performances: Vec<Performance> = casts(experiment, show).map(|cast| perform_once(experiment, cast).0).collect();
    let all_fine = performances.iter().all(fine);
    if show.json {
        let casts: Vec<Value> = performances.iter().map(to_json).collect();
        let twins = [&experiment.twins.broken, &experiment.twins.fixed].map(|source| source.path());
        let object = json!({
            "experiment": experiment.name, "question": experiment.question,
            "broken": twins[0], "fixed": twins[1], "performances": casts,
        });
        return (format!("{object:#}\n"), all_fine);
    }
    let mut text = story::title(experiment);
    performances.iter().for_each(|performance| text += &told(experiment, performance, show));
    if show.casts.contains(&Cast::Broken) {
        text += &story::difference(lesson.name, experiment);
    }
    (text, all_fine)
}

fn told(experiment: &Experiment, performance: &Performance, show: &Show) -> String {
    match show.timeline {
        Some(output) => {
            let view = View { page: Page::of_stdout(), wire: show.wire, output, all: true };
            story::in_time(experiment, performance, view)
        }
        None => story::performance(experiment, performance, show.wire),
    }
}

/// One experiment, told up to the point where a reader can predict what comes: each cast performs when Enter is pressed.
fn ask(lesson: &Lesson, experiment: &Experiment, show: &Show) -> anyhow::Result<ExitCode> {
    let asks = io::stdin().is_terminal();
    print(&format!("{}{}", story::title(experiment), story::trap(Page::of_stdout(), experiment)))?;
    if !asks {
        anstream::eprintln!("standard input is no terminal, so nothing is asked");
    }
    let mut all_fine = true;
    for cast in casts(experiment, show) {
        if asks {
            let program = match cast {
                Cast::Broken => experiment.twins.broken.path(),
                Cast::Fixed => experiment.twins.fixed.path(),
                _ => "the finished program".to_string(),
            };
            print(&format!("\n  What will {program} do?\n  Press Enter to see: "))?;
            io::stdout().flush()?;
            // The end of the input is as good as Enter.
            io::stdin().lock().take(LONGEST_ANSWER).read_until(b'\n', &mut Vec::new())?;
        }
        let (performance, _) = perform_once(experiment, cast);
        all_fine &= fine(&performance);
        print(&told(experiment, &performance, show))?;
    }
    if show.casts.contains(&Cast::Broken) {
        print(&story::difference(lesson.name, experiment))?;
    }
    Ok(code(all_fine))
}

fn to_json(performance: &Performance) -> Value {
    let (verdict, why) = performance.word_and_why();
    json!({
        "cast": performance.cast.name(), "verdict": verdict, "why": why, "record": performance.record.to_json(),
    })
}

/// Every experiment of the lesson, several at a time, told in the order of the table.
pub(super) fn run_all(lesson: &'static Lesson, show: &Show) -> anyhow::Result<ExitCode> {
    let mut all_fine = true;
    let experiments = lesson.experiments;
    let next = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        let (results, told) = mpsc::channel();
        for _ in 0..AT_ONCE {
            let (results, next) = (results.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(experiment) = experiments.get(at) else { break };
                    // The other end has gone when the output was closed.
                    if results.send((at, one_experiment(lesson, experiment, show))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut waiting: Vec<Option<(String, bool)>> = experiments.iter().map(|_| None).collect();
        let mut shown = 0;
        while let Ok((at, result)) = told.recv() {
            waiting[at] = Some(result);
            while let Some((text, fine)) = waiting.get_mut(shown).and_then(Option::take) {
                let space = match (show.json, shown) {
                    (true, 0) => "[\n",
                    (true, _) => ",\n",
                    (false, 0) => "",
                    (false, _) => "\n",
                };
                print(&format!("{space}{text}"))?;
                all_fine &= fine;
                shown += 1;
            }
        }
        if show.json {
            print(if shown == 0 { "[]\n" } else { "]\n" })?;
        }
        anyhow::Ok(())
    })?;
    Ok(code(all_fine))
}

/// Performs again and again and counts. More than one void performance in a hundred, a surprise, or a story that is not
/// the same each time is a failure.
fn repeat(experiments: &[&Experiment], show: &Show, times: u32) -> anyhow::Result<ExitCode> {
    let mut all_fine = true;
    let width = experiments.iter().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    for experiment in experiments {
        for cast in casts(experiment, show) {
            let row = format!("{:width$}  {:<8}", experiment.name, cast.name());
            let count = count(experiment, cast, times, row.clone());
            all_fine &= count.fine(times);
            print(&format!("{row}  {}\n", count.sentence(times)))?;
        }
    }
    Ok(code(all_fine))
}

#[derive(Default)]
struct Count {
    as_documented: u32,
    voids: u32,
    skipped: Option<String>,
    /// The story of the first performance that was none of these.
    failure: Option<String>,
    first_story: Option<String>,
    other_story: Option<String>,
}

/// Performs so many times. Ctrl-C still tells what was counted until then, behind `row`.
fn count(experiment: &Experiment, cast: Cast, times: u32, row: String) -> Count {
    let mut count = Count::default();
    let mut line = StatusLine::new();
    let so_far = Arc::new(Mutex::new(String::new()));
    let said = so_far.clone();
    let _last_words = LastWords::new(move || {
        // There is nobody any more to whom an error could be told.
        let _ = print(&format!("\n{row}  {}\n", lock(&said)));
    });
    for time in 1..=times {
        line.show(&format!("{} {}: {time} of {times}", experiment.name, cast.name()));
        let (performance, voids) = perform_once(experiment, cast);
        count.voids += voids;
        let story = story::performance(experiment, &performance, false);
        match performance.verdict {
            Ok(Verdict::AsDocumented(_)) => {
                count.as_documented += 1;
                let first = count.first_story.get_or_insert_with(|| story.clone());
                if *first != story {
                    count.other_story.get_or_insert(story);
                }
            }
            Ok(Verdict::Skipped(reason)) => {
                count.skipped = Some(reason);
                break;
            }
            _ => {
                count.failure.get_or_insert(story);
            }
        }
        *lock(&so_far) = format!("stopped after {time}: {}", count.sentence(time));
    }
    count
}

impl Count {
    fn fine(&self, times: u32) -> bool {
        (self.skipped.is_some() && !skips_are_failures())
            || (self.as_documented == times && self.other_story.is_none() && self.voids * 100 <= times)
    }

    fn sentence(&self, times: u32) -> String {
        if let Some(reason) = &self.skipped {
            return format!("skipped: {reason}");
        }
        let mut text = format!("{} of {times} as documented", self.as_documented);
        if self.voids > 0 {
            text += &format!(", {} void and repeated", self.voids);
        }
        if let Some(story) = &self.failure {
            text += &format!("; the first that was not:\n{story}");
        }
        if let (Some(first), Some(other)) = (&self.first_story, &self.other_story) {
            text += &format!("; the story was not the same each time:\n{first}\nand\n{other}");
        }
        text
    }
}
