//! What a sender meant with its bytes, and what a reader takes them for.

use std::fmt::Write as _;

use super::bytes::{looks, shown};
use super::page::{Page, cut, width};
use super::streams::within;
use crate::lesson::dissect::Span;
use crate::lesson::experiment::Experiment;
use crate::record::{Cast, Record, Role, Way, What};

/// Rows that are shown.
const ROWS: usize = 12;
/// Columns of the bytes, and of what was meant.
const BYTES: usize = 22;
const MEANT: usize = 26;

/// Both readings of the first stream to the reader, or of its first datagrams, in which they differ; nothing where they never
/// do.
pub(super) fn two_readings(page: Page, experiment: &Experiment, record: &Record) -> String {
    let Some(misread) = experiment.misread else { return String::new() };
    let way = if misread.reader == Role::Server { Way::ToServer } else { Way::ToClient };
    let reader = match (misread.reader.name(), record.cast) {
        // What a sender of your own meant is not known.
        (_, Cast::Yours(role)) if role != misread.reader => return String::new(),
        (reader, Cast::Yours(_)) => format!("if your {reader} believes"),
        (reader, _) => format!("the {reader} believes"),
    };
    for connection in 1..=record.connections() {
        let pieces: Vec<&[u8]> = record
            .on(connection)
            .filter_map(|event| match &event.what {
                What::Bytes { way: to, bytes, .. } | What::Datagram { way: to, bytes } if *to == way => {
                    Some(bytes.as_slice())
                }
                _ => None,
            })
            .collect();
        let all = pieces.concat();
        let meant = misread.meant.map_or_else(|| experiment.dissect(record.cast)(way, &all), |meant| meant(&pieces));
        let rows = rows(&pieces, &all, &[meant, (misread.names)(&pieces)]);
        if rows.iter().any(|(_, meant, read)| meant != read) {
            return table(page, &format!("read as: {reader}: {}", misread.belief), &rows);
        }
    }
    String::new()
}

/// Some bytes, what was meant with them and what they are read as.
type Row<'a> = (&'a [u8], String, String);

/// A row for each run of bytes that came in one piece and has one name in either reading.
fn rows<'a>(pieces: &[&[u8]], all: &'a [u8], readings: &[Vec<Span>; 2]) -> Vec<Row<'a>> {
    let ends = |lengths: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
        lengths
            .scan(0, |end, length| {
                *end += length;
                Some(*end)
            })
            .collect()
    };
    let mut cuts = ends(&mut pieces.iter().map(|piece| piece.len()));
    for spans in readings {
        cuts.extend(ends(&mut spans.iter().map(|span| span.length)));
    }
    cuts.push(all.len());
    cuts.retain(|cut| (1..=all.len()).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let names = |spans: &[Span], from: usize, to: usize| {
        within(spans, 0, from, to).into_iter().map(|(_, _, name)| name).next().unwrap_or_default()
    };
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    starts
        .zip(&cuts)
        .map(|(from, to)| (&all[from..*to], names(&readings[0], from, *to), names(&readings[1], from, *to)))
        .collect()
}

fn table(page: Page, by_whom: &str, rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    let mut row = |bytes: &str, meant: &str, read: &str| {
        let gap = |text: &str, columns: usize| " ".repeat(columns.saturating_sub(width(text)).max(1));
        let line = format!("      {bytes}{}{meant}{}{read}", gap(bytes, BYTES), gap(meant, MEANT));
        let _ = writeln!(text, "{}", cut(line.trim_end(), page.columns));
    };
    row("bytes", "meant", "read as");
    for (bytes, meant, read) in rows.iter().take(ROWS) {
        let most = &bytes[..bytes.len().min(BYTES)];
        row(&shown(most, &looks(most), bytes.len(), BYTES - 2).text, meant, read);
    }
    if rows.len() > ROWS {
        row("...", "", "");
    }
    let _ = writeln!(text, "      {}", page.prose(by_whom, 6, 8));
    format!("\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::dissect::{Misread, dissect_frames};
    use crate::lesson::experiment::EXPERIMENT;
    use crate::record::recorder::Recorder;
    use crate::record::{CLIENT, SERVER};

    fn span(length: usize, name: &str) -> Span {
        Span { length, name: name.to_string() }
    }

    fn of(names: fn(&[&[u8]]) -> Vec<Span>) -> String {
        let recorder = Recorder::new(Cast::Broken);
        let connection = recorder.connection(CLIENT, SERVER);
        for piece in [&b"\0\0"[..], b"\0\x02hi"] {
            recorder.add_bytes(CLIENT, connection, Way::ToServer, piece);
            recorder.add_gate(CLIENT, connection, Way::ToServer);
        }
        let misread = Some(Misread::by_server("one read gives the header", names));
        let experiment = Experiment { dissect: dissect_frames, misread, ..EXPERIMENT };
        two_readings(Page { columns: 80, wraps: false }, &experiment, &recorder.curtain())
    }

    #[test]
    fn each_run_of_bytes_has_both_of_its_names() {
        let told = of(|pieces| {
            assert_eq!(pieces, [&b"\0\0"[..], b"\0\x02hi"]);
            vec![span(2, "length 0"), span(4, "length 157801")]
        });
        let expected = "
      bytes                 meant                     read as
      00 00                 length 2 (2 of 4)         length 0
      00 02                 length 2 (2 of 4)         length 157801 (2 of 4)
      \"hi\"                  payload                   length 157801 (2 of 4)
      read as: the server believes: one read gives the header
";
        assert_eq!(told, expected);
    }

    #[test]
    fn where_both_read_the_same_there_is_nothing_to_tell() {
        assert_eq!(of(|pieces| dissect_frames(Way::ToServer, &pieces.concat())), "");
    }
}
