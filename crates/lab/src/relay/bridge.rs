//! Stands between two datagram servers: what either of them answers reaches the other as a request.
//!
//! ```text
//!   server ──► bridge ──► server 2     for each of them the bridge has the address of the other; so many datagrams,
//!   server ◄── bridge ◄── server 2     then it hands nothing on any more
//! ```

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use anyhow::Context;

use crate::poll::join;
use crate::record::recorder::Recorder;
use crate::record::{Way, What, Who};
use crate::relay::datagrams::{LARGEST, beside, found_nobody, wake};
use crate::watch::Watch;

/// A running bridge. Dropping it closes its sockets and waits for its threads.
pub(crate) struct Bridge {
    /// The first server stands at the server's end of this connection, the second at the client's.
    pub(crate) ends: [Who; 2],
    pub(crate) connection: usize,
    /// The sockets connected to the one and to the other server.
    sockets: [Arc<UdpSocket>; 2],
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    connection: usize,
    most: usize,
    handed_on: AtomicUsize,
    closing: AtomicBool,
    recorder: Recorder,
    watch: Watch,
}

impl Bridge {
    pub(crate) fn start(
        servers: [(Who, SocketAddr); 2],
        most: usize,
        recorder: Recorder,
        watch: Watch,
    ) -> anyhow::Result<Bridge> {
        let ends = servers.map(|(who, _)| who);
        let connect = |(_, address): (Who, SocketAddr)| -> anyhow::Result<Arc<UdpSocket>> {
            let socket = UdpSocket::bind(beside(address)).context("the bridge cannot bind")?;
            socket.connect(address)?;
            watch.address(socket.local_addr()?);
            Ok(Arc::new(socket))
        };
        let sockets = [connect(servers[0])?, connect(servers[1])?];
        let connection = recorder.connection(ends[1], ends[0]);
        for (socket, stands_for) in sockets.iter().zip([ends[1], ends[0]]) {
            recorder.call(socket.local_addr()?, &format!("<{stands_for}>"));
        }
        let (closing, handed_on) = (AtomicBool::new(false), AtomicUsize::new(0));
        let shared = Arc::new(Shared { connection, most, handed_on, closing, recorder, watch });
        let mut bridge = Bridge { ends, connection, sockets, shared, threads: Vec::new() };
        for (from, way) in [(0, Way::ToClient), (1, Way::ToServer)] {
            let (shared, who) = (bridge.shared.clone(), ends[from]);
            let (from, to) = (bridge.sockets[from].clone(), bridge.sockets[1 - from].clone());
            let thread = bridge.shared.watch.spawn_carrier(move || shared.carry(who, way, &from, &to))?;
            bridge.threads.push(thread);
        }
        Ok(bridge)
    }

    /// Sends one datagram to a server whose sender seems to be the other one.
    pub(crate) fn forge(&self, attacker: Who, to: Who, bytes: &[u8]) -> anyhow::Result<()> {
        let place = usize::from(to != self.ends[0]);
        let way = if place == 0 { Way::ToServer } else { Way::ToClient };
        let from = self.ends[1 - place];
        let article = if from.number == 1 { "the " } else { "" };
        let text = format!("writes the address of {article}{from} where the sender's belongs");
        let recorder = &self.shared.recorder;
        let _busy = self.shared.watch.busy();
        recorder.add(attacker, Some(self.connection), What::Step(text));
        recorder.add(attacker, Some(self.connection), What::Datagram { way, bytes: bytes.to_vec() });
        self.sockets[place].send(bytes).with_context(|| format!("the bridge cannot send to the {to}"))?;
        Ok(())
    }
}

impl Shared {
    fn carry(&self, who: Who, way: Way, from: &UdpSocket, to: &UdpSocket) {
        let mut buffer = vec![0; LARGEST];
        loop {
            let received = from.recv(&mut buffer);
            if self.closing.load(Ordering::SeqCst) {
                return;
            }
            let length = match received {
                Ok(length) => length,
                Err(error) if found_nobody(&error) => {
                    self.recorder.add(who, Some(self.connection), What::Refused);
                    continue;
                }
                // A bridge that can no longer receive has nothing left to do.
                Err(_) => return,
            };
            let _busy = self.watch.busy();
            match self.handed_on.fetch_add(1, Ordering::SeqCst) {
                before if before < self.most => {
                    let bytes = buffer[..length].to_vec();
                    self.recorder.add(who, Some(self.connection), What::Datagram { way, bytes });
                    // A datagram that cannot be sent is lost, as datagrams are.
                    let _ = to.send(&buffer[..length]);
                }
                before if before == self.most => {
                    self.recorder.add(who, Some(self.connection), What::Stalled { way });
                }
                _ => {}
            }
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        for (socket, thread) in self.sockets.iter().zip(self.threads.drain(..)) {
            join(thread, || wake(socket));
        }
    }
}
