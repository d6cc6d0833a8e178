//! What the two say to each other, byte by byte: the menu, in UTF-8.

/// Comes first on every connection ("I am multi-threaded"), 15 bytes.
pub(crate) const GREETING: &str = "我是多线程";
/// The answer to the command `0` ("you entered 0"), 16 bytes.
pub(crate) const ZERO: &str = "您输入的是0";
/// The answer to anything else ("enter again."), 16 bytes.
pub(crate) const AGAIN: &str = "请重新输入.";
/// How long an answer is, whichever it is: that is how a client knows where it ends.
pub(crate) const ANSWER: usize = 16;
/// The longest command, bytes.
pub(crate) const LONGEST: usize = 1024;

/// What is said to a client for whom there is no place, instead of the greeting.
pub(crate) const FULL: &str = "server full, try again later\n";
/// What is said to a client that comes while the server is being stopped.
pub(crate) const STOPPING: &str = "server is being stopped\n";
/// What is said about a command that is longer than [`LONGEST`].
pub(crate) const TOO_LONG: &str = "a command has at most 1024 bytes\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_one_length_and_no_refusal_begins_like_the_greeting() {
        assert_eq!((GREETING.len(), ZERO.len(), AGAIN.len()), (15, ANSWER, ANSWER));
        for refusal in [FULL, STOPPING, TOO_LONG] {
            assert!(!GREETING.as_bytes().contains(&refusal.as_bytes()[0]));
        }
        assert!(TOO_LONG.contains(&LONGEST.to_string()));
    }
}
