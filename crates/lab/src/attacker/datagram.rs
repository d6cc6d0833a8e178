//! A third party with a datagram socket: nobody has to accept what it sends.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::directory::{Directory, Place};
use crate::poll::{PATIENCE, Waiting};
use crate::record::recorder::Recorder;
use crate::record::{Role, SERVER, Way, What, Who};
use crate::relay::datagrams::{LARGEST, found_nobody};
use crate::verdict::Void;
use crate::watch::Watch;

/// A datagram socket of an attacker that the lab plays itself. What it sends to a client is on the record of that
/// client's own connection, as sent by the attacker; what it sends to a server, and the answers, on one of its own.
///
/// A third party that answers in place of the server:
///
/// ```no_run
/// # use lab::{Fate, Fates, Stage, What};
/// # fn play(stage: &mut Stage) -> anyhow::Result<()> {
/// stage.datagrams();
/// stage.server()?;
/// stage.datagram_relay(Fates { to_server: vec![], to_client: vec![Fate::Drop] })?;
/// let client = stage.client(&["time"])?;
/// stage.wait("the server answers", |record| {
///     record.events.iter().any(|event| matches!(event.what, What::Lost { .. }))
/// })?;
/// let mut stranger = stage.datagram_attacker()?;
/// stranger.send(client, b"13:00")?; // the client has asked, so its socket is known
/// stage.ends(client)
/// # }
/// ```
pub struct DatagramAttacker {
    who: Who,
    socket: Arc<UdpSocket>,
    /// Whom it has to do with, and on which connection.
    peers: Vec<(Who, Place, usize)>,
    directory: Directory,
    recorder: Recorder,
    watch: Watch,
}

impl DatagramAttacker {
    pub(crate) fn bind(
        who: Who,
        socket: Arc<UdpSocket>,
        directory: Directory,
        recorder: Recorder,
        watch: Watch,
    ) -> anyhow::Result<DatagramAttacker> {
        recorder.call(socket.local_addr()?, &format!("<{who}>"));
        Ok(DatagramAttacker { who, socket, peers: Vec::new(), directory, recorder, watch })
    }

    /// Who this is on the record.
    pub fn who(&self) -> Who {
        self.who
    }

    /// Sends one datagram of at most 65507 bytes, or an empty one, straight to a server or to the socket of a client. The
    /// socket of a client is known as soon as it has sent something through the relay; without a relay the kernel's table
    /// is asked, where there is one.
    ///
    /// # Errors
    ///
    /// [`Void`]: the actor has no socket that the lab can see. It cannot be sent.
    pub fn send(&mut self, to: Who, bytes: &[u8]) -> anyhow::Result<()> {
        let (place, connection) = self.peer(to)?;
        let way = if to.role == Role::Server { Way::ToServer } else { Way::ToClient };
        let _busy = self.watch.busy();
        self.recorder.add(self.who, Some(connection), What::Datagram { way, bytes: bytes.to_vec() });
        let mut sent = self.socket.send_to(bytes, place.address);
        if sent.as_ref().is_err_and(found_nobody) {
            // That was about an earlier one.
            sent = self.socket.send_to(bytes, place.address);
        }
        sent.with_context(|| format!("the {} cannot send to the {to}", self.who))?;
        Ok(())
    }

    /// Waits with the lab's patience for the next datagram that comes back and says what it was. `None`: none came.
    pub fn receive(&mut self) -> Option<Vec<u8>> {
        self.take(PATIENCE)
    }

    /// Every datagram that has come by now and was not received yet. After [`crate::Stage::settle`] there is no other one
    /// under way, so that nothing here means that nothing was sent.
    pub fn received(&mut self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(datagram) = self.take(Duration::ZERO) {
            all.push(datagram);
        }
        all
    }

    fn take(&mut self, patience: Duration) -> Option<Vec<u8>> {
        /// Between two looks whether this has waited too long.
        const LOOK: Duration = Duration::from_millis(100);
        let mut buffer = vec![0; LARGEST];
        self.socket.set_nonblocking(patience.is_zero()).ok()?;
        self.socket.set_read_timeout(Some(LOOK)).ok()?;
        let mut waiting = Waiting::with_looks_every(LOOK);
        let late = |error: &io::Error| matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
        loop {
            let (length, from) = match self.socket.recv_from(&mut buffer) {
                Err(error) if found_nobody(&error) || error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if late(&error) && waiting.look() < patience => continue,
                received => received.ok()?,
            };
            buffer.truncate(length);
            self.heard(from, &buffer);
            return Some(buffer);
        }
    }

    fn heard(&mut self, from: SocketAddr, bytes: &[u8]) {
        let known = self.peers.iter().find(|(_, place, _)| place.address == from).map(|(who, ..)| *who);
        let owner = known.or_else(|| self.directory.owner(from));
        let peer = owner.filter(|who| who.role == Role::Server).and_then(|who| Some((who, self.peer(who).ok()?.1)));
        if let Some((server, connection)) = peer {
            let what = What::Datagram { way: Way::ToClient, bytes: bytes.to_vec() };
            self.recorder.add(server, Some(connection), what);
        } else {
            let sender = owner.map_or_else(|| "somebody".to_string(), |who| format!("the {who}"));
            let text = format!("gets a datagram of {} bytes from {sender}", bytes.len());
            self.recorder.add(self.who, None, What::Step(text));
        }
    }

    fn peer(&mut self, who: Who) -> anyhow::Result<(Place, usize)> {
        if who.role == Role::Attacker {
            bail!("an attacker sends to servers and clients only");
        }
        if let Some((_, place, connection)) = self.peers.iter().find(|(peer, ..)| *peer == who)
            && who.role == Role::Server
        {
            return Ok((*place, *connection));
        }
        let place = self.directory.find(who);
        let place = place.ok_or_else(|| Void(format!("the {who} has no datagram socket that the lab can see")))?;
        if let Some((.., connection)) = self.peers.iter().find(|(peer, known, _)| *peer == who && *known == place) {
            return Ok((place, *connection));
        }
        let connection = place.connection.unwrap_or_else(|| match who.role {
            Role::Client => self.recorder.connection(who, SERVER),
            _ => self.recorder.connection(self.who, who),
        });
        self.peers.push((who, place, connection));
        Ok((place, connection))
    }
}
