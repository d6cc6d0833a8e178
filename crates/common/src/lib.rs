//! What the lessons teach, whole and ready to be copied into a program of your own.
//!
//! * [`framing`]: where one message ends and the next begins on a stream of bytes.
//!
//! Nothing here starts a thread, opens a socket or prints.

#![forbid(unsafe_code)]

pub mod framing;
