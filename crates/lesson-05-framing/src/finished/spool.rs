//! Bytes of any number in little memory.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufReader, Seek, SeekFrom, Write};

/// Up to here they stay in memory, bytes.
const IN_MEMORY: usize = 256 * 1024;
/// Read from the file in pieces of this size, bytes.
const PIECE: usize = 64 * 1024;

/// Bytes that were gathered one after the other: in memory as long as they are few, then in a file without a name,
/// which is gone when this is dropped and when the process dies.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    memory: Vec<u8>,
    file: Option<File>,
    size: u64,
}

impl Spool {
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() && self.memory.len() + bytes.len() > IN_MEMORY {
            let mut file = nameless()?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// In bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// All of it, unless it is too long for memory.
    pub(crate) fn in_memory(&self) -> Option<&[u8]> {
        self.file.is_none().then_some(&self.memory)
    }

    /// Writes all of it, from its beginning.
    pub(crate) fn copy_to(&self, writer: &mut impl Write) -> io::Result<()> {
        let Some(mut file) = self.file.as_ref() else { return writer.write_all(&self.memory) };
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut BufReader::with_capacity(PIECE, file), writer)?;
        Ok(())
    }
}

/// A file of our own in the directory for temporary files that nobody else can open.
fn nameless() -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        const GENERIC_READ: u32 = 0x8000_0000;
        const GENERIC_WRITE: u32 = 0x4000_0000;
        const DELETE: u32 = 0x0001_0000;
        const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
        options.access_mode(GENERIC_READ | GENERIC_WRITE | DELETE).share_mode(0);
        options.custom_flags(FILE_FLAG_DELETE_ON_CLOSE);
    }
    let name = format!("remote-command-{:016x}", RandomState::new().build_hasher().finish());
    let path = env::temp_dir().join(name);
    let file = options.open(&path)?;
    // On Unix an open file needs no name (unlink(2)); on Windows it goes when it is closed.
    #[cfg(unix)]
    std::fs::remove_file(&path)?;
    Ok(file)
}
