//! Whether a reader has taken what was sent to it.

use std::net::SocketAddr;
use std::time::Duration;

use crate::kernel::{self, State};
use crate::poll::until;

/// Where the kernel does not tell, waiting this long has to do.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether the socket `remote` has read the `sent` bytes that `local` wrote to it. Where the kernel does not tell, a
/// generous pause has to do.
pub(crate) fn has_taken(local: SocketAddr, remote: SocketAddr, sent: u64) -> bool {
    let (Some(here), Some(there)) = (kernel::tcp_pair(local, remote), kernel::tcp_pair(remote, local)) else {
        until(PAUSE, || false);
        return true;
    };
    match there {
        Some(socket) if matches!(socket.state, State::Established | State::CloseWait) => {
            // What the reader has received has arrived; that it is acknowledged as well may take 40 ms longer.
            socket.unread == 0 && socket.received >= sent
        }
        // A reader that has closed its socket takes nothing any more.
        _ => here.is_none_or(|socket| socket.unacknowledged == 0),
    }
}
