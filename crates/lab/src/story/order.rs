//! The order in which a record is told, the same in every run.

use crate::record::{Event, Record, Role, Stream, Way, What, Who};

/// Everybody who did something: servers first, then the others, each kind by its numbers.
pub(super) fn actors(record: &Record) -> Vec<Who> {
    let mut actors: Vec<Who> = record.events.iter().map(|event| event.who).collect();
    actors.sort_unstable_by_key(|who| (who.role != Role::Server, *who));
    actors.dedup();
    actors
}

/// The connections in the order in which they are told. Where every one is that of another client, that is the order of
/// the clients: which of them came first may differ from run to run.
pub(super) fn in_turn(record: &Record) -> Vec<usize> {
    let mut connections: Vec<usize> = (1..=record.connections()).collect();
    let caller = |connection: &usize| record.caller(*connection);
    let mut callers: Vec<Who> = connections.iter().map(caller).collect();
    callers.sort_unstable();
    callers.dedup();
    if callers.len() == connections.len() && callers.iter().all(|who| who.role == Role::Client) {
        connections.sort_by_key(caller);
    }
    connections
}

/// Standard output and standard error come through two pipes: which line was first is not known.
pub(super) fn one_stream_after_the_other(events: &mut [&Event]) {
    let complaint = |event: &&Event| match event.what {
        What::Line(stream, _) => Some(stream == Stream::Err),
        _ => None,
    };
    for lines in events.chunk_by_mut(|one, next| complaint(one).is_some() && complaint(next).is_some()) {
        lines.sort_by_key(complaint);
    }
}

/// The ends of a connection race with each other: a FIN is told before the other side's, and not at all where a reset
/// ended the connection, since it depends on luck whether it still came through.
pub(super) fn in_order<'a>(events: &[&'a Event]) -> Vec<&'a Event> {
    let is_end = |event: &&&Event| matches!(event.what, What::Fin { .. } | What::Rst { .. });
    let tail = events.iter().rev().take_while(is_end).count();
    let (body, ends) = events.split_at(events.len() - tail);
    let mut told = body.to_vec();
    if let Some(reset) = ends.iter().find(|event| matches!(event.what, What::Rst { .. })) {
        told.push(reset);
    } else {
        let mut ends = ends.to_vec();
        ends.sort_by_key(|event| event.what != What::Fin { way: Way::ToServer });
        told.extend(ends);
    }
    told
}
