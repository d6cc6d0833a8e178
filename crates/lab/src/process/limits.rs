//! Limits of a process, lowered while it runs (setrlimit(2)).

#[cfg(not(target_os = "linux"))]
use std::io;

#[cfg(target_os = "linux")]
pub(crate) use linux::{spare_descriptors, spare_memory};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::process::Command;

    use crate::kernel::process::{children, kib};
    use crate::process::descriptors;

    /// Lowers the limit of open files of a process and of all its descendants (RLIMIT_NOFILE, getrlimit(2)), so that each
    /// of them can open so many more and then gets EMFILE.
    ///
    /// # Errors
    ///
    /// The process is gone, or prlimit(1) is not installed or may not do it.
    pub(crate) fn spare_descriptors(process: u32, spare: usize) -> io::Result<()> {
        let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let open: Vec<u32> = fs::read_dir(format!("/proc/{process}/fd"))?.flatten().filter_map(number).collect();
        // A new descriptor gets the lowest free number, and the limit is one more than the highest that may be given.
        let limit = (0..).filter(|number| !open.contains(number)).nth(spare).unwrap_or(u32::MAX);
        set_soft_limit(process, "nofile", limit.into())?;
        children(process).into_iter().try_for_each(|child| spare_descriptors(child, spare))
    }

    /// Lowers the limit of address space of a process and of all its descendants (RLIMIT_AS, getrlimit(2)), so that each of
    /// them can have so many more bytes and then gets ENOMEM.
    ///
    /// # Errors
    ///
    /// As [`spare_descriptors`].
    pub(crate) fn spare_memory(process: u32, spare: u64) -> io::Result<()> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let size = kib(&status, "VmSize:").ok_or(io::ErrorKind::NotFound)?;
        set_soft_limit(process, "as", size + spare)?;
        children(process).into_iter().try_for_each(|child| spare_memory(child, spare))
    }

    /// prlimit(1) sets the soft limit of a process.
    fn set_soft_limit(process: u32, name: &str, limit: u64) -> io::Result<()> {
        let options = [format!("--pid={process}"), format!("--{name}={limit}:")];
        let done = descriptors::start(Command::new("prlimit").args(options))?.wait()?;
        if done.success() { Ok(()) } else { Err(io::Error::other(format!("prlimit ended with {done}"))) }
    }
}

/// Not possible here.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "linux"))]
pub(crate) fn spare_descriptors(_process: u32, _spare: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not possible here.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "linux"))]
pub(crate) fn spare_memory(_process: u32, _spare: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
