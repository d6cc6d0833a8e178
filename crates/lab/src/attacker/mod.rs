//! Third parties that the lab plays itself: they send what no honest program would send.

pub(crate) mod datagram;
mod stream;

pub use datagram::DatagramAttacker;
pub use stream::Attacker;
