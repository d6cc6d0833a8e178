//! The lessons as the book sees them: programs that list, run and print.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// More than this is no output for a chapter.
const MOST: u64 = 1024 * 1024;

/// What a command printed, both streams in the order in which they came, and how it ended.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Without colours.
    pub text: String,
    /// `None` when a signal ended it.
    pub status: Option<i32>,
}

/// Runs the lessons.
pub trait Lessons: Sync {
    /// Every lesson crate: `lesson-05-framing`.
    fn names(&self) -> Vec<String>;

    /// Runs a lesson with these arguments.
    ///
    /// # Errors
    ///
    /// There is no such lesson, or it cannot be started.
    fn run(&self, lesson: &str, arguments: &[String]) -> anyhow::Result<Printed>;

    /// Name and question of every experiment, in the order of the lesson's table.
    ///
    /// # Errors
    ///
    /// As [`Lessons::run`], or `list` fails.
    fn experiments(&self, lesson: &str) -> anyhow::Result<Vec<(String, String)>> {
        let printed = self.run(lesson, &["list".to_string()])?;
        ensure!(printed.status == Some(0), "`{lesson} list` failed:\n{}", printed.text);
        let pair = |line: &str| line.split_once(' ').map(|(name, question)| (name.into(), question.trim().into()));
        printed.text.lines().map(|line| pair(line).with_context(|| format!("no question in {line:?}"))).collect()
    }
}

/// The lessons of a workspace, built by the cargo that runs the test.
pub struct Built {
    root: PathBuf,
    programs: HashMap<String, PathBuf>,
}

impl Built {
    /// Builds every `crates/lesson-*` into the target folder in use. Cargo gives its lock back before it runs tests, so
    /// the two do not wait for each other.
    ///
    /// # Errors
    ///
    /// A lesson does not compile.
    pub fn new(root: &Path) -> anyhow::Result<Built> {
        let names = crates(root)?;
        ensure!(!names.is_empty(), "there is no crates/lesson-* in {}", root.display());
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from(env!("CARGO")));
        let mut command = Command::new(cargo);
        command.current_dir(root).args(["build", "--quiet", "--message-format=json-render-diagnostics"]);
        names.iter().for_each(|name| {
            command.args(["-p", name]);
        });
        let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        ensure!(output.status.success(), "the lessons do not compile");
        let messages = String::from_utf8(output.stdout)?;
        let mut programs = HashMap::new();
        for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            if let (Some(name), Some(path)) = (message["target"]["name"].as_str(), message["executable"].as_str()) {
                programs.insert(name.to_string(), PathBuf::from(path));
            }
        }
        Ok(Built { root: root.to_path_buf(), programs })
    }
}

/// The names of the lesson crates, in order.
fn crates(root: &Path) -> anyhow::Result<Vec<String>> {
    let folder = root.join("crates");
    let mut names = Vec::new();
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("lesson-") && folder.join(&name).join("Cargo.toml").is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

impl Lessons for Built {
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.programs.keys().cloned().collect();
        names.sort();
        names
    }

    fn run(&self, lesson: &str, arguments: &[String]) -> anyhow::Result<Printed> {
        let Some(program) = self.programs.get(lesson) else { bail!("there is no lesson {lesson}") };
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(program);
        command.current_dir(&self.root).args(arguments).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        // The command holds the other end of the pipe as long as it lives.
        drop(command);
        let mut bytes = Vec::new();
        io::copy(&mut reader.take(MOST), &mut bytes)?;
        let status: ExitStatus = child.wait()?;
        Ok(Printed { text: String::from_utf8_lossy(&bytes).replace('\r', ""), status: status.code() })
    }
}
