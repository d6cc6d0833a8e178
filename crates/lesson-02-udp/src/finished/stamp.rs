//! The time before an answer: `[Thu Nov 20 23:47:00 2025] `.

use std::time::SystemTime;

use chrono::{DateTime, Local, TimeZone};

/// Bytes of a stamp.
pub(super) const STAMP: usize = 27;

/// Where the time of an answer comes from.
pub(super) enum Clock {
    /// The local time of this machine.
    Local,
    /// Always this stamp: traps and tests compare whole answers.
    Stopped([u8; STAMP]),
}

impl Clock {
    /// The stamp of an answer that is given now.
    pub(super) fn stamp(&self) -> [u8; STAMP] {
        match self {
            Clock::Local => stamp(&DateTime::<Local>::from(SystemTime::now())),
            Clock::Stopped(stamp) => *stamp,
        }
    }
}

/// A time as ctime(3) writes it in the C locale, 24 characters, in brackets and with a blank behind it. The day of the
/// month is padded with a blank. The years 1000 to 9999 have this length.
fn stamp<Zone: TimeZone<Offset: std::fmt::Display>>(time: &DateTime<Zone>) -> [u8; STAMP] {
    let mut stamp = [b'?'; STAMP];
    let text = time.format("[%a %b %e %H:%M:%S %Y] ").to_string();
    for (place, byte) in stamp.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    stamp
}

/// Whether these bytes begin as an answer does. Which day and which month it is plays no part.
pub(super) fn is_stamped(datagram: &[u8]) -> bool {
    const SHAPE: &[u8; STAMP] = b"[Aaa Aaa _9 99:99:99 9999] ";
    let fits = |(shape, byte): (&u8, &u8)| match shape {
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        b'9' => byte.is_ascii_digit(),
        b'_' => byte.is_ascii_digit() || *byte == b' ',
        same => same == byte,
    };
    datagram.len() >= STAMP && SHAPE.iter().zip(datagram).all(fits)
}

/// Reads the 24 characters of a time.
///
/// # Errors
///
/// They are not a time as ctime(3) writes it.
pub(super) fn stopped(time: &str) -> Result<[u8; STAMP], String> {
    let stamp = format!("[{time}] ").into_bytes();
    match <[u8; STAMP]>::try_from(stamp) {
        Ok(stamp) if is_stamped(&stamp) => Ok(stamp),
        _ => Err("a time looks like this: \"Thu Nov 20 23:47:00 2025\"".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeZone, Utc};

    use super::*;

    #[test]
    fn a_stamp_is_that_of_ctime() {
        let time = Utc.with_ymd_and_hms(2025, 11, 20, 23, 47, 0).single().expect("a time");
        assert_eq!(&stamp(&time), b"[Thu Nov 20 23:47:00 2025] ");
        let time = Utc.with_ymd_and_hms(2025, 11, 1, 3, 4, 5).single().expect("a time");
        assert_eq!(&stamp(&time), b"[Sat Nov  1 03:04:05 2025] ");
        let zone = FixedOffset::east_opt(5 * 3600 + 1800).expect("an offset");
        assert_eq!(&stamp(&time.with_timezone(&zone)), b"[Sat Nov  1 08:34:05 2025] ");
    }

    #[test]
    fn an_answer_is_known_by_its_beginning() {
        for answer in ["[Thu Nov 20 23:47:00 2025] ", "[Sat Nov  1 03:04:05 2025] x", "[Xyz Abc  0 99:99:99 0000] "] {
            assert!(is_stamped(answer.as_bytes()), "{answer}");
        }
        assert!(is_stamped(&Clock::Local.stamp()));
        let others = [
            "",
            "exit",
            "[Thu Nov 20 23:47:00 2025]",
            " [Thu Nov 20 23:47:00 2025] ",
            "[Thu Nov 20 23:47:00 2025]  "[1..].trim_end(),
            "[THU Nov 20 23:47:00 2025] ",
            "[Thu Nov 20 23.47:00 2025] ",
            "[Thu Nov x0 23:47:00 2025] ",
        ];
        for other in others {
            assert!(!is_stamped(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_stopped_clock_has_a_time() {
        assert_eq!(stopped("Thu Nov 20 23:47:00 2025").as_ref(), Ok(b"[Thu Nov 20 23:47:00 2025] "));
        assert!(stopped("2025-11-20 23:47:00").is_err());
        assert!(stopped("").is_err());
    }
}
