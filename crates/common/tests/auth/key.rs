//! The key's text, its file, and what a mistake in them says.

use std::fs;
use std::path::PathBuf;

use common::auth::{Client, Error, Key, Server};

const TEXT: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1b1C1d1E1f";

/// A path in the target folder that no other test uses.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.key", std::process::id()))
}

/// Whether it is the key that counts from 00 to 1f: by the golden login's first tag, for a key shows nothing of itself.
fn is_counting(key: &Key) -> bool {
    let same = Key::from_bytes(&std::array::from_fn(|place| place as u8));
    let (mut server, m1) = Server::new("x").unwrap();
    let m2 = Client::new("x", "x", key).unwrap().feed(&m1).unwrap().send;
    server.feed(&m2, |_| Some(same)).is_ok()
}

#[test]
fn sixty_four_hex_digits_and_at_most_a_newline() {
    for text in [TEXT.to_string(), format!("{TEXT}\n"), format!("{TEXT}\r\n"), TEXT.to_uppercase()] {
        assert!(is_counting(&Key::from_hex(&text).unwrap()), "{text:?}");
    }
    let wrong = [
        "",
        "\n",
        "hunter2 hunter2",
        &TEXT[1..],
        &TEXT[..62],
        &format!("{TEXT}0"),
        &format!("{TEXT}\n\n"),
        &format!("{TEXT}\r"),
        &format!("{TEXT} "),
        &format!(" {}", &TEXT[1..]),
        &format!("0x{}", &TEXT[2..]),
        &format!("+1{}", &TEXT[2..]),
        &format!("0g{}", &TEXT[2..]),
        &format!("é{}", &TEXT[2..]),
        &format!("\u{feff}{TEXT}"),
    ];
    for text in wrong {
        let error = Key::from_hex(text).unwrap_err();
        assert!(matches!(error, Error::NotAKey), "{text:?}");
        let shown = format!("{error} {error:?}");
        assert!(text.get(2..8).is_none_or(|part| !shown.contains(part)), "{shown}");
    }
}

#[test]
fn a_file_is_written_once_and_read_back() {
    let path = path("written");
    let _ = fs::remove_file(&path);
    let key = Key::from_hex(TEXT).unwrap();
    key.write_new_file(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", TEXT.to_lowercase()));
    assert!(is_counting(&Key::from_file(&path).unwrap()));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);

    let error = Key::generate().unwrap().write_new_file(&path).unwrap_err();
    assert!(matches!(&error, Error::KeyFile { error, .. } if error.kind() == std::io::ErrorKind::AlreadyExists));
    assert!(is_counting(&Key::from_file(&path).unwrap()), "not overwritten");
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_file_that_is_none_is_named_in_one_line() {
    let missing = path("missing");
    let error = Key::from_file(&missing).unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("missing-") && !shown.contains('\n'), "{shown}");
    assert!(Key::from_file(env!("CARGO_TARGET_TMPDIR")).is_err(), "a directory");

    let wrong = path("wrong");
    for content in [b"".to_vec(), b"secret".to_vec(), vec![0xff; 64], vec![b'0'; 63], vec![b'0'; 1 << 20]] {
        fs::write(&wrong, content).unwrap();
        let error = Key::from_file(&wrong).unwrap_err();
        assert!(error.to_string().contains("64 hex digits"), "{error}");
        assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::InvalidInput);
    }
    fs::remove_file(&wrong).unwrap();
}

#[test]
fn made_keys_differ() {
    let (one, other) = (Key::generate().unwrap(), Key::generate().unwrap());

    let (mut server, m1) = Server::new("x").unwrap();
    let m2 = Client::new("x", "x", &one).unwrap().feed(&m1).unwrap().send;
    assert!(server.feed(&m2, |_| Some(other)).is_err());
}
