//! `proc(5)`: what a process and the processes below it are doing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Activity, Memory};

/// The activity of a process and of all its descendants; `None` when it is gone.
pub fn activity(process: u32) -> Option<Activity> {
    let mut total = Activity { asleep: true, cpu: 0, turns: 0, starved: 0, waited: 0 };
    add(process, &mut total)?;
    Some(total)
}

fn add(process: u32, total: &mut Activity) -> Option<()> {
    let tasks = format!("/proc/{process}/task");
    for task in fs::read_dir(tasks).ok()?.flatten() {
        let task = task.path();
        // A thread or a child may end between two looks; then it is simply not counted.
        let Some((state, ticks)) = state(&task) else { continue };
        total.asleep &= matches!(state, b'S' | b'Z' | b'X');
        let (cpu, starved, turns) = schedule(&task).unwrap_or((ticks * 10_000_000, 0, 0));
        total.cpu += cpu;
        total.starved += starved;
        total.turns += turns;
        total.waited = total.waited.max(starved);
        for child in fs::read_to_string(task.join("children")).unwrap_or_default().split_whitespace() {
            if let Ok(child) = child.parse() {
                add(child, total);
            }
        }
    }
    Some(())
}

/// The processor time of a process: of all its threads, those that have ended too, of the children that it has waited for,
/// and of its living descendants. In steps of 10 ms (`utime` and its neighbours in proc_pid_stat(5)); `None` when it is
/// gone.
pub fn processor_time(process: u32) -> Option<Duration> {
    /// `USER_HZ`, which is 100 wherever Linux runs today.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks: u32 = fields.skip(11).take(4).map_while(|field| field.parse::<u32>().ok()).sum();
    let children = children(process).into_iter().filter_map(processor_time);
    Some(children.fold(TICK * ticks, |total, child| total + child))
}

/// Whether a process is stopped by a signal (SIGSTOP, signal(7)), all its threads included; `None` when it is gone.
pub fn stopped(process: u32) -> Option<bool> {
    let mut tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?.flatten();
    Some(tasks.all(|task| state(&task.path()).is_none_or(|(state, _)| state == b'T')))
}

/// State letter and used clock ticks, from the fields behind the name, which may itself contain blanks and brackets.
fn state(task: &Path) -> Option<(u8, u64)> {
    let stat = fs::read_to_string(task.join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.bytes().next()?;
    let user: u64 = fields.nth(10)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((state, user + system))
}

/// The kernel's number for the thread that asks.
pub fn this_thread() -> Option<u32> {
    fs::read_link("/proc/thread-self").ok()?.file_name()?.to_str()?.parse().ok()
}

/// Whether one of the lab's own threads sleeps; one that has ended does.
pub fn thread_asleep(thread: u32) -> Option<bool> {
    let task = format!("/proc/self/task/{thread}");
    Some(state(Path::new(&task)).is_none_or(|(state, _)| matches!(state, b'S' | b'Z' | b'X')))
}

/// Whether a process that was just started still holds copies of what the lab opened close-on-exec. `None` when it is
/// gone.
pub fn shares_descriptors(process: u32) -> Option<bool> {
    /// `O_CLOEXEC` on Linux, in the octal form of `fdinfo`.
    const CLOSE_ON_EXEC: u32 = 0o2_000_000;
    let held = |folder: &str| Some(fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()));
    let is_ours = |descriptor: &PathBuf| {
        let info = format!("/proc/self/fdinfo/{}", descriptor.file_name()?.to_str()?);
        let info = fs::read_to_string(info).ok()?;
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
        Some(u32::from_str_radix(flags.trim(), 8).ok()? & CLOSE_ON_EXEC != 0)
    };
    let what = |descriptor: PathBuf| fs::read_link(descriptor).ok();
    let standard = |descriptor: &PathBuf| ["0", "1", "2"].iter().any(|stream| descriptor.ends_with(stream));
    let ours: Vec<PathBuf> = held("/proc/self/fd")?.filter(|d| is_ours(d) == Some(true)).filter_map(what).collect();
    let theirs = held(&format!("/proc/{process}/fd"))?.filter(|descriptor| !standard(descriptor)).filter_map(what);
    Some(theirs.into_iter().any(|descriptor| ours.contains(&descriptor)))
}

/// The processes that a process has started and that live.
pub(crate) fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
    children.flat_map(|all| all.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<_>>()).collect()
}

/// The inodes of the sockets that a process and all its descendants have open, those between processes of one machine
/// (unix(7)) and of the kernel's own families left out; `None` when it is gone.
pub fn network_sockets(process: u32) -> Option<Vec<u32>> {
    let mut inodes = sockets(process)?;
    if !inodes.is_empty() {
        // Num RefCount Protocol Flags Type St Inode Path, proc_net(5).
        let table = fs::read_to_string(format!("/proc/{process}/net/unix")).unwrap_or_default();
        let local: Vec<u32> = table.lines().filter_map(|line| line.split_whitespace().nth(6)?.parse().ok()).collect();
        inodes.retain(|inode| !local.contains(inode));
    }
    Some(inodes)
}

/// The inodes of the sockets that a process and all its descendants have open; `None` when it is gone.
pub(crate) fn sockets(process: u32) -> Option<Vec<u32>> {
    let inode = |entry: fs::DirEntry| {
        let target = fs::read_link(entry.path()).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    };
    let mut inodes: Vec<u32> = fs::read_dir(format!("/proc/{process}/fd")).ok()?.flatten().filter_map(inode).collect();
    inodes.extend(children(process).into_iter().filter_map(sockets).flatten());
    Some(inodes)
}

/// Nanoseconds on a processor, nanoseconds of waiting for one, and number of turns there (`schedstat`, proc_pid_schedstat(5)).
fn schedule(task: &Path) -> Option<(u64, u64, u64)> {
    let line = fs::read_to_string(task.join("schedstat")).ok()?;
    let mut fields = line.split_whitespace();
    let mut next = || fields.next()?.parse().ok();
    Some((next()?, next()?, next()?))
}

/// Peak memory of a process and of its living descendants, each with what it shares with the others; `None` when it is
/// gone.
pub fn memory(process: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let own = Memory { resident: kib(&status, "VmHWM:")?, requested: kib(&status, "VmPeak:")? };
    let children = children(process).into_iter().filter_map(memory);
    Some(children.fold(own, |sum, child| Memory {
        resident: sum.resident + child.resident,
        requested: sum.requested + child.requested,
    }))
}

/// The living processes whose environment had this entry, `NAME=value`, when they were started (proc_pid_environ(5)):
/// those that inherited it, wherever they are in the tree of processes. `None` where there is no such table.
pub fn carrying(entry: &str) -> Option<Vec<u32>> {
    let number = |folder: fs::DirEntry| folder.file_name().to_str()?.parse::<u32>().ok();
    let carries = |process: &u32| {
        let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|item| item == entry.as_bytes())
    };
    let lives = |process: &u32| {
        let folder = format!("/proc/{process}");
        state(Path::new(&folder)).is_some_and(|(state, _)| !matches!(state, b'Z' | b'X'))
    };
    Some(fs::read_dir("/proc").ok()?.flatten().filter_map(number).filter(lives).filter(carries).collect())
}

/// A size of `/proc/PID/status`, in bytes.
pub(crate) fn kib(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
