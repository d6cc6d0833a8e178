//! What a relay does between two terminals, a line for each event as it happens.

use super::bytes::{change, count, fitted};
use super::page::Page;
use crate::record::{Event, Way, What};

/// Columns before what happened.
const LEFT: usize = 23;

/// One line; `None` for what is not seen on the wire.
pub(crate) fn live(page: Page, event: &Event) -> Option<String> {
    let fit = |bytes: &[u8], total: usize| fitted(bytes, total, page.columns.saturating_sub(LEFT));
    let arrow = |way: Way| match way {
        Way::ToServer => "client -> server",
        Way::ToClient => "server -> client",
    };
    let reader = |way: Way| if way == Way::ToServer { "server" } else { "client" };
    let (left, right) = match &event.what {
        What::Bytes { way, bytes, total } => (arrow(*way), fit(bytes, *total)),
        What::Gate { way } => ("", super::gate(reader(*way))),
        What::Dropped { way, total, .. } => (arrow(*way), format!("({} lost on the way)", count(*total, "byte"))),
        What::Changed { offset, was, now, .. } => ("", format!("(the relay changes {})", change(*offset, was, now))),
        What::Inserted { way, bytes } => {
            let left = if *way == Way::ToServer { "relay -> server" } else { "relay -> client" };
            (left, format!("adds {}", fitted(bytes, bytes.len(), page.columns.saturating_sub(LEFT + 5))))
        }
        What::Fin { way } => (arrow(*way), "FIN, the end of this direction".to_string()),
        What::Rst { way } => (arrow(*way), "RST, the connection is gone".to_string()),
        What::Refused => ("server", "refuses the connection: does it run?".to_string()),
        // In a play the pause is the trap; here it stands for the end of what a program does with a piece.
        What::Step(text) if text.starts_with("sends nothing for ") => {
            ("", format!("(the relay waits {}, for what the reader does with it)", &text["sends nothing for ".len()..]))
        }
        What::Step(text) => (event.who.role.name(), text.clone()),
        _ => return None,
    };
    let number = event.connection.unwrap_or(1);
    Some(format!("{number:>3}  {left:<18}{right}"))
}
