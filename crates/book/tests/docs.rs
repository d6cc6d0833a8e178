//! The documents of this workspace are true.

use std::path::Path;

use anyhow::Context;
use book::{Built, Mode, check};

#[test]
fn docs_are_true() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("crates/book is in a workspace")?;
    let bless = std::env::var_os("BLESS").is_some();
    let runs = cfg!(target_os = "linux");
    let mode = Mode { bless, runs, tables: runs && lab::testing::sees_sockets() };
    if !mode.runs {
        eprintln!("skipped: what commands print is compared on Linux, where the chapters were written");
    }
    let mistakes = check(root, &Built::new(root)?, mode)?;
    let list: Vec<String> = mistakes.iter().map(|mistake| format!("{mistake}\n\n")).collect();
    assert!(
        mistakes.is_empty(),
        "\n\n{}`BLESS=1 cargo test -p book` writes the blocks as they are now; the rest is for you.\n",
        list.concat()
    );
    Ok(())
}
