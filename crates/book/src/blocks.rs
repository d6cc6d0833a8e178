//! The blocks: found in a document, computed, compared and written.

use std::fs;
use std::ops::Range;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, bail, ensure};
use diff::Result::{Both, Left, Right};

use crate::lessons::Lessons;
use crate::markdown::{Heading, outline};
use crate::{Document, Mistake, Mode};

/// Blocks that are computed at the same time.
const AT_ONCE: usize = 6;

/// Lines shown before and after a change.
const AROUND: usize = 3;

/// The paragraph of a chapter that the table of lessons shows begins so.
const SYMPTOM: &str = "**You see:**";

/// What blocks are computed from.
pub(crate) struct Sources<'a> {
    pub(crate) root: &'a Path,
    pub(crate) lessons: &'a dyn Lessons,
    pub(crate) documents: &'a [Document],
    pub(crate) mode: Mode,
}

/// What became of the blocks of one document.
pub(crate) struct Refreshed {
    /// The document with every block as it is now.
    pub(crate) text: String,
    /// The blocks that are not so, with the difference.
    pub(crate) drifted: Vec<Mistake>,
    /// The blocks that cannot be computed.
    pub(crate) failed: Vec<Mistake>,
}

#[derive(Debug)]
struct Block {
    /// The line of the comment, from 0.
    at: usize,
    /// `source`, `diff`, `run`, `table`, or a mistyped word.
    kind: String,
    /// What follows the colon.
    rest: String,
    /// The exit status that a command must have.
    exit: i32,
    /// The lines below the comment that are computed, fences included.
    body: Range<usize>,
}

fn refresh(
    sources: &Sources<'_>,
    document: &Document,
    lines: &[&str],
    blocks: &[Block],
    computed: Vec<anyhow::Result<Vec<String>>>,
) -> Refreshed {
    let (mut drifted, mut failed) = (Vec::new(), Vec::new());
    let mut written: Vec<String> = Vec::new();
    let mut next = 0;
    for (block, computed) in blocks.iter().zip(computed) {
        written.extend(lines[next..block.body.start].iter().map(ToString::to_string));
        next = block.body.end;
        let old = &lines[block.body.clone()];
        let new = computed.unwrap_or_else(|error| {
            // Where the blocks are going to be written, lines are counted as they will be then.
            let line = if sources.mode.bless { written.len() } else { block.at + 1 };
            failed.push(document.mistake(line, format!("{}: {error:#}", block.kind)));
            old.iter().map(ToString::to_string).collect()
        });
        if new != old {
            let what = format!("{}: {} gives something else now:\n{}", block.kind, block.rest, difference(old, &new));
            drifted.push(document.mistake(block.at + 1, what));
        }
        written.extend(new);
    }
    written.extend(lines[next..].iter().map(ToString::to_string));
    let text = written.iter().map(|line| format!("{line}\n")).collect();
    Refreshed { text, drifted, failed }
}

/// Every block outside of other fences.
fn find(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(end) = fence(lines, at) {
            at = end;
            continue;
        }
        let Some((kind, exit, rest)) = comment(lines[at]) else {
            at += 1;
            continue;
        };
        let start = at + 1;
        let end = if kind == "table" {
            start + lines[start..].iter().take_while(|line| line.starts_with('|')).count()
        } else {
            fence(lines, start).unwrap_or(start)
        };
        blocks.push(Block { at, kind, rest, exit, body: start..end });
        at = end;
    }
    blocks
}

/// The kind, exit status and rest of `<!-- KIND: REST -->`.
fn comment(line: &str) -> Option<(String, i32, String)> {
    let inside = line.strip_prefix("<!-- ")?.trim_end().strip_suffix("-->")?;
    let (kind, rest) = inside.split_once(':')?;
    let (kind, exit) = match kind.split_once(" exit ") {
        Some((kind, status)) => (kind, status.trim().parse().ok()?),
        None => (kind, 0),
    };
    let word = kind.bytes().all(|byte| byte.is_ascii_lowercase());
    word.then(|| (kind.to_string(), exit, rest.trim().to_string()))
}

fn backticks(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b'`').count()
}

/// The line after a fence that begins here; the end of the text for one that is never closed.
fn fence(lines: &[&str], at: usize) -> Option<usize> {
    let ticks = backticks(lines.get(at)?);
    if ticks < 3 {
        return None;
    }
    let closes = |line: &&str| backticks(line) >= ticks && line.trim_end().bytes().all(|byte| byte == b'`');
    let inside = lines[at + 1..].iter().take_while(|line| !closes(line)).count();
    Some((at + inside + 2).min(lines.len()))
}

/// Every document with its blocks as they are now; the blocks of all of them are computed several at a time, since most
/// of a run is waiting.
pub(crate) fn refresh_all(sources: &Sources<'_>) -> Vec<Refreshed> {
    let lines: Vec<Vec<&str>> = sources.documents.iter().map(|document| document.text.lines().collect()).collect();
    let blocks: Vec<Vec<Block>> = lines.iter().map(|lines| find(lines)).collect();
    let all: Vec<(usize, &Block)> =
        blocks.iter().enumerate().flat_map(|(at, blocks)| blocks.iter().map(move |block| (at, block))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let turn = next.fetch_add(1, Ordering::Relaxed)
            && let Some((at, block)) = all.get(turn)
        {
            let old = &lines[*at][block.body.clone()];
            done.push((turn, compute(sources, &sources.documents[*at], block, old)));
        }
        done
    };
    let mut computed: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    computed.sort_by_key(|(turn, _)| *turn);
    let mut computed = computed.into_iter().map(|(_, computed)| computed);
    let documents = sources.documents.iter().zip(&lines).zip(&blocks);
    documents
        .map(|((document, lines), blocks)| {
            let computed = computed.by_ref().take(blocks.len()).collect();
            refresh(sources, document, lines, blocks, computed)
        })
        .collect()
}

/// The lines that belong below the comment.
fn compute(sources: &Sources<'_>, document: &Document, block: &Block, old: &[&str]) -> anyhow::Result<Vec<String>> {
    let (language, body) = match block.kind.as_str() {
        "source" => source(sources.root, &block.rest)?,
        "diff" => ("diff", changes(sources.root, document, &block.rest)?),
        "run" if sources.mode.runs => match transcript(sources.lessons, &block.rest) {
            // What this machine cannot show is no reason to change a chapter, nor to call it wrong.
            Ok((lines, _)) if lines.iter().any(|line| is_skip(line)) => {
                let place = format!("{}:{}", document.path, block.at + 1);
                println!("skipped: {place}: {} cannot be run whole on this machine", block.rest);
                return Ok(old.iter().map(ToString::to_string).collect());
            }
            Ok((lines, status)) => {
                // Even where a chapter is written anew: what came of bad luck has no place in it.
                if let Some(line) = lines.iter().find(|line| is_mishap(line) && !old.contains(&line.as_str())) {
                    bail!("it did not do what is documented of it: {}", line.trim());
                }
                ensure_status(&lines, status, block.exit)?;
                ("console", lines)
            }
            Err(error) => return Err(error),
        },
        "run" => return Ok(old.iter().map(ToString::to_string).collect()),
        "table" => return table(sources, document, &block.rest),
        other => bail!("there is no block of this kind; crates/book/src/lib.rs lists them{}", meant(other)),
    };
    let most = body.iter().map(|line| backticks(line.trim_start())).max().unwrap_or(0);
    let ticks = "`".repeat((most + 1).max(3));
    let own = old.first().map_or("", |line| line.trim_start_matches('`').trim());
    let language = if own.is_empty() { language } else { own };
    let mut lines = vec![format!("{ticks}{language}")];
    lines.extend(body.iter().map(|line| line.trim_end().to_string()));
    lines.push(ticks);
    if block.kind == "run" && !sources.mode.tables && lines != old && may_differ_without_tables(old, &lines) {
        let place = format!("{}:{}", document.path, block.at + 1);
        println!("skipped: {place}: {} prints what only the socket tables show", block.rest);
        return Ok(old.iter().map(ToString::to_string).collect());
    }
    Ok(lines)
}

fn meant(word: &str) -> String {
    let close = |kind: &&str| kind.chars().filter(|letter| word.contains(*letter)).count() + 1 >= kind.len();
    let kinds = ["source", "diff", "run", "table"];
    kinds.iter().find(|kind| close(kind)).map_or_else(String::new, |kind| format!("; `{kind}`?"))
}

fn read(root: &Path, path: &str) -> anyhow::Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
}

fn source(root: &Path, rest: &str) -> anyhow::Result<(&'static str, Vec<String>)> {
    let (path, region) = rest.split_once(' ').unwrap_or((rest, ""));
    let text = read(root, path)?;
    let lines: Vec<&str> = text.lines().collect();
    let region = region.trim();
    let quoted = |text: &str| text.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_string);
    let range = if region.is_empty() {
        0..lines.len()
    } else if let Some(start) = region.strip_prefix("line ").and_then(quoted) {
        let at = only_line(&lines, &start, path)?;
        at..at + 1
    } else if let Some((start, end)) = region.strip_prefix("from ").and_then(|rest| rest.split_once(" to ")) {
        let (Some(start), Some(end)) = (quoted(start), quoted(end)) else { bail!("a text lacks its quotes: {region}") };
        let at = only_line(&lines, &start, path)?;
        let depth = indentation(lines[at]);
        let ends = |line: &&str| indentation(line) == depth && line.trim_start().starts_with(&end);
        let length = lines[at + 1..].iter().position(ends);
        let length = length.with_context(|| {
            format!("in {path} no line after {start:?} has the same indentation and begins with {end:?}")
        })?;
        at..at + 1 + length + 1
    } else {
        bail!("after the path comes `line \"TEXT\"` or `from \"TEXT\" to \"TEXT\"`, not {region}")
    };
    let chosen = &lines[range];
    let common = chosen.iter().filter(|line| !line.trim().is_empty()).map(|line| indentation(line)).min().unwrap_or(0);
    let language = match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some("toml") => "toml",
        Some("json") => "json",
        Some("sh") => "sh",
        _ => "text",
    };
    Ok((language, chosen.iter().map(|line| line.get(common..).unwrap_or("").to_string()).collect()))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn only_line(lines: &[&str], start: &str, path: &str) -> anyhow::Result<usize> {
    ensure!(!start.is_empty(), "an empty text begins every line");
    let mut found = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with(start)).map(|(at, _)| at);
    let first = found.next().with_context(|| format!("no line of {path} begins with {start:?}"))?;
    if let Some(second) = found.next() {
        bail!("in {path} both line {} and line {} begin with {start:?}", first + 1, second + 1);
    }
    Ok(first)
}

/// Where the twins of an experiment are.
pub(crate) fn folder(lesson: &str, experiment: &str) -> String {
    format!("crates/{lesson}/src/{}", experiment.replace('-', "_"))
}

fn changes(root: &Path, document: &Document, experiment: &str) -> anyhow::Result<Vec<String>> {
    let lesson = document.lesson().context("only a chapter has experiments; this is none")?;
    let [broken, fixed] = ["broken.rs", "fixed.rs"].map(|name| format!("{}/{name}", folder(&lesson, experiment)));
    let (old, new) = (read(root, &broken)?, read(root, &fixed)?);
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut lines = vec![format!("--- {broken}"), format!("+++ {fixed}")];
    lines.extend(changed(&old, &new));
    Ok(lines)
}

/// The lines that differ, with their surroundings; `...` stands for what is left out.
fn changed(old: &[&str], new: &[&str]) -> Vec<String> {
    let steps = diff::slice(old, new);
    let differs: Vec<bool> = steps.iter().map(|step| !matches!(step, Both(..))).collect();
    let mut lines = Vec::new();
    let mut left_out = false;
    for (at, step) in steps.iter().enumerate() {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(steps.len());
        if !differs[near].contains(&true) {
            left_out = true;
            continue;
        }
        if left_out {
            lines.push(" ...".to_string());
            left_out = false;
        }
        lines.push(match step {
            Left(gone) => format!("-{gone}"),
            Right(come) => format!("+{come}"),
            Both(same, _) => format!(" {same}"),
        });
    }
    lines
}

/// The difference for a person at a terminal.
fn difference(old: &[&str], new: &[String]) -> String {
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    changed(old, &new).iter().map(|line| format!("    {line}\n")).collect::<String>().trim_end().to_string()
}

/// A command of a lesson, as it is typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) lesson: String,
    pub(crate) arguments: Vec<String>,
}

/// Reads `cargo run -p lesson-05-framing -- list`, up to a comment, a pipe or whatever else the shell takes.
pub(crate) fn call(command: &str) -> anyhow::Result<Call> {
    let words = words(command)?;
    let Some(["cargo", "run", "-p", lesson]) = words.get(..4).map(|words| [0, 1, 2, 3].map(|at| words[at].as_str()))
    else {
        bail!("the command does not begin with cargo run -p LESSON")
    };
    let arguments = match words.get(4).map(String::as_str) {
        None => &[],
        Some("--") => &words[5..],
        Some(word) => bail!("-- belongs before {word}: without it cargo takes options for its own"),
    };
    Ok(Call { lesson: lesson.to_string(), arguments: arguments.to_vec() })
}

/// The words of a command line, quotes taken off.
fn words(command: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut letters = command.chars().peekable();
    loop {
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        if letters.peek().is_none_or(|letter| "#|<>&;".contains(*letter)) {
            return Ok(words);
        }
        let mut word = String::new();
        while let Some(letter) = letters.next_if(|letter| !letter.is_whitespace()) {
            if letter == '"' || letter == '\'' {
                loop {
                    match letters.next() {
                        Some(end) if end == letter => break,
                        Some(inside) => word.push(inside),
                        None => bail!("a quote is not closed"),
                    }
                }
            } else {
                word.push(letter);
            }
        }
        words.push(word);
    }
}

/// What a command prints, below itself, and how it ended.
fn transcript(lessons: &dyn Lessons, command: &str) -> anyhow::Result<(Vec<String>, Option<i32>)> {
    let call = call(command)?;
    let endless = call.arguments.first().is_some_and(|verb| verb == "serve" || verb == "connect");
    ensure!(
        !endless || call.arguments.iter().any(|word| word == "--help"),
        "serve and connect do not end by themselves"
    );
    let printed = lessons.run(&call.lesson, &call.arguments)?;
    let mut lines = vec![format!("$ {command}")];
    lines.extend(printed.text.lines().map(ToString::to_string));
    Ok((lines, printed.status))
}

/// A command has to end as its comment says.
fn ensure_status(lines: &[String], status: Option<i32>, exit: i32) -> anyhow::Result<()> {
    ensure!(
        status == Some(exit),
        "it ended with {} instead of {exit}:\n{}",
        status.map_or_else(|| "a signal".to_string(), |status| status.to_string()),
        lines[1..].join("\n").trim_end()
    );
    Ok(())
}

/// The verdict on what this machine cannot show.
fn is_skip(line: &str) -> bool {
    line.starts_with("  skipped: ")
}

/// A step that the lab knows only from the socket tables of Linux. Who does something stands in a column of its own.
fn is_from_tables(line: &str) -> bool {
    let Some((who, what)) = line.strip_prefix("    ").and_then(|line| line.split_at_checked(21)) else { return false };
    let told = ["hangs: ", "spins: ", "has read ", "did not read "];
    who.trim_end() == "kernel" || told.iter().any(|told| what.starts_with(told))
}

/// Whether a block can be what a machine with socket tables prints, where a machine without them prints `new`: rows are
/// missing, or in another order, since who was first is also seen there.
fn may_differ_without_tables(old: &[&str], new: &[String]) -> bool {
    let mut orders = [old.to_vec(), new.iter().map(String::as_str).collect()];
    orders.iter_mut().for_each(|lines| lines.sort_unstable());
    old.iter().any(|line| is_from_tables(line)) || orders[0] == orders[1]
}

/// A verdict that no chapter documents.
fn is_mishap(line: &str) -> bool {
    ["  unexpected: ", "  void, ", "  no verdict"].iter().any(|verdict| line.starts_with(verdict))
}

/// The section of an experiment in its chapter.
pub(crate) fn section<'a>(headings: &'a [Heading], experiment: &str) -> Option<&'a Heading> {
    let names = |heading: &&Heading| {
        let rest = heading.text.strip_prefix(experiment);
        heading.level == 2
            && rest.is_some_and(|rest| !rest.starts_with(|next: char| next == '-' || next.is_alphanumeric()))
    };
    headings.iter().find(names)
}

fn table(sources: &Sources<'_>, document: &Document, rest: &str) -> anyhow::Result<Vec<String>> {
    let link = |chapter: &Document| match (document.path.starts_with("docs/"), chapter.path == document.path) {
        (_, true) => String::new(),
        (true, _) => chapter.path.replacen("docs/", "", 1),
        (false, _) => chapter.path.clone(),
    };
    let mut rows = Vec::new();
    if let Some(lesson) = rest.strip_prefix("experiments of ") {
        let chapter = sources.documents.iter().find(|document| document.lesson().as_deref() == Some(lesson));
        let outline = chapter.map(|chapter| outline(&chapter.text)).unwrap_or_default();
        rows.push(["experiment".to_string(), "question".to_string()]);
        for (name, question) in sources.lessons.experiments(lesson)? {
            let cell = match (chapter, section(&outline.headings, &name)) {
                (Some(chapter), Some(heading)) => format!("[{name}]({}#{})", link(chapter), heading.anchor),
                _ => name,
            };
            rows.push([cell, question]);
        }
    } else if rest == "lessons" {
        rows.push(["lesson".to_string(), "what you see".to_string()]);
        for chapter in sources.documents.iter().filter(|document| document.lesson().is_some()) {
            let outline = outline(&chapter.text);
            let title = outline.headings.first().with_context(|| format!("{} has no heading", chapter.path))?;
            let symptom = symptom(&chapter.text)
                .with_context(|| format!("{} has no paragraph that begins with {SYMPTOM}", chapter.path))?;
            rows.push([format!("[{}]({})", title.text, link(chapter)), symptom]);
        }
    } else {
        bail!("there is a table of `lessons` and one of `experiments of LESSON`, none of {rest:?}")
    }
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| format!("| {} |", row.each_ref().map(|cell| cell.replace('|', "\\|")).join(" | ")))
        .collect();
    lines.insert(1, "|---|---|".to_string());
    Ok(lines)
}

fn symptom(chapter: &str) -> Option<String> {
    let paragraph: Vec<&str> =
        chapter.lines().skip_while(|line| !line.starts_with(SYMPTOM)).take_while(|line| !line.is_empty()).collect();
    let text = paragraph.join(" ");
    (!text.is_empty()).then(|| text.trim_start_matches(SYMPTOM).trim().to_string())
}
