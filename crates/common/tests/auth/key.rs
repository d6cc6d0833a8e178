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
    server.feed_with(&m2, |_| Some(same)).is_ok()
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
        #[cfg(unix)]
        fs::set_permissions(&wrong, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
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
    assert!(server.feed_with(&m2, |_| Some(other)).is_err());
}

#[test]
fn a_key_goes_to_hex_and_back() {
    let key = Key::from_hex(TEXT).unwrap();
    assert_eq!(&*key.to_hex(), TEXT.to_lowercase());
    assert!(is_counting(&Key::from_hex(&key.to_hex()).unwrap()));
    assert!(!format!("{:?}", key.to_hex()).contains("01"));
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_or_write_is_refused_with_the_command_that_closes_it() {
    use std::os::unix::fs::PermissionsExt;
    let path = path("exposed it's");
    let _ = fs::remove_file(&path);
    Key::from_hex(TEXT).unwrap().write_new_file(&path).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Key::from_file(&path).unwrap_err();
        assert!(matches!(&error, Error::KeyExposed { .. }), "{mode:o}: {error:?}");
        let shown = error.to_string();
        assert!(shown.contains(&format!("(mode {mode:04o})")) && !shown.contains('\n'), "{shown}");
        let command = shown.split("type: ").nth(1).unwrap();
        assert!(is_counting(&Key::from_exposed_file(&path).unwrap()));
        // A reader types what it says.
        assert!(std::process::Command::new("sh").args(["-c", command]).status().unwrap().success(), "{command}");
        assert!(is_counting(&Key::from_file(&path).unwrap()), "{command}");
    }
    for mode in [0o400, 0o600, 0o700] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(is_counting(&Key::from_file(&path).unwrap()), "{mode:o}");
    }
    // Only root can give files away; for others this part is void.
    if std::os::unix::fs::chown(&path, Some(12345), None).is_ok() {
        let error = Key::from_file(&path).unwrap_err();
        assert!(
            error.to_string().contains("belongs to another user (12345, and this is 0); type: chown 0 "),
            "{error}"
        );
        assert!(is_counting(&Key::from_exposed_file(&path).unwrap()));
    }
    fs::remove_file(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_nobody_waits_for_it() {
    let fifo = path("fifo");
    let _ = fs::remove_file(&fifo);
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let link = path("link");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(&fifo, &link).unwrap();
    for file in [&fifo, &link, &PathBuf::from("/dev/zero"), &PathBuf::from(env!("CARGO_TARGET_TMPDIR"))] {
        for read in [Key::from_file, Key::from_exposed_file] {
            let error = read(file).unwrap_err();
            assert!(error.to_string().contains("not a regular file"), "{error}");
        }
    }
    fs::remove_file(&fifo).unwrap();
    fs::remove_file(&link).unwrap();
}
