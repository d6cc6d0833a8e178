//! Whether a reader has taken what was sent to it.

use std::net::SocketAddr;
use std::time::Duration;

use crate::kernel::{self, Socket, State};
use crate::poll::until;

/// Where the kernel does not tell, waiting this long has to do.
const PAUSE: Duration = Duration::from_millis(50);

/// What has become of bytes that were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The program at the other end has read all of them.
    Read,
    /// It may have read some; its connection has gone.
    Gone,
}

/// Whether the socket `remote` has read the `sent` bytes that `local` wrote to it; `None`: not yet. Where the kernel does
/// not tell, a generous pause has to do.
pub(crate) fn taken(local: SocketAddr, remote: SocketAddr, sent: u64) -> Option<Taken> {
    let (Some(here), Some(there)) = (kernel::tcp_pair(local, remote), kernel::tcp_pair(remote, local)) else {
        until(PAUSE, || false);
        return Some(Taken::Read);
    };
    judge(here.as_ref(), there.as_ref(), sent)
}

fn judge(here: Option<&Socket>, there: Option<&Socket>, sent: u64) -> Option<Taken> {
    let reads = |socket: &&Socket| match socket.state {
        State::Established | State::CloseWait => true,
        // A program that has only ended its own direction has the socket still open.
        State::FinWait1 | State::FinWait2 | State::Closing => socket.inode != 0,
        _ => false,
    };
    if let Some(there) = there.filter(reads) {
        // What the reader has received has arrived; that it is acknowledged as well may take 40 ms longer.
        return (there.unread == 0 && there.received >= sent).then_some(Taken::Read);
    }
    let Some(here) = here else { return Some(Taken::Gone) };
    // A socket that is closed with bytes unread leaves nothing behind but a RST (RFC 9293 section 3.6.1), which is on its
    // way. One that is closed in order has read what it acknowledged.
    let reset = there.is_none() && !matches!(here.state, State::CloseWait | State::LastAck | State::TimeWait);
    (!reset && here.unacknowledged == 0).then_some(Taken::Read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(state: State, inode: u32) -> Socket {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let (unread, unacknowledged, unsent, received) = (0, 0, 0, 0);
        Socket { state, local: nowhere, remote: nowhere, unread, unacknowledged, unsent, received, inode }
    }

    #[test]
    fn bytes_are_taken_when_they_have_come_and_none_is_unread() {
        let here = socket(State::Established, 1);
        for state in [State::Established, State::CloseWait, State::FinWait1, State::FinWait2] {
            let open = socket(state, 2);
            assert_eq!(judge(Some(&here), Some(&open), 5), None, "{state}: nothing has come");
            let unread = Socket { received: 5, unread: 5, ..open.clone() };
            assert_eq!(judge(Some(&here), Some(&unread), 5), None, "{state}: nothing was read");
            let read = Socket { received: 5, ..open };
            assert_eq!(judge(Some(&here), Some(&read), 5), Some(Taken::Read), "{state}");
        }
    }

    #[test]
    fn a_connection_that_waits_for_accept_has_taken_nothing() {
        let waiting = Socket { unread: 5, received: 5, ..socket(State::Established, 0) };
        assert_eq!(judge(Some(&socket(State::Established, 1)), Some(&waiting), 5), None);
    }

    #[test]
    fn a_socket_that_was_closed_in_order_had_read_what_it_acknowledged() {
        let here = socket(State::CloseWait, 1);
        // The kernel keeps a socket without a program in a short form, which does not count bytes.
        let closed = socket(State::FinWait2, 0);
        for there in [Some(&closed), None] {
            assert_eq!(judge(Some(&here), there, 5), Some(Taken::Read), "{there:?}");
            let under_way = Socket { unacknowledged: 1, ..here.clone() };
            assert_eq!(judge(Some(&under_way), there, 5), None);
        }
    }

    #[test]
    fn a_reset_that_is_on_its_way_is_waited_for() {
        assert_eq!(judge(Some(&socket(State::Established, 1)), None, 5), None);
    }

    #[test]
    fn nobody_has_read_from_a_connection_that_is_gone_at_both_ends() {
        assert_eq!(judge(None, None, 5), Some(Taken::Gone));
    }
}
