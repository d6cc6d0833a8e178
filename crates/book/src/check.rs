//! Everything that must hold, and what `BLESS=1` writes.

use std::fs;
use std::path::{Component, Path};

use anyhow::Context;

use crate::blocks::{self, Sources, refresh_all, section};
use crate::lessons::Lessons;
use crate::markdown::{Heading, Outline, outline};
use crate::{Document, Mistake};

/// What is done with the blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Blocks are written anew, and sections begun, instead of reported.
    pub bless: bool,
    /// Commands are run. What they print is the print of Linux; elsewhere it may differ and is left alone.
    pub runs: bool,
    /// The lab sees the socket tables of this machine. Where it does not, a run does not print what only they show, and a
    /// block that has such lines is left alone.
    pub tables: bool,
}

/// The new section of an experiment goes before the next one, or before this line.
const END: &str = "<!-- experiments end -->";

/// Stands where a person has to write.
const TO_WRITE: &str = "TODO";

/// Checks `README.md` and `docs/*.md` of the workspace at `root`, and gives every mistake:
///
/// - a block that is not what its comment computes, or that cannot be computed;
/// - a relative link to a file or a heading that is not there, or out of the workspace;
/// - a lesson without a chapter, a chapter without a lesson, a chapter that `docs/README.md` does not link to;
/// - an experiment without a section in its chapter, or sections in another order than that of `list`;
/// - a command that the lesson's command line does not understand;
/// - a place where a person still has to write.
///
/// # Errors
///
/// A document cannot be read or written, or a lesson does not start.
pub fn check(root: &Path, lessons: &dyn Lessons, mode: Mode) -> anyhow::Result<Vec<Mistake>> {
    let mut documents = read(root)?;
    if mode.bless {
        begin_chapters(&mut documents, lessons);
        begin_sections(&mut documents, lessons)?;
    }
    let mut mistakes = Vec::new();
    let refreshed = refresh_all(&Sources { root, lessons, documents: &documents, mode });
    for (document, refreshed) in documents.iter_mut().zip(refreshed) {
        if mode.bless {
            document.text = refreshed.text;
            fs::write(root.join(&document.path), &document.text).with_context(|| document.path.clone())?;
        } else {
            mistakes.extend(refreshed.drifted);
        }
        mistakes.extend(refreshed.failed);
    }
    let outlines: Vec<Outline> = documents.iter().map(|document| outline(&document.text)).collect();
    for (document, outline) in documents.iter().zip(&outlines) {
        links(root, &documents, &outlines, document, outline, &mut mistakes);
        commands(lessons, document, outline, &mut mistakes)?;
        let unwritten = document.text.lines().enumerate().filter(|(_, line)| line.contains(TO_WRITE));
        mistakes.extend(unwritten.map(|(at, _)| document.mistake(at + 1, "here something is left to be written")));
    }
    chapters(lessons, &documents, &outlines, &mut mistakes)?;
    mistakes.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(mistakes)
}

/// `README.md` and `docs/*.md`, in order.
fn read(root: &Path) -> anyhow::Result<Vec<Document>> {
    let folder = root.join("docs");
    let mut paths = vec!["README.md".to_string()];
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            paths.push(format!("docs/{name}"));
        }
    }
    paths.sort();
    let document = |path: String| {
        let text = fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        Ok(Document { text: text.replace('\r', ""), path })
    };
    paths.into_iter().map(document).collect()
}

fn links(
    root: &Path,
    documents: &[Document],
    outlines: &[Outline],
    document: &Document,
    outline: &Outline,
    mistakes: &mut Vec<Mistake>,
) {
    for (line, label) in &outline.undefined {
        mistakes.push(document.mistake(*line, format!("[{label}] is not defined")));
    }
    for (line, target) in &outline.links {
        let mut wrong = |what: String| mistakes.push(document.mistake(*line, what));
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = target.split_once('#').map_or((target.as_str(), None), |(path, a)| (path, Some(a)));
        let Some(path) = resolve(&document.path, path) else {
            wrong(format!("the link {target} leads out of the workspace"));
            continue;
        };
        if !root.join(&path).exists() {
            wrong(format!("the link {target} leads to nothing: there is no {path}"));
            continue;
        }
        let Some(anchor) = anchor else { continue };
        match documents.iter().position(|document| document.path == path) {
            None => wrong(format!("the link {target} has an anchor into a file whose headings are not checked")),
            Some(at) if outlines[at].headings.iter().any(|heading| heading.anchor == anchor) => {}
            Some(_) => wrong(format!("the link {target} leads to no heading of {path}")),
        }
    }
}

/// The path that a link of `from` means, seen from the top of the workspace; `None` outside of it.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_string());
    }
    let mut path = Path::new(from).parent()?.to_path_buf();
    for component in Path::new(link).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            Component::Normal(name) => path.push(name),
            _ => return None,
        }
    }
    let names: Vec<String> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    Some(names.join("/"))
}

fn commands(
    lessons: &dyn Lessons,
    document: &Document,
    outline: &Outline,
    mistakes: &mut Vec<Mistake>,
) -> anyhow::Result<()> {
    for (line, code) in &outline.code {
        let code = code.trim().trim_start_matches("$ ");
        if !code.starts_with("cargo run -p lesson-") {
            continue;
        }
        let call = match blocks::call(code) {
            Ok(call) if lessons.names().contains(&call.lesson) => call,
            Ok(call) => {
                mistakes.push(document.mistake(*line, format!("`{code}`: there is no {}", call.lesson)));
                continue;
            }
            Err(error) => {
                mistakes.push(document.mistake(*line, format!("`{code}`: {error}")));
                continue;
            }
        };
        let mut arguments = vec!["parse".to_string(), "--".to_string()];
        let any = lessons.experiments(&call.lesson)?.into_iter().next().map_or_else(String::new, |(name, _)| name);
        arguments.extend(call.arguments.into_iter().map(|word| if word == "NAME" { any.clone() } else { word }));
        let printed = lessons.run(&call.lesson, &arguments)?;
        if printed.status != Some(0) {
            mistakes.push(document.mistake(*line, format!("`{code}` is not understood:\n{}", printed.text.trim_end())));
        }
    }
    Ok(())
}

fn chapters(
    lessons: &dyn Lessons,
    documents: &[Document],
    outlines: &[Outline],
    mistakes: &mut Vec<Mistake>,
) -> anyhow::Result<()> {
    let names = lessons.names();
    let missing = |path: &str, what: String| Mistake { file: path.to_string(), line: 1, what };
    for lesson in &names {
        if !documents.iter().any(|document| document.lesson().as_ref() == Some(lesson)) {
            let path = format!("docs/{}.md", lesson.trim_start_matches("lesson-"));
            mistakes.push(missing(&path, format!("the lesson crates/{lesson} has no chapter; BLESS=1 begins one")));
        }
    }
    let contents = documents.iter().zip(outlines).find(|(document, _)| document.path == "docs/README.md");
    let linked = |path: &str| {
        let leads = |(_, target): &(usize, String)| target.split('#').next() == path.strip_prefix("docs/");
        contents.is_some_and(|(_, outline)| outline.links.iter().any(leads))
    };
    if !documents.iter().any(|document| document.path == "docs/errors.md") {
        mistakes.push(missing("docs/errors.md", "the index of symptoms is missing".to_string()));
    }
    for (document, outline) in documents.iter().zip(outlines) {
        let lesson = document.lesson();
        if (lesson.is_some() || document.path == "docs/errors.md") && !linked(&document.path) {
            mistakes.push(document.mistake(1, "docs/README.md does not link to this"));
        }
        let Some(lesson) = lesson else { continue };
        if !names.contains(&lesson) {
            mistakes.push(document.mistake(1, format!("the chapter has no lesson: there is no crates/{lesson}")));
            continue;
        }
        let mut last: Option<(usize, String)> = None;
        let experiments = lessons.experiments(&lesson)?;
        let mut renamed = renamed(&outline.headings, &experiments).into_iter();
        for (name, _) in &experiments {
            let Some(heading) = section(&outline.headings, name) else {
                let what = match renamed.next() {
                    Some(Heading { text, line, .. }) => {
                        format!("the experiment {name} has no section `## {name}`; is it `## {text}` in line {line}?")
                    }
                    None => format!("the experiment {name} has no section `## {name}`; BLESS=1 begins one"),
                };
                mistakes.push(document.mistake(1, what));
                continue;
            };
            if let Some((line, before)) = &last
                && *line > heading.line
            {
                let what = format!("`list` has {before} before {name}, the chapter after it");
                mistakes.push(document.mistake(heading.line, what));
            }
            last = Some((heading.line, name.clone()));
        }
    }
    Ok(())
}

/// Begins a chapter for every lesson that has none.
fn begin_chapters(documents: &mut Vec<Document>, lessons: &dyn Lessons) {
    for lesson in lessons.names() {
        if documents.iter().any(|document| document.lesson().as_ref() == Some(&lesson)) {
            continue;
        }
        let name = lesson.trim_start_matches("lesson-");
        documents.push(Document { path: format!("docs/{name}.md"), text: blank_chapter(&lesson, name) });
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
}

/// Sections that begin with a name, in small letters, that no experiment of the lesson has: somebody has renamed them.
fn renamed<'a>(headings: &'a [Heading], experiments: &[(String, String)]) -> Vec<&'a Heading> {
    let known: Vec<&Heading> = experiments.iter().filter_map(|(name, _)| section(headings, name)).collect();
    let is_name = |heading: &&Heading| heading.level == 2 && heading.text.starts_with(|c: char| c.is_ascii_lowercase());
    headings.iter().filter(is_name).filter(|heading| known.iter().all(|known| known.line != heading.line)).collect()
}

/// Begins a section for every experiment that has none, but where one may have been renamed.
fn begin_sections(documents: &mut [Document], lessons: &dyn Lessons) -> anyhow::Result<()> {
    for document in documents {
        let Some(lesson) = document.lesson().filter(|lesson| lessons.names().contains(lesson)) else { continue };
        let experiments = lessons.experiments(&lesson)?;
        for (at, (name, question)) in experiments.iter().enumerate() {
            let headings = outline(&document.text).headings;
            if section(&headings, name).is_some() || !renamed(&headings, &experiments).is_empty() {
                continue;
            }
            let next = experiments[at + 1..].iter().find_map(|(name, _)| section(&headings, name));
            let lines: Vec<&str> = document.text.lines().collect();
            let place = match next {
                Some(heading) => Some(heading.line - 1),
                None => lines.iter().position(|line| *line == END),
            };
            // Without a place the missing section is reported.
            let Some(place) = place else { continue };
            let new = blank_section(&lesson, name, question);
            let text: String = lines[..place].iter().map(|line| format!("{line}\n")).collect();
            let rest: String = lines[place..].iter().map(|line| format!("{line}\n")).collect();
            document.text = format!("{text}{new}\n{rest}");
        }
    }
    Ok(())
}

fn blank_chapter(lesson: &str, name: &str) -> String {
    let title = name.replace('-', " ");
    format!(
        r#"# {title}

**You see:** {TO_WRITE}: symptoms, in the words of a learner who has them.

{TO_WRITE}: the question of the lesson, and the few words and the picture that a reader needs for it.

## Run it

```console
$ cargo run -p {lesson}
```

Every experiment is performed twice by real programs: first with the mistake, then mended. The same trap waits for both.
How to read what is printed stands in [the contents](README.md#how-to-read-a-verdict).

<!-- table: experiments of {lesson} -->

{END}

## Myths

{TO_WRITE}: what many people say, and what was measured.

## In the wild

{TO_WRITE}: real bug reports or CVEs, each with a link.

## Try it

{TO_WRITE}: exercises that `check` can judge.

## Further reading

{TO_WRITE}
"#
    )
}

fn blank_section(lesson: &str, name: &str, question: &str) -> String {
    let folder = blocks::folder(lesson, name);
    format!(
        r#"## {name}

{question}

### Run it

<!-- run: cargo run -p {lesson} -- run {name} -->

### Predict

{TO_WRITE}: a question that the output above raises and does not answer.

### What happened

{TO_WRITE}: byte by byte.

### The broken line

From [broken.rs](../{folder}/broken.rs):

<!-- source: {folder}/broken.rs from "{TO_WRITE}" to "{TO_WRITE}" -->

{TO_WRITE}: why people write it, and the same call in Python.

### The cure

<!-- diff: {name} -->

{TO_WRITE}: what the new lines do.
"#
    )
}
