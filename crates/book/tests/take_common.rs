//! `crates/common` can be taken into another project in every way that its README names, and what its manifest does not
//! inherit is nevertheless what the workspace has.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the top of the workspace").to_path_buf()
}

fn read(path: &str) -> anyhow::Result<String> {
    let path = workspace().join(path);
    Ok(fs::read_to_string(&path).with_context(|| path.display().to_string())?.replace("\r\n", "\n"))
}

/// The lines of a section of a manifest, without comments and empty lines.
fn section<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
    let header = format!("[{name}]");
    let lines = manifest.lines().skip_while(|line| *line != header).skip(1).take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// What comes behind `key = "` on a line, to the next quotation mark.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(&format!("{key} = \""))?.1.split('"').next()
}

#[test]
fn what_common_does_not_inherit_is_the_same_as_in_the_workspace() -> anyhow::Result<()> {
    let (whole, common) = (read("Cargo.toml")?, read("crates/common/Cargo.toml")?);
    assert!(!common.contains("workspace = true"), "a copy of the folder has no workspace to inherit from");

    let package = section(&common, "package");
    for line in section(&whole, "workspace.package") {
        assert!(package.contains(&line), "[package] of common has no line {line}");
    }
    for lints in ["rust", "clippy"] {
        let (here, there) = (format!("workspace.lints.{lints}"), format!("lints.{lints}"));
        assert_eq!(section(&common, &there), section(&whole, &here), "[{there}] of common");
    }

    let versions = section(&whole, "workspace.dependencies");
    let version = |name: &str| versions.iter().find(|line| line.starts_with(&format!("{name} = ")));
    let mut compared = 0;
    for line in [section(&common, "dependencies"), section(&common, "dev-dependencies")].concat() {
        let name = line.split(' ').next().unwrap_or_default();
        if name != "common" {
            let there = version(name).with_context(|| format!("{name} is no dependency of the workspace"))?;
            let there = value(there, "version").or_else(|| value(there, name));
            assert_eq!(value(line, "version"), there, "version of {name}");
            compared += 1;
        }
    }
    assert!(compared > 5, "only {compared} dependencies were found");
    Ok(())
}

#[test]
fn every_manifest_names_the_licence_and_the_texts_are_there() -> anyhow::Result<()> {
    const LICENCE: &str = r#"license = "MIT OR Apache-2.0""#;
    assert!(section(&read("Cargo.toml")?, "workspace.package").contains(&LICENCE));
    let mut manifests = Vec::new();
    for entry in workspace().join("crates").read_dir()? {
        manifests.push(format!("crates/{}/Cargo.toml", entry?.file_name().display()));
    }
    manifests.extend(["crates/common/fuzz/Cargo.toml".to_string(), "crates/common/interop/Cargo.toml".to_string()]);
    for manifest in manifests {
        let text = read(&manifest)?;
        let package = section(&text, "package");
        assert!(package.contains(&LICENCE) || package.contains(&"license.workspace = true"), "{manifest}: no licence");
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        assert_eq!(read(name)?, read(&format!("crates/common/{name}"))?, "{name}");
    }
    Ok(())
}

#[cfg(unix)]
mod taken {
    use std::process::Command;

    use anyhow::ensure;

    use super::*;

    /// Frames in memory, there and back.
    const PROGRAM: &str = r#"
use std::io;

use common::framing::{Frames, write_frame};

fn main() -> io::Result<()> {
    let mut wire = Vec::new();
    write_frame(&mut wire, b"taken", 100)?;
    let mut frames = Frames::new(&wire[..], 100);
    while let Some(payload) = frames.next_frame()? {
        println!("{}", String::from_utf8_lossy(payload));
    }
    Ok(())
}
"#;

    /// A project outside the workspace. An empty clippy.toml keeps clippy from finding ours in a folder further up.
    struct Project {
        root: PathBuf,
    }

    impl Project {
        /// `dependency` is a line of the README of common; what is `from` there is `to` here.
        fn new(name: &str, dependency: &str, [from, to]: [&str; 2]) -> anyhow::Result<Project> {
            let readme = read("crates/common/README.md")?;
            ensure!(dependency.is_empty() || readme.lines().any(|line| line == dependency), "README: no {dependency}");
            let dependency = dependency.replace(from, to);
            let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("take-common").join(name);
            if root.exists() {
                fs::remove_dir_all(&root)?;
            }
            fs::create_dir_all(root.join("src"))?;
            let project = Project { root };
            let manifest = "[package]\nname = \"taker\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
            project.write("Cargo.toml", &format!("{manifest}[dependencies]\n{dependency}\n"))?;
            project.write("clippy.toml", "")?;
            project.write("Cargo.lock", &read("Cargo.lock")?)?;
            project.write("src/main.rs", PROGRAM)?;
            Ok(project)
        }

        fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
            Ok(fs::write(self.root.join(name), text)?)
        }

        fn change(&self, name: &str, from: &str, to: &str) -> anyhow::Result<()> {
            let text = fs::read_to_string(self.root.join(name))?;
            ensure!(text.contains(from), "{name}: no {from}");
            self.write(name, &text.replace(from, to))
        }

        /// A command of cargo, without a warning. What it prints on standard output.
        fn cargo(&self, arguments: &[&str]) -> anyhow::Result<String> {
            let mut command = Command::new(env!("CARGO"));
            command.args(arguments).current_dir(&self.root).env("RUSTFLAGS", "-D warnings");
            // One for all of them, beside: what does not change is built once.
            command.env("CARGO_TARGET_DIR", self.root.with_file_name("target")).env_remove("CARGO_BUILD_TARGET_DIR");
            let output = command.output()?;
            let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            ensure!(output.status.success(), "cargo {}: {out}{err}", arguments.join(" "));
            Ok(out)
        }

        fn runs(&self) -> anyhow::Result<()> {
            assert_eq!(self.cargo(&["run", "--quiet", "--offline"])?, "taken\n");
            Ok(())
        }

        /// Lints of clippy too, if this cargo has it.
        fn is_clean(&self, arguments: &[&str]) -> anyhow::Result<()> {
            if self.cargo(&["clippy", "--version"]).is_err() {
                println!("not linted: this cargo has no clippy");
                return Ok(());
            }
            let arguments =
                [&["clippy", "--quiet", "--offline", "--all-targets"], arguments, &["--", "-D", "warnings"]];
            self.cargo(&arguments.concat()).map(drop)
        }
    }

    /// Copies files and folders, but no output of a build.
    fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
        if from.is_file() {
            fs::copy(from, to).with_context(|| from.display().to_string())?;
            return Ok(());
        }
        fs::create_dir_all(to)?;
        for entry in from.read_dir()? {
            let name = entry?.file_name();
            if name != "target" && name != ".git" {
                copy(&from.join(&name), &to.join(&name))?;
            }
        }
        Ok(())
    }

    fn common() -> PathBuf {
        workspace().join("crates/common")
    }

    fn copy_what_is_needed(to: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(to)?;
        let names = ["Cargo.toml", "LICENSE-MIT", "LICENSE-APACHE", "src", "tests"];
        names.iter().try_for_each(|name| copy(&common().join(name), &to.join(name)))
    }

    #[test]
    #[ignore = "builds common for other projects, with all its dependencies: a minute, at the first time"]
    fn in_every_way_that_its_readme_names() -> anyhow::Result<()> {
        by_path()?;
        by_path_under_another_name()?;
        by_git()?;
        as_a_copy()?;
        as_a_copy_of_another_name()?;
        as_a_module()
    }

    fn by_path() -> anyhow::Result<()> {
        let clone = workspace().display().to_string();
        let line = r#"common = { path = "../sockets/crates/common", features = ["json"] }"#;
        let project = Project::new("path", line, ["../sockets", &clone])?;
        project.runs()?;

        // Without the feature there is nothing else to build.
        project.change("Cargo.toml", ", features = [\"json\"]", "")?;
        project.runs()?;
        assert_eq!(project.cargo(&["tree", "--offline", "--prefix", "none"])?.lines().count(), 2);
        Ok(())
    }

    fn by_path_under_another_name() -> anyhow::Result<()> {
        let clone = workspace().display().to_string();
        let line = r#"course = { package = "common", path = "../sockets/crates/common" }"#;
        let project = Project::new("renamed", line, ["../sockets", &clone])?;
        project.change("src/main.rs", "use common::", "use course::")?;
        project.runs()
    }

    fn by_git() -> anyhow::Result<()> {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("take-common");
        let repository = place.join("repository");
        if repository.exists() {
            fs::remove_dir_all(&repository)?;
        }
        fs::create_dir_all(&repository)?;
        for name in ["Cargo.toml", "Cargo.lock", "clippy.toml", "crates"] {
            copy(&workspace().join(name), &repository.join(name))?;
        }
        let git = |arguments: &[&str]| -> anyhow::Result<String> {
            let output = Command::new("git").args(arguments).current_dir(&repository).output().context("git")?;
            ensure!(output.status.success(), "git: {}", String::from_utf8_lossy(&output.stderr));
            Ok(String::from_utf8(output.stdout)?.trim().to_string())
        };
        git(&["init", "--quiet"])?;
        git(&["add", "."])?;
        git(&["-c", "user.name=taker", "-c", "user.email=taker@example.org", "commit", "--quiet", "-m", "taken"])?;
        let commit = git(&["rev-parse", "HEAD"])?;

        let line = r#"common = { git = "file:///home/you/sockets", rev = "0123456789abcdef" }"#;
        let project = Project::new("git", line, ["/home/you/sockets", &repository.display().to_string()])?;
        project.change("Cargo.toml", "0123456789abcdef", &commit)?;
        // cargo fetches no git repository with --offline. There is nothing to fetch but this folder.
        project.cargo(&["fetch", "--quiet"])?;
        project.runs()
    }

    fn as_a_copy() -> anyhow::Result<()> {
        let line = r#"common = { path = "common", features = ["auth", "json"] }"#;
        let project = Project::new("copy", line, ["", ""])?;
        copy_what_is_needed(&project.root.join("common"))?;
        project.runs()?;
        for features in ["", "json", "auth", "server", "auth,json,server"] {
            project.is_clean(&["-p", "common", "--features", features])?;
        }
        project.cargo(&["test", "--quiet", "--offline", "-p", "common", "--doc"]).map(drop)
    }

    fn as_a_copy_of_another_name() -> anyhow::Result<()> {
        let line = r#"course = { package = "course", path = "course" }"#;
        let project = Project::new("copy-renamed", line, ["", ""])?;
        project.change("src/main.rs", "use common::", "use course::")?;
        copy_what_is_needed(&project.root.join("course"))?;
        let lines = [
            ("[package]\n", "name = \"common\"", "name = \"course\""),
            (
                "",
                "common = { path = \".\", features = [\"auth\", \"json\", \"server\"] }",
                "course = { path = \".\", features = [\"auth\", \"json\", \"server\"] }",
            ),
        ];
        for (before, from, to) in lines {
            ensure!(read("crates/common/README.md")?.lines().any(|line| line == to), "README: no {to}");
            project.change("course/Cargo.toml", &format!("{before}{from}"), &format!("{before}{to}"))?;
        }
        project.runs()?;
        project.is_clean(&["-p", "course"])?;
        project.cargo(&["test", "--quiet", "--offline", "-p", "course", "--test", "framing"])?;
        project.cargo(&["test", "--quiet", "--offline", "-p", "course", "--doc"]).map(drop)
    }

    fn as_a_module() -> anyhow::Result<()> {
        let project = Project::new("module", "", ["", ""])?;
        for name in ["framing", "accept.rs", "deadline.rs"] {
            copy(&common().join("src").join(name), &project.root.join("src").join(name))?;
        }
        fs::remove_file(project.root.join("src/framing/json.rs"))?;
        project.change("src/framing/mod.rs", "#[cfg(feature = \"json\")]\npub mod json;\n", "")?;
        let allowed = "#[allow(dead_code, unused_imports, reason = \"copied whole\")]\n";
        ensure!(read("crates/common/README.md")?.contains(allowed), "README: no {allowed}");
        let modules = ["framing", "accept", "deadline"].map(|name| format!("{allowed}mod {name};\n")).concat();
        project.write("src/main.rs", &format!("{modules}{}", PROGRAM.replace("use common::", "use crate::")))?;
        project.runs()?;
        project.is_clean(&[])
    }
}
