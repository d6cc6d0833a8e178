//! `common::auth` from the outside: honest peers, and everybody else.

mod attacks;
mod channel;
mod key;
mod login;
mod records;
mod reference;
mod socket;
mod specification;
