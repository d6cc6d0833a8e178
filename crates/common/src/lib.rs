//! Framing for byte streams.
#![doc = ""]
