//! The example of `docs/json.md` is what the lesson prints.

use std::fs;
use std::path::Path;

use anyhow::Context;
use book::{Built, Lessons};
use serde_json::Value;

#[test]
fn the_example_is_a_real_one() -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: the example was made on Linux, where the relay sees what a reader has taken");
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("crates/book is in a workspace")?;
    let docs = fs::read_to_string(root.join("docs/json.md"))?;
    let example = docs.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).context("an example")?;
    let mut example: Value = serde_json::from_str(example)?;
    let words = ["run", "split-header", "--fixed", "--json"].map(String::from);
    let printed = Built::new(root)?.run("lesson-05-framing", &words)?;
    let mut real: Value = serde_json::from_str(&printed.text)?;
    // Two processes and two pipes: some neighbours come in another order now and then.
    for object in [&mut example, &mut real] {
        let record = object["performances"][0]["record"].as_array_mut().context("a record")?;
        record.sort_by_key(Value::to_string);
    }
    assert_eq!(real, example, "docs/json.md shows another output of the lesson");
    Ok(())
}
