//! The wire of the menu, for the judges: 15 bytes of greeting, 16 bytes an answer, UTF-8 (RFC 3629). The programs state
//! it for themselves.

use lab::{Span, Way};

pub(crate) const GREETING: &str = "我是多线程"; // I am multi-threaded
pub(crate) const ZERO: &str = "您输入的是0"; // you have entered 0
pub(crate) const AGAIN: &str = "请重新输入."; // enter again

/// What whoever asks once for `0` gets.
pub(crate) const GREETING_AND_ZERO: &[u8] = "我是多线程您输入的是0".as_bytes();

/// What every server of the menu is told of its wire. A lesson's own lines follow.
pub(crate) const GREETS: &str =
    "<- at once, before the client says anything: the greeting 我是多线程, 15 bytes, UTF-8, no newline";
/// The commands of a client that takes turns.
pub(crate) const TURNS: &str =
    "-> a command in one piece, and no newline: 0, exit, or anything else; the next one when it is answered";
/// Their answers.
pub(crate) const ANSWERS: &str =
    "<- to 0: 您输入的是0; to anything else: 请重新输入. (16 bytes each, no newline); to exit nothing but the end";
/// The end.
pub(crate) const END: &str =
    "when the client ends its stream, answer what came before it, then end your own (a FIN, no reset)";

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
