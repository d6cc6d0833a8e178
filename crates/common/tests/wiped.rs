//! Keys leave nothing behind in memory. Every block that is given back is searched, in a program of its own.
#![allow(unsafe_code, reason = "an allocator that looks has to be an allocator, and that trait is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;

use common::auth::{Client, Key, Keyring, Server};

/// The key's bytes in a row, and their text: what must be in no block that is given back.
const BYTES: [u8; 32] = *b"\xc3\x91\x7e\x05\xd8\x44\xab\x60\x1f\xe2\x39\x86\x5c\xf7\x0a\xb3\x72\x9d\x28\xe4\x51\xce\x13\x8f\xa6\x67\xfb\x34\xd0\x4b\x95\x1e";
const TEXT: &str = "c3917e05d844ab601fe239865cf70ab3729d28e451ce138fa667fb34d04b951e";

/// The system's allocator, which counts blocks that still hold eight bytes of the secret, or of its text.
struct Searching;

thread_local! {
    static FOUND: Cell<usize> = const { Cell::new(0) };
    static SEARCHED: Cell<usize> = const { Cell::new(0) };
}

fn holds_a_piece(block: &[u8]) -> bool {
    let holds = |secret: &[u8]| block.windows(8).any(|window| secret.chunks_exact(8).any(|piece| piece == window));
    holds(&BYTES) || holds(TEXT.as_bytes())
}

// SAFETY: blocks come from the system's allocator, zeroed so that all of a block may be read, and go back to it unchanged.
// The counters have no destructor and allocate nothing, so an allocator may use them.
unsafe impl GlobalAlloc for Searching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let block = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
        SEARCHED.set(SEARCHED.get() + 1);
        if holds_a_piece(block) {
            FOUND.set(FOUND.get() + 1);
        }
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Searching = Searching;

/// How many blocks that `run` gave back held a piece of the secret.
fn left_behind(run: impl FnOnce()) -> usize {
    let (found, searched) = (FOUND.get(), SEARCHED.get());
    run();
    assert!(SEARCHED.get() > searched, "nothing was given back");
    FOUND.get() - found
}

#[test]
fn the_search_finds() {
    assert_eq!(left_behind(|| drop(Box::new(BYTES))), 1);
    assert_eq!(left_behind(|| drop(TEXT[8..24].to_string())), 1);
    assert_eq!(left_behind(|| drop(vec![0u8; 64])), 0);
}

#[test]
fn a_key_and_its_copies() {
    assert_eq!(left_behind(|| drop(Key::from_bytes(&BYTES))), 0);
    assert_eq!(left_behind(|| drop(Key::from_hex(TEXT).unwrap())), 0);
    assert_eq!(left_behind(|| drop(vec![Key::from_hex(TEXT).unwrap(); 3])), 0);
    let key = Key::from_bytes(&BYTES);
    assert_eq!(left_behind(|| drop(key.to_hex())), 0);
    assert_eq!(left_behind(|| drop(Keyring::from([key.clone(), key.clone()]))), 0);
    let refused_at_its_last_digit = format!("{}x", &TEXT[..63]);
    assert_eq!(left_behind(|| drop(Key::from_hex(&refused_at_its_last_digit).unwrap_err())), 0);
}

#[test]
fn a_key_file_written_and_read() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("wiped-{}.key", std::process::id()));
    let _ = fs::remove_file(&path);
    let key = Key::from_bytes(&BYTES);
    assert_eq!(left_behind(|| key.write_new_file(&path).unwrap()), 0);
    assert_eq!(left_behind(|| drop(Key::from_file(&path).unwrap())), 0);
    fs::write(&path, format!("{TEXT}!")).unwrap(); // its mode stays as it was
    assert_eq!(left_behind(|| drop(Key::from_file(&path).unwrap_err())), 0);
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_whole_login() {
    let key = Key::from_bytes(&BYTES);
    let left = left_behind(|| {
        let (mut server, m1) = Server::new("lesson-06").unwrap();
        let mut client = Client::new("lesson-06", "alice", &key).unwrap();
        let m2 = client.feed(&m1).unwrap().send;
        let step = server.feed_with(&m2, |_| Some(key.clone())).unwrap();
        client.feed(&step.send).unwrap();
    });
    assert_eq!(left, 0);
}
