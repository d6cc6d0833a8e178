//! Which of the lines that an actor printed are told: the first and the last of each stream.

use crate::record::{Entry, Event, Record, Stream, What, Who};

/// One row of a timeline before it has its words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row<'a> {
    Event(&'a Event),
    /// A line that was printed, so many times in a row.
    Line(Who, Stream, &'a str, usize),
    /// A line that was typed, so many times in a row.
    Typed(Who, &'a str, usize),
    /// In place of so many lines.
    More(Who, Stream, usize),
}

/// The lines that are told before and after what is left out.
fn told(stream: Stream) -> (usize, usize) {
    match stream {
        Stream::Out => (5, 5),
        // A traceback ends with what happened; the errors of some languages begin with it.
        Stream::Err => (6, 8),
    }
}

/// The record in rows. Lines that repeat the one before are one row; of what an actor printed on one stream the first and
/// the last lines are told, or `all`.
pub(super) fn rows(record: &Record, all: bool) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for entry in record.entries() {
        match entry {
            Entry::Event(Event { what: What::MoreLines, .. }) => {}
            Entry::Event(Event { who, what: What::Line(stream, text), .. }) => {
                printed(&mut rows, *who, *stream, text, all)
            }
            Entry::Late(who, stream, text) => printed(&mut rows, who, stream, text, all),
            Entry::LeftOut(who, stream, lines) => rows.push(Row::More(who, stream, lines)),
            Entry::Event(Event { who, what: What::Typed(text), .. }) => match rows.last_mut() {
                Some(Row::Typed(w, same, times)) if *w == *who && *same == text => *times += 1,
                _ => rows.push(Row::Typed(*who, text, 1)),
            },
            Entry::Event(event) => rows.push(Row::Event(event)),
        }
    }
    if all { rows } else { fewer(rows) }
}

fn printed<'a>(rows: &mut Vec<Row<'a>>, who: Who, stream: Stream, text: &'a str, all: bool) {
    if !all && is_noise(stream, text) {
        return;
    }
    match rows.last_mut() {
        Some(Row::Line(w, s, same, times)) if (*w, *s, *same) == (who, stream, text) => *times += 1,
        _ => rows.push(Row::Line(who, stream, text, 1)),
    }
}

/// Lines that teach nothing: where a server listens, and what a panic says of its backtrace.
pub(super) fn is_noise(stream: Stream, line: &str) -> bool {
    line.starts_with("listening on ")
        || stream == Stream::Err && (line.is_empty() || line.starts_with("note: run with `RUST_BACKTRACE"))
}

/// The rows without the lines between the first and the last of each stream.
fn fewer(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let stream_of = |row: &Row<'_>| match row {
        Row::Line(who, stream, ..) => Some((*who, *stream)),
        _ => None,
    };
    let mut streams: Vec<(Who, Stream)> = Vec::new();
    for stream in rows.iter().filter_map(stream_of) {
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    let mut hidden = vec![false; rows.len()];
    for stream in streams {
        let lines: Vec<usize> = (0..rows.len()).filter(|at| stream_of(&rows[*at]) == Some(stream)).collect();
        let (first, last) = told(stream.1);
        // One line is told rather than counted.
        if lines.len() > first + last + 1 {
            lines[first..lines.len() - last].iter().for_each(|at| hidden[*at] = true);
        }
    }
    let mut told: Vec<Row<'_>> = Vec::new();
    let more = |told: &mut Vec<Row<'_>>, who, stream, lines| {
        let gap = told.iter_mut().find_map(|row| match row {
            Row::More(w, s, lines) if (*w, *s) == (who, stream) => Some(lines),
            _ => None,
        });
        match gap {
            Some(gap) => *gap += lines,
            None => told.push(Row::More(who, stream, lines)),
        }
    };
    for (row, hidden) in rows.into_iter().zip(hidden) {
        match row {
            Row::Line(who, stream, _, times) if hidden => more(&mut told, who, stream, times),
            Row::More(who, stream, lines) => more(&mut told, who, stream, lines),
            row => told.push(row),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::recorder::Recorder;
    use crate::record::{Cast, Exit, Role, SERVER};

    fn told_of(record: &Record, all: bool) -> Vec<String> {
        let told = |row: Row<'_>| match row {
            Row::Event(event) => format!("{:?}", event.what),
            Row::Line(_, stream, text, 1) => format!("{}: {text}", stream.name()),
            Row::Line(_, stream, text, times) => format!("{}: {text} ({times} times)", stream.name()),
            Row::Typed(_, text, times) => format!("stdin: {text} ({times} times)"),
            Row::More(_, stream, lines) => format!("{}: ... {lines} more lines", stream.name()),
        };
        rows(record, all).into_iter().map(told).collect()
    }

    #[test]
    fn the_first_and_the_last_lines_of_each_stream_are_told_in_their_place() {
        let recorder = Recorder::new(Cast::Yours(Role::Server));
        recorder.add_line(SERVER, Stream::Out, "listening on 127.0.0.1:1");
        for number in 1..=20 {
            recorder.add_line(SERVER, Stream::Out, &format!("debug {number}"));
        }
        for number in 1..=16 {
            recorder.add_line(SERVER, Stream::Err, &format!("frame {number}"));
        }
        recorder.add_line(SERVER, Stream::Err, "KeyError: 5");
        recorder.add(SERVER, None, What::Exit(Exit::Status(1)));
        let record = recorder.curtain();
        let told = told_of(&record, false);
        assert_eq!(told[4..7], ["stdout: debug 5", "stdout: ... 10 more lines", "stdout: debug 16"]);
        assert_eq!(told[16..19], ["stderr: frame 6", "stderr: ... 3 more lines", "stderr: frame 10"]);
        assert_eq!(told[told.len() - 2..], ["stderr: KeyError: 5", "Exit(Status(1))"]);
        assert_eq!(told_of(&record, true).len(), 39);
    }

    #[test]
    fn lines_that_were_not_kept_are_counted_with_those_that_are_not_told() {
        let recorder = Recorder::new(Cast::Yours(Role::Server));
        for number in 1..=2000 {
            recorder.add_line(SERVER, Stream::Out, &format!("line {number}"));
        }
        let record = recorder.curtain();
        let told = told_of(&record, false);
        assert_eq!(told[4..7], ["stdout: line 5", "stdout: ... 1990 more lines", "stdout: line 1996"]);
        let all = told_of(&record, true);
        assert_eq!(all[399..402], ["stdout: line 400", "stdout: ... 1500 more lines", "stdout: line 1901"]);
    }

    #[test]
    fn one_line_is_told_rather_than_counted_and_equal_lines_are_one() {
        let recorder = Recorder::new(Cast::Yours(Role::Server));
        for number in 1..=11 {
            recorder.add_line(SERVER, Stream::Out, &format!("line {number}"));
        }
        (0..300).for_each(|_| recorder.add_line(SERVER, Stream::Err, "again"));
        let told = told_of(&recorder.curtain(), false);
        assert_eq!(told[5], "stdout: line 6");
        assert_eq!(told[11..], ["stderr: again (300 times)"]);
    }
}
