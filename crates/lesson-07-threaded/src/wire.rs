//! The wire of the menu, for the judges: 15 bytes of greeting, 16 bytes an answer, UTF-8 (RFC 3629). The programs state
//! it for themselves.

use lab::{Span, Way};

pub(crate) const GREETING: &str = "我是多线程"; // I am multi-threaded
pub(crate) const ZERO: &str = "您输入的是0"; // you have entered 0
pub(crate) const AGAIN: &str = "请重新输入."; // enter again

/// What whoever asks once for `0` gets.
pub(crate) const GREETING_AND_ZERO: &[u8] = "我是多线程您输入的是0".as_bytes();

/// Names the texts of the server; what a client sends is text.
pub(crate) fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = bytes;
    while way == Way::ToClient && !rest.is_empty() {
        let known = [(GREETING, "greeting"), (ZERO, "you have entered 0"), (AGAIN, "enter again")];
        let Some((text, name)) = known.into_iter().find(|(text, _)| rest.starts_with(text.as_bytes())) else { break };
        spans.push(Span { length: text.len(), name: name.to_string() });
        rest = &rest[text.len()..];
    }
    if !rest.is_empty() {
        spans.push(Span { length: rest.len(), name: "text".to_string() });
    }
    spans
}
