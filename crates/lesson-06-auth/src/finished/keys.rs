//! Where each side has its keys from. Never from the command line: everybody on the machine can read that (ps(1)).

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use common::auth::{Error, Key, NAME_MAXIMUM};
use lab::Utility;
use lab::clap::{Arg, value_parser};

/// The text of the client's key, where there is no file.
const VARIABLE: &str = "ECHO_KEY";

/// What the name of a key file ends with.
const ENDING: &str = "key";

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
                    .help("IDENTITY.key in the folder of the server's keys, such as keys/alice.key"),
            )
            .after_help(
                "Both sides need the same file: the server in its folder, the client anywhere. Carry it over a way that \
                 is secret, such as scp.",
            )
    },
    run: |matches| {
        let file = matches.get_one::<PathBuf>("file").context("an argument without a value")?;
        let identity = identity_of(file)?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        Key::generate()?.write_new_file(file).map_err(|error| match &error {
            Error::KeyFile { error: inner, .. } if inner.kind() == std::io::ErrorKind::AlreadyExists => {
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

/// The keys of all clients, by identity. They are read once, at the start: what a client says who it is never becomes the
/// name of a file.
pub(super) struct Keys(HashMap<String, Key>);

impl Keys {
    /// Reads every `IDENTITY.key` of a folder.
    ///
    /// # Errors
    ///
    /// One of them holds no key or cannot be read, there are none, or more than [`MOST_KEYS`].
    pub(super) fn from_folder(folder: &Path) -> anyhow::Result<Keys> {
        let shown = folder.display();
        let make_one = || format!("make a key first: keygen {}", folder.join("alice.key").display());
        let mut keys = HashMap::new();
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read the keys in {shown}; {}", make_one()))? {
            let path = entry.with_context(|| format!("cannot read the keys in {shown}"))?.path();
            if path.extension() != Some(OsStr::new(ENDING)) {
                continue;
            }
            // A pipe, say, would keep the server waiting for somebody to write into it.
            if fs::metadata(&path).is_ok_and(|file| !file.is_file()) {
                bail!("{} is not a file with a key; take it out of the folder", path.display());
            }
            keys.insert(identity_of(&path)?, Key::from_file(&path)?);
            if keys.len() > MOST_KEYS {
                bail!("there are more than {MOST_KEYS} keys in {shown}; this server is not made for so many");
            }
        }
        if keys.is_empty() {
            bail!("there is no key in {shown}; {}", make_one());
        }
        Ok(Keys(keys))
    }

    pub(super) fn of(&self, identity: &str) -> Option<Key> {
        self.0.get(identity).cloned()
    }
}

/// The identity and the key of a client: from this file, or else from the environment.
///
/// # Errors
///
/// There is neither, or it holds no key, or nobody says whose key it is.
pub(super) fn of_client(file: Option<&PathBuf>, identity: Option<&String>) -> anyhow::Result<(String, Key)> {
    if let Some(file) = file {
        let key = Key::from_file(file)?;
        return Ok((identity.cloned().map_or_else(|| identity_of(file), Ok)?, key));
    }
    let Some(text) = env::var_os(VARIABLE) else {
        bail!("there is no key to log in with: give its file, such as --key keys/alice.key, or its text in {VARIABLE}");
    };
    let text = text.to_str().ok_or(Error::NotAKey);
    let key = text.and_then(Key::from_hex).map_err(|error| anyhow!("{VARIABLE}: {error}"))?;
    Ok((identity.cloned().with_context(|| format!("say whose key is in {VARIABLE}: --identity alice"))?, key))
}

/// `alice` for `keys/alice.key`.
fn identity_of(file: &Path) -> anyhow::Result<String> {
    let stem = file.file_stem().and_then(OsStr::to_str).filter(|_| file.extension() == Some(OsStr::new(ENDING)));
    match stem {
        Some(identity) if identity.len() <= NAME_MAXIMUM => Ok(identity.to_string()),
        _ => bail!(
            "{}: a key file is called IDENTITY.key, the identity in at most {NAME_MAXIMUM} bytes, such as alice.key",
            file.display()
        ),
    }
}
