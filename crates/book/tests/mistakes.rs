//! Each kind of mistake is found: a small workspace without any, and one change at a time.

use std::fs;
use std::path::{Path, PathBuf};

use book::{Lessons, Mistake, Mode, Printed, check};

const CHAPTER: &str = r#"# 05 Framing

**You see:** half a
message.

<!-- table: experiments of lesson-05-framing -->
| experiment | question |
|---|---|
| [cut](#cut) | Does it hold? |
| [cut-off](#cut-off-at-the-end) | Is it \| whole? |

## cut

<!-- run: cargo run -p lesson-05-framing -- run cut -->
```console
$ cargo run -p lesson-05-framing -- run cut
breaks
```

<!-- run exit 1: cargo run -p lesson-05-framing -- run bad -->
```console
$ cargo run -p lesson-05-framing -- run bad
error: bad
```

<!-- source: crates/lesson-05-framing/src/cut/broken.rs from "fn read" to "}" -->
```rust
fn read() {
    if true {
        one();
    }
}
```

<!-- source: crates/lesson-05-framing/src/cut/broken.rs line "one()" -->
```rust
one();
```

<!-- diff: cut -->
```diff
--- crates/lesson-05-framing/src/cut/broken.rs
+++ crates/lesson-05-framing/src/cut/fixed.rs
 fn read() {
     if true {
-        one();
+        all();
     }
 }
 fn rest() {}
```

## cut-off, at the end

[above](#cut), [the index](errors.md#what-you-see)

<!-- experiments end -->
"#;

/// A workspace whose one lesson is a table of commands and what they print.
struct Small {
    root: PathBuf,
    names: Vec<String>,
    experiments: String,
    /// What `run cut` prints, and its exit status.
    cut: (&'static str, i32),
    tables: bool,
}

impl Lessons for Small {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn run(&self, _: &str, arguments: &[String]) -> anyhow::Result<Printed> {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (text, status) = match words[..] {
            ["list"] => (self.experiments.as_str(), 0),
            ["run", "cut"] => self.cut,
            ["run", "cut-off"] | ["parse", "--", "run", "cut" | "cut-off" | "bad"] => ("breaks \n", 0),
            _ => ("error: bad\n", 1),
        };
        Ok(Printed { text: text.to_string(), status: Some(status) })
    }
}

impl Small {
    fn new(name: &str) -> Small {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes").join(name);
        // What an earlier run left.
        let _ = fs::remove_dir_all(&root);
        let small = Small {
            root,
            names: vec!["lesson-05-framing".to_string()],
            experiments: "cut      Does it hold?\ncut-off  Is it | whole?\n".to_string(),
            cut: ("breaks \n", 0),
            tables: true,
        };
        small.write("docs/05-framing.md", CHAPTER);
        small.write("docs/errors.md", "# Errors\n\n## What you see\n\n[here](05-framing.md#cut)\n");
        small.write("docs/README.md", "# Contents\n\n[framing](05-framing.md) [errors](errors.md)\n");
        small.write(
            "README.md",
            "<!-- table: lessons -->\n| lesson | what you see |\n|---|---|\n| [05 Framing](docs/05-framing.md) | half a message. |\n",
        );
        let broken = "fn read() {\n    if true {\n        one();\n    }\n}\nfn rest() {}\n";
        small.write("crates/lesson-05-framing/src/cut/broken.rs", broken);
        small.write("crates/lesson-05-framing/src/cut/fixed.rs", &broken.replace("one", "all"));
        small
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Replaces a text that must be there.
    fn change(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old}");
        self.write(path, &text.replacen(old, new, 1));
    }

    fn check(&self) -> Vec<Mistake> {
        check(&self.root, self, Mode { bless: false, runs: true, tables: self.tables }).unwrap()
    }

    fn bless(&self) -> Vec<Mistake> {
        check(&self.root, self, Mode { bless: true, runs: true, tables: self.tables }).unwrap()
    }

    /// The one mistake that there is, as it is printed.
    #[track_caller]
    fn only_mistake(&self) -> String {
        let mistakes = self.check();
        assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
        mistakes[0].to_string()
    }
}

/// Makes one change in the chapter and expects one mistake that begins and goes on so.
#[track_caller]
fn chapter(name: &str, old: &str, new: &str, expected: &str) {
    let small = Small::new(name);
    small.change("docs/05-framing.md", old, new);
    let mistake = small.only_mistake();
    assert!(mistake.contains(expected), "{mistake}");
}

#[test]
fn without_a_mistake_there_is_none_and_blessing_changes_nothing() {
    let small = Small::new("none");
    assert_eq!(small.check(), []);
    assert_eq!(small.bless(), []);
    assert_eq!(small.read("docs/05-framing.md"), CHAPTER);
}

#[test]
fn a_drifted_block_is_shown_with_its_difference_and_blessed() {
    let small = Small::new("drifted");
    small.change("docs/05-framing.md", "\nbreaks\n", "\nholds\n");
    assert_eq!(
        small.only_mistake(),
        "docs/05-framing.md:14: run: cargo run -p lesson-05-framing -- run cut gives something else now:\n     \
         ```console\n     $ cargo run -p lesson-05-framing -- run cut\n    -holds\n    +breaks\n     ```"
    );
    assert_eq!(small.bless(), []);
    assert_eq!(small.read("docs/05-framing.md"), CHAPTER);
}

#[test]
fn what_this_machine_cannot_show_is_passed_over_and_never_written() {
    let mut small = Small::new("skipped");
    small.cut = ("  fixed\n  skipped: needs IPv6\n", 0);
    assert_eq!(small.check(), []);
    assert_eq!(small.bless(), []);
    assert_eq!(small.read("docs/05-framing.md"), CHAPTER);
}

#[test]
fn without_socket_tables_a_block_with_what_they_show_is_passed_over_and_never_written() {
    let hangs = "\n    client               hangs: every process is asleep and no data is in flight\nbreaks\n";
    let mut small = Small::new("no-tables");
    small.change("docs/05-framing.md", "\nbreaks\n", hangs);
    let chapter = small.read("docs/05-framing.md");
    assert!(small.only_mistake().contains("gives something else now"));
    small.tables = false;
    assert_eq!(small.check(), []);
    assert_eq!(small.bless(), []);
    assert_eq!(small.read("docs/05-framing.md"), chapter);
    // How it ends is compared all the same.
    small.cut = ("breaks \n", 1);
    assert!(small.only_mistake().contains("it ended with 1 instead of 0"));
    small.cut = ("  unexpected: it held\n", 0);
    assert!(small.only_mistake().contains("it did not do what is documented of it"));
    // Another order is no difference.
    small.cut = ("holds\nbreaks\n", 0);
    small.change("docs/05-framing.md", hangs, "\nbreaks\nholds\n");
    assert_eq!(small.check(), []);
    // A block that tells nothing of them is compared as well.
    small.cut = ("breaks \n", 0);
    small.change("docs/05-framing.md", "\nbreaks\nholds\n", "\nholds\n");
    assert!(small.only_mistake().contains("gives something else now"));
    small.tables = true;
    small.cut = ("holds\nbreaks\n", 0);
    small.change("docs/05-framing.md", "\nholds\n", "\nbreaks\nholds\n");
    assert!(small.only_mistake().contains("gives something else now"));
}

#[test]
fn what_came_of_bad_luck_is_a_mistake_and_never_written() {
    for (name, printed) in [
        ("unexpected", "  unexpected: it held\n"),
        ("void", "  void, the trap could not be laid: nobody came\n"),
        ("no-verdict", "  no verdict, the lab failed: no port\n"),
    ] {
        let mut small = Small::new(name);
        small.cut = (printed, 0);
        assert!(small.only_mistake().contains("it did not do what is documented of it"), "{name}");
        assert_eq!(small.bless().len(), 1, "{name}");
        assert_eq!(small.read("docs/05-framing.md"), CHAPTER);
    }
}

#[test]
fn every_kind_of_block_drifts() {
    chapter("source", "fn read() {\n    if true {\n        one();", "fn read() {\n    if true {", "+        one();");
    chapter("line", "\none();\n", "\ntwo();\n", "-two();");
    chapter("diff", "+        all();", "+        most();", "all();");
    chapter("table", "| Does it hold? |", "| Does it break? |", "table: experiments of lesson-05-framing");
    let small = Small::new("lessons");
    small.change("README.md", "half a message", "all");
    assert!(small.only_mistake().starts_with("README.md:1: table: lessons gives something else now:"));
}

#[test]
fn a_changed_source_is_a_drifted_block() {
    let small = Small::new("changed-source");
    small.change("crates/lesson-05-framing/src/cut/fixed.rs", "all", "most");
    assert!(small.only_mistake().contains("diff: cut gives something else now"));
}

#[test]
fn a_block_that_cannot_be_computed_is_told() {
    chapter("no-start", "from \"fn read\"", "from \"fn write\"", "broken.rs begins with \"fn write\"");
    chapter("no-end", "to \"}\"", "to \"]\"", "the same indentation and begins with \"]\"");
    chapter("twice", "from \"fn read\"", "from \"fn r\"", "both line 1 and line 6 begin with \"fn r\"");
    chapter("quotes", "to \"}\"", "to }", "lacks its quotes");
    chapter("region", "line \"one()\"", "lines 1-2", "after the path comes");
    chapter(
        "no-file",
        "cut/broken.rs line",
        "cut/borken.rs line",
        "cannot read crates/lesson-05-framing/src/cut/borken.rs",
    );
    chapter("no-twins", "<!-- diff: cut -->", "<!-- diff: cat -->", "cannot read crates/lesson-05-framing/src/cat/");
    chapter(
        "kind",
        "<!-- diff: cut",
        "<!-- dif: cut",
        "no block of this kind; crates/book/src/lib.rs lists them; `diff`?",
    );
    chapter("which-table", "<!-- table: experiments", "<!-- table: words", "none of \"words of lesson-05-framing\"");
    chapter("status", "<!-- run exit 1:", "<!-- run:", "it ended with 1 instead of 0:\nerror: bad");
    chapter(
        "endless",
        "<!-- run exit 1: cargo run -p lesson-05-framing -- run bad",
        "<!-- run: cargo run -p lesson-05-framing -- serve cut",
        "do not end",
    );
    chapter(
        "other-command",
        "<!-- run exit 1: cargo run -p lesson-05-framing --",
        "<!-- run: rm",
        "does not begin with cargo run",
    );
}

#[test]
fn a_missing_fence_is_written() {
    let small = Small::new("fence");
    small.change("docs/05-framing.md", "```rust\none();\n```\n", "");
    assert_eq!(small.check().len(), 1);
    assert_eq!(small.bless(), []);
    assert_eq!(small.read("docs/05-framing.md"), CHAPTER);
}

#[test]
fn a_comment_inside_a_fence_is_text() {
    let small = Small::new("inside");
    small.change("docs/errors.md", "## What", "````text\n```\n<!-- run: x -->\n````\n\n## What");
    assert_eq!(small.check(), []);
}

#[test]
fn dead_links_are_told() {
    chapter("dead-file", "errors.md#", "error.md#", "leads to nothing: there is no docs/error.md");
    chapter("dead-anchor", "(errors.md#what", "(errors.md#who", "leads to no heading of docs/errors.md");
    chapter("own-anchor", "[above](#cut)", "[above](#cat)", "leads to no heading of docs/05-framing.md");
    chapter("outside", "[above](#cut)", "[above](../../x.md)", "leads out of the workspace");
    chapter(
        "source-anchor",
        "[above](#cut)",
        "[a](../crates/lesson-05-framing/src/cut/fixed.rs#L1)",
        "whose headings are not checked",
    );
    chapter("undefined", "[above](#cut)", "[above][where]", "[where] is not defined");
    let small = Small::new("web");
    small.change("docs/05-framing.md", "[above](#cut)", "[above](https://example.org/x#y) [a](../crates) buf[1]");
    assert_eq!(small.check(), []);
}

#[test]
fn lessons_and_chapters_come_in_pairs() {
    let mut small = Small::new("no-chapter");
    small.names.push("lesson-06-auth".to_string());
    assert_eq!(
        small.only_mistake(),
        "docs/06-auth.md:1: the lesson crates/lesson-06-auth has no chapter; BLESS=1 begins one"
    );
    small.bless();
    let text = small.read("docs/06-auth.md");
    for heading in ["# 06 auth", "## cut", "## Myths", "## In the wild", "## Try it", "## Further reading"] {
        assert!(text.lines().any(|line| line == heading), "no {heading} in\n{text}");
    }
    let small = Small::new("no-lesson");
    small.write("docs/06-auth.md", "# 06 Auth\n\n**You see:** nothing\n");
    small.change("docs/README.md", "[errors]", "[auth](06-auth.md) [errors]");
    small.change("README.md", "message. |\n", "message. |\n| [06 Auth](docs/06-auth.md) | nothing |\n");
    assert_eq!(small.only_mistake(), "docs/06-auth.md:1: the chapter has no lesson: there is no crates/lesson-06-auth");
}

#[test]
fn the_contents_link_to_everything() {
    for (name, path) in [("unlinked-chapter", "05-framing.md"), ("unlinked-index", "errors.md")] {
        let small = Small::new(name);
        small.change("docs/README.md", &format!("({path})"), "(README.md)");
        assert_eq!(small.only_mistake(), format!("docs/{path}:1: docs/README.md does not link to this"));
    }
}

#[test]
fn a_section_that_was_renamed_is_named_and_blessing_begins_no_second_one() {
    let small = Small::new("renamed-section");
    small.change("docs/05-framing.md", "## cut\n", "## cutting\n");
    let asks = |mistakes: &[Mistake]| {
        mistakes.iter().any(|it| it.what.contains("has no section `## cut`; is it `## cutting` in line"))
    };
    assert!(asks(&small.check()), "{:?}", small.check());
    assert!(asks(&small.bless()));
    assert!(!small.read("docs/05-framing.md").contains("## cut\n"));
}

#[test]
fn an_experiment_without_a_section_is_told_and_blessing_begins_one_in_its_place() {
    let mut small = Small::new("no-section");
    small.experiments =
        "new-one  Is it new?\ncut      Does it hold?\ncut-off  Is it | whole?\nlast     Or not?\n".to_string();
    let told: Vec<String> = small.check().iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|mistake| mistake.contains("the experiment new-one has no section `## new-one`")),
        "{told:?}"
    );
    let left = small.bless();
    assert!(left.iter().any(|mistake| mistake.what == "here something is left to be written"), "{left:?}");
    let text = small.read("docs/05-framing.md");
    let line = |words: &str| 1 + text.lines().position(|line| line.starts_with(words)).unwrap();
    let source = "<!-- source: crates/lesson-05-framing/src/new_one/";
    assert!(left.iter().any(|m| m.line == line(source) && m.what.starts_with("source: cannot read")), "{left:?}");
    let places: Vec<usize> = ["## new-one", "## cut\n", "## cut-off", "## last", "<!-- experiments end -->"]
        .map(|heading| text.find(heading).unwrap())
        .to_vec();
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("| [new-one](#new-one) | Is it new? |"), "{text}");
}

#[test]
fn sections_come_in_the_order_of_the_list() {
    let mut small = Small::new("order");
    small.experiments = "cut-off  Is it | whole?\ncut      Does it hold?\n".to_string();
    let told = small.check();
    assert!(
        told.iter().any(|mistake| mistake.what == "`list` has cut-off before cut, the chapter after it"),
        "{told:?}"
    );
}

#[test]
fn commands_must_parse() {
    let place = "## cut-off, at the end\n";
    let new = |command: &str| format!("{place}\n`{command}`\n");
    let wrong = [
        ("cargo run -p lesson-05-framing -- rum cut", "is not understood:\nerror: bad"),
        ("cargo run -p lesson-07-none -- run cut", "there is no lesson-07-none"),
        ("cargo run -p lesson-05-framing run cut", "-- belongs before run"),
        ("cargo run -p lesson-05-framing -- run 'cut", "a quote is not closed"),
    ];
    for (at, (command, expected)) in wrong.into_iter().enumerate() {
        chapter(&format!("command-{at}"), place, &new(command), expected);
    }
    let small = Small::new("command");
    for command in ["run cut # a comment", "run \"cut\" | less", "run NAME"] {
        small.change("docs/05-framing.md", place, &new(&format!("cargo run -p lesson-05-framing -- {command}")));
    }
    assert_eq!(small.check(), []);
}

#[test]
fn what_is_left_to_write_is_told() {
    chapter("todo", "[above](#cut),", "TODO:", "docs/05-framing.md:55: here something is left to be written");
}
