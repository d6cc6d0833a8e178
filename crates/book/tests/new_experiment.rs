//! `scripts/new-experiment` lays out an experiment that compiles without a warning and runs as documented.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, ensure};

/// What the script and the build of a lesson need of the workspace.
const NEEDED: &[&str] = &["Cargo.toml", "Cargo.lock", "clippy.toml", "crates", "scripts"];

/// A copy of the workspace at a place of its own. It stays there, and files that are the same are not touched, so that
/// the next run builds little. Its target folder is its own too: in a shared one its lesson would replace the real one.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    fn make(name: &str) -> anyhow::Result<Copy> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("no workspace")?;
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let copy = Copy { root: place.join("workspace"), target: place.join("target") };
        fs::create_dir_all(&copy.root)?;
        NEEDED.iter().try_for_each(|name| mirror(&workspace.join(name), &copy.root.join(name)))?;
        Ok(copy)
    }

    fn script(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Ok(Command::new(self.root.join("scripts/new-experiment")).args(arguments).output()?)
    }

    fn cargo(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        Ok(command.env_remove("CARGO_BUILD_TARGET_DIR").output()?)
    }
}

/// Makes `to` what `from` is.
fn mirror(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        let wanted = fs::read(from).with_context(|| from.display().to_string())?;
        if fs::read(to).ok().as_ref() != Some(&wanted) {
            fs::copy(from, to)?;
        }
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in to.read_dir()? {
        let entry = entry?;
        if !from.join(entry.file_name()).exists() {
            let path = entry.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
    }
    for entry in from.read_dir()? {
        let name = entry?.file_name();
        if name != "target" {
            mirror(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
#[ignore = "builds a lesson in a folder of its own: half a minute"]
fn a_new_experiment_runs_as_documented() -> anyhow::Result<()> {
    let copy = Copy::make("new-experiment")?;
    let said = copy.script(&["05", "my-trap"])?;
    ensure!(said.status.success(), "{}", text(&said));
    let built = copy.cargo(&["build", "-p", "lesson-05-framing"])?;
    ensure!(built.status.success() && !text(&built).contains("warning"), "{}", text(&built));
    let run = copy.cargo(&["run", "--quiet", "-p", "lesson-05-framing", "--", "run", "my-trap", "--repeat", "5"])?;
    assert!(run.status.success(), "{}", text(&run));
    let casts: Vec<String> = String::from_utf8(run.stdout)?.lines().map(str::to_string).collect();
    assert_eq!(casts, ["my-trap  broken    5 of 5 as documented", "my-trap  fixed     5 of 5 as documented"]);
    let listed = copy.cargo(&["run", "--quiet", "-p", "lesson-05-framing", "--", "list"])?;
    assert!(text(&listed).lines().last().is_some_and(|line| line.starts_with("my-trap ")), "{}", text(&listed));
    Ok(())
}

#[test]
fn what_cannot_be_is_refused_in_one_line_and_leaves_nothing() -> anyhow::Result<()> {
    let copy = Copy::make("refused-experiment")?;
    let lesson = copy.root.join("crates/lesson-05-framing/src");
    let before = fs::read(lesson.join("main.rs"))?;
    let folders = || -> anyhow::Result<usize> { Ok(lesson.read_dir()?.count()) };
    let count = folders()?;
    let refused = [
        (["05", "split-header"], "exists already"),
        (["05", "My-Trap"], "is no name"),
        (["05", "my_trap"], "is no name"),
        (["05", "-trap"], "is no name"),
        (["05", "trap-"], "is no name"),
        (["05", "my--trap"], "is no name"),
        (["05", "5-traps"], "is no name"),
        (["05", "a/b"], "is no name"),
        (["05", "träp"], "is no name"),
        (["05", ""], "is no name"),
        (["05", "match"], "cannot name a module"),
        (["05", "finished"], "cannot name a module"),
        (["05", "do"], "cannot name a module"),
        (["05", "typeof"], "cannot name a module"),
        (["05", "lab"], "cannot name a module"),
        (["05", "std"], "cannot name a module"),
        (["99", "my-trap"], "there is no lesson 99"),
        (["framing", "my-trap"], "is no lesson"),
        (["*", "my-trap"], "is no lesson"),
    ];
    for (arguments, why) in refused {
        let said = copy.script(&arguments)?;
        let complaint = String::from_utf8(said.stderr)?;
        assert_eq!(said.status.code(), Some(1), "{arguments:?}: {complaint}");
        assert!(complaint.starts_with("error: ") && complaint.contains(why), "{arguments:?}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{arguments:?}: {complaint}");
    }
    assert_eq!(copy.script(&["05"])?.status.code(), Some(2));
    assert_eq!(folders()?, count);
    assert_eq!(fs::read(lesson.join("main.rs"))?, before);
    Ok(())
}
