//! `common::framing` from the outside: bytes in, frames or errors out.

mod cuts;
mod golden;
mod json;
mod limits;
mod random;
mod reference;
mod script;
mod writes;
