//! A thread for each client.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::shared::{Client, Server};

/// The handler needs little; what a thread does not touch is not taken from the memory of the machine in any case.
const STACK: usize = 256 * 1024;

/// Serves one client in a thread of its own.
///
/// # Errors
///
/// The system gives no more threads: the client comes back. `thread::spawn` would panic then.
pub(super) fn serve(server: &Arc<Server>, client: Client) -> Result<(), (Client, io::Error)> {
    // A closure that could not be started is gone with all that is in it, so the client is beside it.
    let slot = Arc::new(Mutex::new(Some(client)));
    let (its_slot, its_server) = (slot.clone(), server.clone());
    let started = thread::Builder::new().stack_size(STACK).spawn(move || {
        if let Some(client) = take(&its_slot) {
            its_server.converse(client);
        }
    });
    match started {
        Ok(_) => Ok(()),
        Err(error) => take(&slot).map_or(Ok(()), |client| Err((client, error))),
    }
}

fn take(slot: &Mutex<Option<Client>>) -> Option<Client> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}
