use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use zeroize::{Zeroize, Zeroizing};

use super::{Error, fill_random};

/// Hex digits in the text of a key.
const DIGITS: usize = 64;

/// The secret that one client identity shares with the server: 32 random bytes.
///
/// Made by [`generate`](Key::generate), never from a password: a recorded login lets anybody try passwords at leisure (for
/// passwords there are SCRAM, RFC 5802, and PAKEs). Its text is 64 hex digits and an optional newline.
///
/// Wiped from memory on drop. It has no `Display`, and `Debug` shows nothing of it.
///
/// ```
/// # use common::auth::Key;
/// assert_eq!(format!("{:?}", Key::generate()?), "Key { .. }");
/// # Ok::<(), common::auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Key(Box<[u8; 32]>); // boxed: moving the Key leaves no second copy behind

impl Key {
    /// A new key from the operating system's generator.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the system has no random bytes to give.
    pub fn generate() -> Result<Key, Error> {
        let mut key = Key(Box::new([0; 32]));
        fill_random(&mut key.0)?;
        Ok(key)
    }

    /// The key of these bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Key {
        Key(Box::new(*bytes))
    }

    /// The key whose text this is: exactly 64 hex digits of either case, then at most one newline (`\n` or `\r\n`).
    ///
    /// # Errors
    ///
    /// [`Error::NotAKey`] for anything else. The error holds no part of the text.
    pub fn from_hex(text: &str) -> Result<Key, Error> {
        let digits = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line)).as_bytes();
        if digits.len() != DIGITS {
            return Err(Error::NotAKey);
        }
        let value = |digit: u8| char::from(digit).to_digit(16).ok_or(Error::NotAKey);
        let mut key = Key(Box::new([0; 32]));
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (value(pair[0])? << 4 | value(pair[1])?) as u8;
        }
        Ok(key)
    }

    /// Reads the key from a file with its text. Reads 67 bytes at most, whatever the file is.
    ///
    /// # Errors
    ///
    /// [`Error::KeyFile`], which names the file, if it cannot be read or is not the text of a key.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Key, Error> {
        let at = |error| Error::KeyFile { path: path.as_ref().to_path_buf(), error };
        let mut text = Zeroizing::new(Vec::with_capacity(2 * DIGITS)); // room for all: growing would leave a copy
        #[allow(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
        File::open(&path).and_then(|file| file.take(DIGITS as u64 + 3).read_to_end(&mut text)).map_err(at)?;
        let text = std::str::from_utf8(&text).map_err(|_| Error::NotAKey);
        text.and_then(Key::from_hex).map_err(|error| at(error.into()))
    }

    /// Writes the key's text to a new file; on Unix only the owner may read it (mode 0600).
    ///
    /// # Errors
    ///
    /// [`Error::KeyFile`] if the file exists already (a key is never overwritten) or cannot be written.
    pub fn write_new_file(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let at = |error| Error::KeyFile { path: path.as_ref().to_path_buf(), error };
        let mut text = Zeroizing::new(Vec::with_capacity(2 * DIGITS));
        for byte in self.0.iter() {
            write!(text, "{byte:02x}").map_err(at)?;
        }
        text.push(b'\n');
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).and_then(|mut file| file.write_all(&text)).map_err(at)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}
