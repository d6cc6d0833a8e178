//! Who takes part in a play, and the two directions of a connection.

use std::fmt;

/// Which programs perform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The twin with the mistake.
    Broken,
    /// The mended twin.
    Fixed,
    /// The lesson's finished program.
    Finished,
    /// The learner's own program, on this side.
    Yours(Role),
}

impl Cast {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Cast::Broken => "broken",
            Cast::Fixed => "fixed",
            Cast::Finished => "finished",
            Cast::Yours(_) => "yours",
        }
    }
}

/// A part in the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The side that waits for connections.
    Server,
    /// The side that connects.
    Client,
    /// A third party that the lab plays itself.
    Attacker,
}

/// One actor: its part and its number, counted from 1 within the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The part.
    pub role: Role,
    /// 1 for the first of its part.
    pub number: usize,
}

/// The server of a play that has only one.
pub const SERVER: Who = Who { role: Role::Server, number: 1 };
/// The first client.
pub const CLIENT: Who = Who { role: Role::Client, number: 1 };

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Server => "server",
            Role::Client => "client",
            Role::Attacker => "attacker",
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => f.write_str(self.role.name()),
            number => write!(f, "{} {number}", self.role.name()),
        }
    }
}

/// A direction on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the side that connected.
    ToServer,
    /// From the side that accepted.
    ToClient,
}

impl Way {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Way::ToServer => "to server",
            Way::ToClient => "to client",
        }
    }

    /// The other direction.
    pub fn back(self) -> Way {
        match self {
            Way::ToServer => Way::ToClient,
            Way::ToClient => Way::ToServer,
        }
    }
}
