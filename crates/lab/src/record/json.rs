//! The record as JSON: bytes in hexadecimal, one object an event.

use serde_json::{Value, json};

use super::{Entry, Event, Exit, Record, What};

impl Record {
    /// The whole record as JSON: bytes in hexadecimal, one object an event.
    pub fn to_json(&self) -> Value {
        let entry = |entry: Entry<'_>| match entry {
            Entry::Event(event) => event.to_json(),
            Entry::LeftOut(who, stream, lines) => {
                json!({ "who": who.to_string(), "what": "lines left out", "stream": stream.name(), "lines": lines })
            }
            Entry::Late(who, stream, text) => {
                json!({ "who": who.to_string(), "what": stream.name(), "text": text })
            }
        };
        let endless = |who: &super::Who| json!({ "who": who.to_string(), "what": "prints without end" });
        self.entries().into_iter().map(entry).chain(self.endless.iter().map(endless)).collect()
    }
}

impl Event {
    fn to_json(&self) -> Value {
        let mut object = json!({ "who": self.who.to_string() });
        if let Some(connection) = self.connection {
            object["connection"] = connection.into();
        }
        let (what, way) = match &self.what {
            What::Bytes { way, bytes, total } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = (*total).into();
                ("bytes", Some(way))
            }
            What::Datagram { way, bytes } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = bytes.len().into();
                ("datagram", Some(way))
            }
            What::Lost { way, bytes } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = bytes.len().into();
                ("lost", Some(way))
            }
            What::HeldBack { way, bytes } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = bytes.len().into();
                ("held back", Some(way))
            }
            What::Doubled { way } => ("doubled", Some(way)),
            What::Gate { way } => ("gate", Some(way)),
            What::Stalled { way } => ("stalled", Some(way)),
            What::Changed { way, offset, was, now } => {
                object["offset"] = (*offset).into();
                object["was"] = hex(was).into();
                object["bytes"] = hex(now).into();
                ("changed", Some(way))
            }
            What::Inserted { way, bytes } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = bytes.len().into();
                ("inserted", Some(way))
            }
            What::Dropped { way, bytes, total } => {
                object["bytes"] = hex(bytes).into();
                object["total"] = (*total).into();
                ("dropped", Some(way))
            }
            What::Fin { way } => ("FIN", Some(way)),
            What::Rst { way } => ("RST", Some(way)),
            What::Refused => ("refused", None),
            What::Typed(text) => {
                object["text"] = text.as_str().into();
                ("typed", None)
            }
            What::Line(stream, text) => {
                object["text"] = text.as_str().into();
                (stream.name(), None)
            }
            What::MoreLines => ("more lines", None),
            What::Exit(exit) => {
                match exit {
                    Exit::Status(status) => object["status"] = (*status).into(),
                    Exit::Signal(signal) => object["signal"] = (*signal).into(),
                }
                ("exit", None)
            }
            What::Killed => ("killed", None),
            What::Silent { way } => ("silent", Some(way)),
            What::Hung(hang) => {
                object["how"] = format!("{hang:?}").to_lowercase().into();
                ("hung", None)
            }
            What::LeftOpen(number) => {
                object["connections"] = (*number).into();
                ("left open", None)
            }
            What::Kernel(fact) => {
                object["text"] = fact.as_str().into();
                ("kernel", None)
            }
            What::Step(text) => {
                object["text"] = text.as_str().into();
                ("step", None)
            }
        };
        object["what"] = what.into();
        if let Some(way) = way {
            object["way"] = way.name().into();
        }
        object
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_word_for_what_happened_is_documented() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
        let docs = std::fs::read_to_string(docs).expect("docs/json.md");
        let (code, _) = include_str!("json.rs").split_once("#[cfg(test)]").expect("the code before the tests");
        // What each kind of event gives: a word, and whether it has a direction.
        let words: Vec<&str> = code
            .split("(\"")
            .filter_map(|rest| rest.split_once('"'))
            .filter(|(_, rest)| rest.starts_with(", Some(way))") || rest.starts_with(", None)"))
            .map(|(word, _)| word)
            .collect();
        assert!(words.len() > 20, "{words:?}");
        for word in words.into_iter().chain(["stdout", "stderr", "lines left out", "prints without end"]) {
            assert!(docs.contains(&format!("`{word}`")), "{word} is not in docs/json.md");
        }
    }
}
