//! How many writes a frame takes, and what happens when the writer takes only a part.

use std::io::{self, ErrorKind, IoSlice, Write};

use common::framing::{Error, json, write_frame};

/// Keeps each write apart. Takes at most `room` bytes a call, and fails instead of the call number `fails_at`.
struct Counting {
    writes: Vec<Vec<u8>>,
    vectored: usize,
    room: usize,
    fails_at: Option<(usize, ErrorKind)>,
}

impl Counting {
    fn new() -> Counting {
        Counting { writes: Vec::new(), vectored: 0, room: usize::MAX, fails_at: None }
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some((at, kind)) = self.fails_at
            && self.writes.len() == at
        {
            self.fails_at = None;
            return Err(kind.into());
        }
        let count = bytes.len().min(self.room);
        self.writes.push(bytes[..count].to_vec());
        Ok(count)
    }
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.vectored += 1;
        let bytes = slices.iter().flat_map(|slice| slice.iter().copied());
        let bytes: Vec<u8> = bytes.take(self.room).collect();
        self.take(&bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn header_and_payload_leave_in_one_write() {
    // 64 KiB with the header is still small, one byte more is large.
    for (length, vectored) in [(0, 0), (1, 0), (5, 0), (1000, 0), (65_532, 0), (65_533, 1), (100_000, 1)] {
        let mut writer = Counting::new();
        write_frame(&mut writer, &vec![9; length], 100_000).unwrap();
        assert_eq!(writer.writes.len(), 1);
        assert_eq!(writer.writes[0].len(), 4 + length);
        assert_eq!(writer.vectored, vectored);
    }
}

#[test]
fn nothing_written_is_nothing_sent() {
    let mut writer = Counting::new();
    assert!(write_frame(&mut writer, b"hello", 4).is_err());
    assert!(json::write(&mut writer, &serde_json::json!({"a": 1}), &[b"body"], 4).is_err());
    assert!(json::write(&mut writer, &serde_json::json!([1]), &[b"body"], 100).is_err());
    assert!(writer.writes.is_empty());
}

#[test]
fn a_writer_that_takes_a_part_gets_the_rest() {
    for room in 1..=9 {
        let mut writer = Counting { room, fails_at: Some((1, ErrorKind::Interrupted)), ..Counting::new() };
        write_frame(&mut writer, b"hello", 100).unwrap();
        assert_eq!(writer.writes.concat(), b"\0\0\0\x05hello");
    }
    let large = vec![9; 70_000];
    for room in [1, 3, 4, 5, 999, 65_536] {
        let mut writer = Counting { room, fails_at: Some((1, ErrorKind::Interrupted)), ..Counting::new() };
        write_frame(&mut writer, &large, 70_000).unwrap();
        assert!(writer.writes.concat() == [&70_000u32.to_be_bytes()[..], &large].concat(), "room {room}");
    }
}

#[test]
fn an_error_of_the_writer_comes_out_as_it_is() {
    for kind in [ErrorKind::WouldBlock, ErrorKind::BrokenPipe] {
        let mut writer = Counting { room: 3, fails_at: Some((1, kind)), ..Counting::new() };
        assert!(matches!(write_frame(&mut writer, b"hello", 100), Err(Error::Io(error)) if error.kind() == kind));
        assert_eq!(writer.writes.concat(), b"\0\0\0");
    }
    let mut full = Counting { room: 0, ..Counting::new() };
    assert!(matches!(write_frame(&mut full, b"", 100), Err(Error::Io(error)) if error.kind() == ErrorKind::WriteZero));
}

#[test]
fn a_small_header_and_body_leave_in_one_plain_write() {
    let header = serde_json::json!({"out": 3, "err": 2});
    let head = b"\0\0\0\x11{\"err\":2,\"out\":3}";
    for (body, expected) in [(&[&b"abc"[..], b"de"][..], &b"abcde"[..]), (&[], b""), (&[b"", b""], b"")] {
        let mut writer = Counting::new();
        json::write(&mut writer, &header, body, 100).unwrap();
        assert_eq!(writer.writes, [[&head[..], expected].concat()]);
        assert_eq!(writer.vectored, 0);
    }
}

#[test]
fn a_large_body_leaves_with_its_header_in_one_vectored_write() {
    let header = serde_json::json!({"size": 1});
    let head = &b"\0\0\0\x0a{\"size\":1}"[..];
    let large = vec![1; 100_000];
    let mut writer = Counting::new();
    json::write(&mut writer, &header, &[&large, b"", b"tail"], 100).unwrap();
    assert!(writer.writes == [[head, &large, b"tail"].concat()]);
    assert_eq!(writer.vectored, 1);

    // 64 KiB in all is still small, one byte more is large.
    for (length, vectored) in [(64 * 1024 - 14, 0), (64 * 1024 - 13, 1)] {
        let mut writer = Counting::new();
        json::write(&mut writer, &header, &[&large[..length]], 100).unwrap();
        assert!(writer.writes == [[head, &large[..length]].concat()]);
        assert_eq!(writer.vectored, vectored);
    }

    // A writer that takes a part each time, and is interrupted once.
    for room in [13, 14, 15, 999, 50_000] {
        let mut writer = Counting { room, fails_at: Some((1, ErrorKind::Interrupted)), ..Counting::new() };
        json::write(&mut writer, &header, &[b"", &large, b"", b"tail", b""], 100).unwrap();
        assert!(writer.writes.concat() == [head, &large, b"tail"].concat(), "room {room}");
    }
    let mut full = Counting { room: 0, ..Counting::new() };
    let error = json::write(&mut full, &header, &[&large], 100).unwrap_err();
    assert!(matches!(error, json::Error::Frame(Error::Io(error)) if error.kind() == ErrorKind::WriteZero));
}
