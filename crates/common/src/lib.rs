//! What the lessons teach, whole and ready to be taken into a program of your own; README.md says how.
//!
//! * [`framing`]: where one message ends and the next begins on a stream of bytes; `framing::json` (with the feature
//!   `json`): a JSON object as the header of a message.
//! * [`accept`]: which errors of accept(2) are about one client, which pass, and which end a server.
//! * [`deadline`]: one moment by which a whole conversation, a request or an answer must be done.
//! * `connect` (with the feature `server`): a connection that is not made to itself.
//! * `server` (with the feature `server`): the frame of a TCP server, from the listening socket to the log.
//! * `auth` (with the feature `auth`): a login for two programs that share a key, and a channel that notices tampering.
//!
//! But for `server` and `connect`, nothing here starts a thread, opens a socket or prints.

#![forbid(unsafe_code)]

pub mod accept;
#[cfg(feature = "auth")]
pub mod auth;
#[cfg(feature = "server")]
pub mod connect;
pub mod deadline;
pub mod framing;
#[cfg(feature = "server")]
pub mod server;
