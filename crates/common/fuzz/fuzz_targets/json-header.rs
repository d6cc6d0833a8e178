//! Any bytes as a JSON header: no panic, one line for each error, and never a header that another reader would
//! understand in another way.
#![no_main]

use common::framing::json::{Error, Fields};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    one_line(Fields::parse(input).err());
    let ask: [fn(Fields) -> Result<(), Error>; 4] = [
        |mut fields| fields.size("n", 1000).map(|size| assert!(size <= 1000)),
        |mut fields| fields.integer("n").map(drop),
        |mut fields| fields.text("n").map(drop),
        |mut fields| fields.texts("n").map(drop),
    ];
    for ask in ask {
        if let Ok(fields) = Fields::parse(input) {
            let there = fields.has("n");
            match ask(fields) {
                Err(Error::Missing("n")) => assert!(!there),
                result => {
                    assert!(there);
                    one_line(result.err());
                }
            }
        }
    }
    if let Ok(fields) = Fields::parse(input) {
        one_line(fields.finish().err());
    }
});

fn one_line(error: Option<Error>) {
    if let Some(error) = error {
        let message = error.to_string();
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(message.len() < 600, "{message}");
    }
}
