//! What a relay does between two terminals, a line for each event as it happens.

use super::bytes::{count, preview};
use crate::record::{Event, Way, What};

/// One line; `None` for what is not seen on the wire.
pub(crate) fn live(event: &Event) -> Option<String> {
    let arrow = |way: Way| match way {
        Way::ToServer => "client -> server",
        Way::ToClient => "server -> client",
    };
    let reader = |way: Way| if way == Way::ToServer { "server" } else { "client" };
    let (left, right) = match &event.what {
        What::Bytes { way, bytes, total } => (arrow(*way), preview(bytes, *total)),
        What::Gate { way } => ("", format!("(the {} has read this before more is sent)", reader(*way))),
        What::Dropped { way, total, .. } => (arrow(*way), format!("({} lost on the way)", count(*total, "byte"))),
        What::Changed { way, was, now, .. } => {
            (arrow(*way), format!("(the relay changes {} to {})", preview(was, was.len()), preview(now, now.len())))
        }
        What::Inserted { way, bytes } => {
            let text = format!("(the relay puts in {})", preview(bytes, bytes.len()));
            (arrow(*way), text)
        }
        What::Fin { way } => (arrow(*way), "FIN, the end of this direction".to_string()),
        What::Rst { way } => (arrow(*way), "RST, the connection is gone".to_string()),
        What::Refused => ("server", "refuses the connection: does it run?".to_string()),
        What::Step(text) => (event.who.role.name(), text.clone()),
        _ => return None,
    };
    let number = event.connection.unwrap_or(1);
    Some(format!("{number:>3}  {left:<18}{right}"))
}
