//! Where each side has its keys from. Never from the command line: everybody on the machine can read that (ps(1)).

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use common::auth::{Error, IDENTITY_MAXIMUM, Key, Keyring};
use lab::Utility;
use lab::clap::{Arg, ArgAction, value_parser};

/// The text of the client's key, where there is no file.
const VARIABLE: &str = "ECHO_KEY";

/// What the name of a key file ends with.
const ENDING: &str = "key";
/// What the name of a second key for the same identity ends with: during a change of keys the server takes both.
const SECOND: &str = "newkey";

/// The most keys of one server.
const MOST_KEYS: usize = 10_000;

pub(crate) const KEYGEN: Utility = Utility {
    name: "keygen",
    about: "Make a new random key in a file that only you can read; a file that exists is left alone",
    options: |command| {
        command
            .arg(
                Arg::new("file")
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .required(true)
                    .help(
                        "IDENTITY.key in the folder of the server's keys, such as keys/alice.key; IDENTITY.newkey for a \
                         second key while the first one is changed",
                    ),
            )
            .after_help(
                "Both sides need the same file: the server in its folder, the client anywhere. Carry it over a way that \
                 is secret, such as scp.",
            )
    },
    run: |matches| {
        let file = matches.get_one::<PathBuf>("file").context("an argument without a value")?;
        let (identity, _) = identity_of(file)?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        Key::generate()?.write_new_file(file).map_err(|error| match &error {
            Error::KeyFile { error: inner, .. } if inner.kind() == ErrorKind::AlreadyExists => {
                anyhow!("{} exists already and is left as it is: choose another name or remove it", file.display())
            }
            _ => error.into(),
        })?;
        println!("a new key for {identity} is in {}", file.display());
        Ok(ExitCode::SUCCESS)
    },
};

/// On Unix nobody else can look into it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether a key file is taken that others can read: the option of both sides.
pub(super) fn exposed_option() -> Arg {
    Arg::new("exposed-keys").long("exposed-keys").action(ArgAction::SetTrue).help(
        "Take key files that others on this machine can read, too: for tests, and where a mounted folder gives all files \
         one mode",
    )
}

/// The keys of all clients, by identity. They are read once, at the start: what a client says who it is never becomes the
/// name of a file.
pub(super) struct Keys(HashMap<String, Keyring>);

impl Keys {
    /// Reads every `IDENTITY.key` and `IDENTITY.newkey` of a folder. `exposed`: also those that others can read.
    ///
    /// # Errors
    ///
    /// One of them holds no key, cannot be read, or can be read by others; there are none, or more than [`MOST_KEYS`]
    /// identities; or there is a new key for an identity that has no other.
    pub(super) fn from_folder(folder: &Path, exposed: bool) -> anyhow::Result<Keys> {
        let shown = folder.display();
        let make_one =
            || format!("make a key first: {}", command(&format!("keygen {}", folder.join("alice.key").display())));
        let entries = fs::read_dir(folder).map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow!("there is no folder {shown}; {}", make_one()),
            _ => anyhow!("cannot read the keys in {shown}: {error}"),
        })?;
        let mut keys: HashMap<String, [Option<Key>; 2]> = HashMap::new();
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read the keys in {shown}"))?.path();
            if path.extension().is_none_or(|ending| ending != ENDING && ending != SECOND) {
                continue;
            }
            let (identity, place) = identity_of(&path)?;
            keys.entry(identity).or_default()[place] = Some(read(&path, exposed)?);
            if keys.len() > MOST_KEYS {
                bail!(
                    "there are keys of more than {MOST_KEYS} clients in {shown}; this server is not made for so many"
                );
            }
        }
        if keys.is_empty() {
            bail!("there is no key in {shown}; {}", make_one());
        }
        let keyring = |(identity, keys): (String, [Option<Key>; 2])| match keys {
            [Some(key), None] => Ok((identity, key.into())),
            [Some(key), Some(new)] => Ok((identity, [key, new].into())),
            _ => bail!("there is a {identity}.{SECOND} in {shown} and no {identity}.{ENDING}: rename it"),
        };
        keys.into_iter().map(keyring).collect::<anyhow::Result<_>>().map(Keys)
    }

    pub(super) fn of(&self, identity: &str) -> Keyring {
        self.0.get(identity).cloned().unwrap_or_default()
    }
}

/// How a reader types a command of this lesson.
pub(super) fn command(words: &str) -> String {
    format!("cargo run -p lesson-06-auth -- {words}")
}

fn read(file: &Path, exposed: bool) -> Result<Key, Error> {
    if exposed { Key::from_exposed_file(file) } else { Key::from_file(file) }
}

/// The identity and the key of a client: from this file, or else from the environment.
///
/// # Errors
///
/// There is neither, or it holds no key, or others can read it and that is not allowed, or nobody says whose key it is.
pub(super) fn of_client(
    file: Option<&PathBuf>,
    identity: Option<&String>,
    exposed: bool,
) -> anyhow::Result<(String, Key)> {
    if let Some(file) = file {
        not_the_key_itself(file)?;
        let key = read(file, exposed)?;
        return Ok((identity.cloned().map_or_else(|| identity_of(file).map(|(identity, _)| identity), Ok)?, key));
    }
    let Some(text) = env::var_os(VARIABLE) else {
        bail!("there is no key to log in with: give its file, such as --key keys/alice.key, or its text in {VARIABLE}");
    };
    let text = text.to_str().ok_or(Error::NotAKey);
    let key = text.and_then(Key::from_hex).map_err(|error| anyhow!("{VARIABLE}: {error}"))?;
    Ok((identity.cloned().with_context(|| format!("say whose key is in {VARIABLE}: --identity alice"))?, key))
}

/// `alice` for `keys/alice.key`, and which of her keys it is.
fn identity_of(file: &Path) -> anyhow::Result<(String, usize)> {
    not_the_key_itself(file)?;
    let stem = file.file_stem().and_then(OsStr::to_str);
    let place = [ENDING, SECOND].iter().position(|ending| file.extension() == Some(OsStr::new(ending)));
    match stem.zip(place) {
        Some((identity, place)) if identity.len() <= IDENTITY_MAXIMUM => Ok((identity.to_string(), place)),
        _ => bail!(
            "{}: a key file is called IDENTITY.key, the identity in at most {IDENTITY_MAXIMUM} bytes, such as alice.key",
            file.display()
        ),
    }
}

/// Who types the key where its file is asked for must not find it in a log as well.
fn not_the_key_itself(file: &Path) -> anyhow::Result<()> {
    let text = file.to_string_lossy();
    let text = text.trim();
    if text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && !file.exists() {
        bail!(
            "this is the name of a file, and it looks like a key: whoever can list the processes or read the history of \
             your shell has it now; make a new one with keygen and give its file, such as keys/alice.key"
        );
    }
    Ok(())
}
