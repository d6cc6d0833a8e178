use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::ops::Deref;
use std::path::Path;
use std::{error, fmt};

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

    /// The key's text, 64 hex digits in lower case without a newline: for a vault or a database. Wiped from memory on drop;
    /// what you copy out of it is yours to wipe.
    pub fn to_hex(&self) -> KeyText {
        let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0'); // always below 16
        let mut text = Zeroizing::new(String::with_capacity(2 * DIGITS)); // room for all: growing would leave a copy
        for byte in self.0.iter() {
            text.extend([digit(byte >> 4), digit(byte & 0xf)]);
        }
        KeyText(text)
    }

    /// Reads the key from a regular file with its text, at most 67 bytes.
    ///
    /// On Unix a file that others could read or change is refused, as ssh(1) refuses such an identity file: one whose mode
    /// has any bit for group or others, or that belongs to neither the user of this process nor root. What is no regular
    /// file is refused before it is opened: a FIFO (fifo(7)) would wait for a writer forever. Links are followed. On Windows
    /// nothing is asked of the access control list.
    ///
    /// # Errors
    ///
    /// [`Error::KeyExposed`] if others could read it; it says which command closes it. [`Error::KeyFile`] if it cannot be
    /// read or is not the text of a key. Both name the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Key, Error> {
        Key::read(path.as_ref(), true)
    }

    /// Reads the key as [`from_file`](Key::from_file) does, whoever else may read the file: for tests, and for folders in
    /// which all files have one mode and one owner (mounted from another system, or by a container).
    ///
    /// # Errors
    ///
    /// [`Error::KeyFile`], which names the file, if it cannot be read or is not the text of a key.
    pub fn from_exposed_file(path: impl AsRef<Path>) -> Result<Key, Error> {
        Key::read(path.as_ref(), false)
    }

    fn read(path: &Path, private: bool) -> Result<Key, Error> {
        let at = |error| Error::KeyFile { path: path.to_path_buf(), error };
        let check = |file: &Metadata| {
            if !file.is_file() {
                return Err(at(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file")));
            }
            match if private { exposure(file, path).map_err(at)? } else { None } {
                Some(why) => Err(Error::KeyExposed { path: path.to_path_buf(), why }),
                None => Ok(()),
            }
        };
        // Before, since to open a FIFO or a device may wait; and again, since the name may be another file's by then.
        check(&fs::metadata(path).map_err(at)?)?;
        let file = File::open(path).map_err(at)?;
        check(&file.metadata().map_err(at)?)?;
        let mut text = Zeroizing::new(Vec::with_capacity(2 * DIGITS)); // room for all: growing would leave a copy
        #[allow(clippy::disallowed_methods, reason = "take() is the limit that this ban asks for")]
        file.take(DIGITS as u64 + 3).read_to_end(&mut text).map_err(at)?;
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
        let text = self.to_hex();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(at)?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(at)
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

/// The text of a [`Key`], wiped from memory on drop. `Debug` shows nothing of it, and there is no `Display`: take the
/// `str` inside.
///
/// ```
/// # use common::auth::Key;
/// let key = Key::from_bytes(&[0xa5; 32]);
/// assert_eq!(&*key.to_hex(), "a5".repeat(32));
/// assert_eq!(format!("{:?}", key.to_hex()), "KeyText { .. }");
/// ```
pub struct KeyText(Zeroizing<String>);

impl Deref for KeyText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyText").finish_non_exhaustive()
    }
}

/// The keys of one identity: none if it is not known, one, or two while the old key is changed for a new one. With two,
/// the server takes a login with either.
///
/// To change a key: give the server both, give the client the new one, and take the old one from the server when the
/// client has logged in with the new one.
///
/// ```
/// # use common::auth::{Key, Keyring};
/// # fn main() -> Result<(), common::auth::Error> {
/// let (old, new) = (Key::generate()?, Key::generate()?);
/// let changing = Keyring::from([old, new]);
/// let unknown = Keyring::from(None);
/// # let _ = (changing, unknown);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Keyring(pub(super) [Option<Key>; 2]);

impl Keyring {
    /// No key: of an identity that is not known here.
    pub fn none() -> Keyring {
        Keyring::default()
    }
}

impl From<Key> for Keyring {
    fn from(key: Key) -> Keyring {
        Keyring([Some(key), None])
    }
}

impl From<Option<Key>> for Keyring {
    fn from(key: Option<Key>) -> Keyring {
        Keyring([key, None])
    }
}

impl From<[Key; 2]> for Keyring {
    fn from(keys: [Key; 2]) -> Keyring {
        Keyring(keys.map(Some))
    }
}

/// What a look-up of keys came to: the [`Keyring`] of an identity, or why nobody can say. Made from an `Option<Key>`, a
/// `Keyring`, or a `Result` with one of them, so that a function may simply return what it has.
#[derive(Debug)]
pub struct Lookup(pub(super) io::Result<Keyring>);

impl From<Option<Key>> for Lookup {
    fn from(key: Option<Key>) -> Lookup {
        Lookup(Ok(key.into()))
    }
}

impl From<Keyring> for Lookup {
    fn from(keys: Keyring) -> Lookup {
        Lookup(Ok(keys))
    }
}

impl<K: Into<Keyring>, E: Into<Box<dyn error::Error + Send + Sync>>> From<Result<K, E>> for Lookup {
    fn from(result: Result<K, E>) -> Lookup {
        Lookup(result.map(K::into).map_err(io::Error::other))
    }
}

/// Why others than the user of this process and root could read the file, and what to type against it.
#[cfg(unix)]
fn exposure(file: &Metadata, path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::MetadataExt;
    let (mode, owner, me) = (file.mode() & 0o777, file.uid(), effective_user()?);
    let path = for_a_shell(path);
    Ok(if mode & 0o077 != 0 {
        Some(format!("others can read or change it (mode {mode:04o}); type: chmod 600 {path}"))
    } else if owner != me && owner != 0 {
        Some(format!("it belongs to another user ({owner}, and this is {me}); type: chown {me} {path}"))
    } else {
        None
    })
}

#[cfg(not(unix))]
fn exposure(_: &Metadata, _: &Path) -> io::Result<Option<String>> {
    Ok(None)
}

/// The effective user of this process. The owner of a pipe is whoever makes it, which std can ask, and geteuid(2) it has not.
#[cfg(unix)]
fn effective_user() -> io::Result<u32> {
    let (pipe, _) = io::pipe()?;
    let file = File::from(std::os::fd::OwnedFd::from(pipe));
    Ok(std::os::unix::fs::MetadataExt::uid(&file.metadata()?))
}

/// A path as a shell takes it, in quotes if it has to.
#[cfg(unix)]
fn for_a_shell(path: &Path) -> String {
    let text = path.display().to_string();
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+,@%=".contains(&byte)) && !text.starts_with('-') {
        text
    } else {
        let dashes = if text.starts_with('-') { "./" } else { "" };
        format!("{dashes}'{}'", text.replace('\'', r"'\''"))
    }
}
