//! What a relay is told to do with one connection.

use std::time::Duration;

use crate::record::{Way, Who};

/// A place in one direction of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// So many bytes from the beginning of the stream.
    Byte(usize),
    /// So many bytes into the header of the current frame.
    Header(usize),
    /// So many bytes into the payload of the current frame.
    Body(usize),
    /// The end of the current frame. The next step is about the frame that follows.
    FrameEnd,
    /// The end of the stream: the sender has sent its FIN.
    StreamEnd,
    /// So many bytes before the end of the stream, which the sender has to reach first.
    BeforeEnd(usize),
}

/// One thing that the relay does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Waits until the bytes up to here have come in.
    Hold(At),
    /// Hands on the bytes up to here.
    Send(At),
    /// Waits until the reader has taken everything that was handed on.
    Gate,
    /// Waits until the reader has taken it and everybody has done all that they can do with it: what follows can come
    /// in no other order.
    Settle,
    /// Waits until an actor has printed a line that contains this text.
    Said(Who, &'static str),
    /// Hands nothing on in this direction for so long: the trap is the time itself, for programs that take a pause for an
    /// end. Plays of our own casts do without, since a machine may be slower than any time.
    Pause(Duration),
    /// Throws away the bytes up to here.
    Drop(At),
    /// Replaces the byte at this place by itself xor the mask, when it has come in; it is handed on with its neighbours.
    Flip(At, u8),
    /// Hands on the bytes up to here, and then these, which nobody sent. They do not count where places are counted.
    Insert(At, Vec<u8>),
    /// Ends the stream in this direction.
    Fin,
    /// Resets both legs.
    Rst,
}

/// Measures the frame that begins with these bytes: `None` until its header is complete.
pub type Layout = fn(&[u8]) -> Option<Extent>;

/// The sizes of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Bytes of everything before the payload.
    pub header: usize,
    /// Bytes of the payload.
    pub payload: usize,
}

/// The wire of `common::framing`: 4-byte big-endian length, payload.
pub fn length_prefixed(bytes: &[u8]) -> Option<Extent> {
    let prefix = bytes.first_chunk::<4>()?;
    Some(Extent { header: 4, payload: u32::from_be_bytes(*prefix) as usize })
}

/// What the relay does on one connection. After the last step of a direction the rest is handed on.
#[derive(Clone, Debug)]
pub struct Script {
    pub(crate) to_server: Vec<Step>,
    pub(crate) to_client: Vec<Step>,
    pub(crate) layout: Layout,
}

impl Script {
    /// Hands everything on.
    pub fn open() -> Script {
        Script { to_server: Vec::new(), to_client: Vec::new(), layout: length_prefixed }
    }

    /// These steps for what the client sends.
    pub fn to_server(steps: impl Into<Vec<Step>>) -> Script {
        Script { to_server: steps.into(), ..Script::open() }
    }

    /// These steps for what the server sends.
    pub fn to_client(steps: impl Into<Vec<Step>>) -> Script {
        Script { to_client: steps.into(), ..Script::open() }
    }

    /// These steps for one direction, in addition.
    #[must_use]
    pub fn and(mut self, way: Way, steps: impl Into<Vec<Step>>) -> Script {
        match way {
            Way::ToServer => self.to_server = steps.into(),
            Way::ToClient => self.to_client = steps.into(),
        }
        self
    }

    /// The same for two terminals, where the lab knows neither process: what waits for everybody to have done all that they
    /// can do, or for a line of output, waits for a time.
    #[must_use]
    pub(crate) fn by_hand(self) -> Script {
        /// A program that was given a piece does with it what it can within this time, in two terminals.
        const ALL_THAT_IT_CAN: Duration = Duration::from_millis(500);
        /// Longer than the time limits of the twins.
        const ITS_TIMEOUT: Duration = Duration::from_secs(6);
        let timed = |steps: Vec<Step>| {
            let timed = steps.into_iter().flat_map(|step| match step {
                Step::Settle => vec![Step::Gate, Step::Pause(ALL_THAT_IT_CAN)],
                Step::Said(..) => vec![Step::Pause(ITS_TIMEOUT)],
                step => vec![step],
            });
            timed.collect::<Vec<_>>()
        };
        Script { to_server: timed(self.to_server), to_client: timed(self.to_client), ..self }
    }

    /// Frames of another wire than `common::framing`'s.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Script {
        self.layout = layout;
        self
    }
}
