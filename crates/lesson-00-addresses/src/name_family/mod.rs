//! `name-family`: a name has an IPv6 and an IPv4 address, and the server listens at the second only.

use std::io;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Stage,
    Void,
};
use socket2::{Domain, Protocol, Socket, Type};

mod broken;
mod fixed;
pub(crate) mod peer;

/// What `localhost` is on a machine with both families, in the order of RFC 6724.
const ADDRESSES: [&str; 2] = ["::1", "127.0.0.1"];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "name-family",
    question: "Why is localhost refused, when the server runs?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    // Without it the kernel says that there is no such address, instead of that nobody listens.
    needs: &[Need::Ipv6],
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: None,
        needs: &[],
        serve: &[],
        connect: &["--to", "::1", "--to", "127.0.0.1"],
        input: &[],
        judge: judge_finished,
        dissect: lab::dissect_lines,
    }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "input: the addresses of one service, one a line, as a resolver gave them; its port is {port}; {host} may be none of them",
    "<- at an address that answers: a line of text, and the end of the stream",
    "print that line and end with status 0; if no address answers, say so and end with an error status; within 10 s",
    "addresses where nobody listens refuse the connection",
];

fn forms() -> Vec<Form> {
    let mut forms = vec![Form::new("::1 refuses, 127.0.0.1 answers", play).rule(greeted("hello"))];
    // Elsewhere 127.0.0.1 is all that there is of 127.0.0.0/8.
    if cfg!(target_os = "linux") {
        forms.push(answers_at(
            "the third of three answers",
            &["127.0.0.2", "127.0.0.3", "127.0.0.4"],
            2,
            "good morning",
        ));
        forms.push(answers_at("the first of three answers", &["127.0.0.5", "127.0.0.6", "127.0.0.7"], 0, "good day"));
        forms.push(nobody_answers(&["127.0.0.8", "127.0.0.9"]));
    }
    if Need::Ipv6.missing().is_none() {
        forms.push(answers_at("127.0.0.1 refuses, ::1 answers", &["127.0.0.1", "::1"], 1, "good evening"));
    }
    forms
}

/// The client prints what the server says.
fn greeted(greeting: &'static str) -> Rule {
    Rule::new("greeting", "your client prints what the service says", move |record| {
        if record.lines(CLIENT).iter().any(|line| line.contains(greeting)) {
            return Seen::Kept;
        }
        let said = record.complaints(CLIENT).into_iter().rev().find(|line| !line.trim().is_empty());
        let said = said.map(|line| format!(": {}", line.trim())).unwrap_or_default();
        Seen::Violated(match record.exit(CLIENT) {
            Some(exit) => format!("one of the addresses answers {greeting:?}, and your client {exit} without it{said}"),
            None => format!("one of the addresses answers {greeting:?}, and your client does not print it{said}"),
        })
    })
    .hint("try one address after the other until one answers, each with a socket of its own")
}

fn answers_at(name: &str, addresses: &'static [&'static str], which: usize, greeting: &'static str) -> Form {
    let play = move |stage: &mut Stage| conversation(stage, addresses, Some((which, greeting)));
    Form::new(name, play).rule(greeted(greeting))
}

fn nobody_answers(addresses: &'static [&'static str]) -> Form {
    let says_so = Rule::new("says-so", "if no address answers, your client ends with an error and says so", |record| {
        let silent = record.lines(CLIENT).is_empty() && record.complaints(CLIENT).is_empty();
        match record.exit(CLIENT) {
            Some(exit) if exit.is_success() => Seen::Violated(
                "no address answers, and your client ends with status 0, as if all had gone well".to_string(),
            ),
            Some(exit) if silent => {
                Seen::Violated(format!("no address answers, and your client {exit} and says nothing"))
            }
            Some(_) => Seen::Kept,
            None => Seen::Violated("no address answers, and your client does not end".to_string()),
        }
    });
    let play = move |stage: &mut Stage| conversation(stage, addresses, None);
    Form::new("no address answers", play).rule(says_so).allow(Allowed::Fails(CLIENT))
}

/// The lab itself listens at one of these addresses, or at none, and keeps everybody from the others.
fn conversation(stage: &mut Stage, addresses: &[&str], answers: Option<(usize, &'static str)>) -> anyhow::Result<()> {
    let ips = addresses.iter().map(|address| address.parse()).collect::<Result<Vec<IpAddr>, _>>()?;
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let silent = bound(here)?;
    let port = silent.local_addr()?.as_socket().map_or(0, |address| address.port());
    let mut kept = vec![silent];
    let mut service = None;
    for (place, ip) in ips.iter().enumerate() {
        let address = SocketAddr::new(*ip, port);
        match answers {
            Some((which, greeting)) if which == place => service = Some(Service::start(address, greeting)?),
            _ if *ip == here.ip() => {}
            _ => kept.push(bound(address)?),
        }
    }
    // The lab's own thread is the one that greets, and a busy machine may keep it waiting unseen.
    stage.patience(Duration::from_secs(8));
    stage.server_at(SocketAddr::new(here.ip(), port));
    let told = answers.map_or("nobody listens at any of the addresses".to_string(), |(which, _)| {
        format!("listens at {} and at no other address", addresses[which])
    });
    stage.step(SERVER, told);
    stage.client(addresses)?;
    stage.ends(CLIENT)?;
    drop(service);
    Ok(())
}

/// A socket that is bound and does not listen: whoever connects is refused, and nobody else can listen there meanwhile.
fn bound(address: SocketAddr) -> anyhow::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.bind(&address.into()).map_err(|error| Void(format!("{address} cannot be had: {error}")))?;
    Ok(socket)
}

/// Greets everybody and closes, until it is dropped.
struct Service {
    over: Arc<AtomicBool>,
    greets: Option<JoinHandle<()>>,
}

impl Service {
    fn start(address: SocketAddr, greeting: &'static str) -> anyhow::Result<Service> {
        const LOOK: Duration = Duration::from_millis(5);
        let listener = TcpListener::bind(address).map_err(|error| Void(format!("{address} cannot be had: {error}")))?;
        listener.set_nonblocking(true)?;
        let over = Arc::new(AtomicBool::new(false));
        let ends = over.clone();
        let greets = thread::Builder::new().spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                match listener.accept() {
                    // A client that has left again misses nothing.
                    Ok((mut stream, _)) => drop(stream.write_all(format!("{greeting}\n").as_bytes())),
                    Err(_) => thread::park_timeout(LOOK),
                }
            }
        })?;
        Ok(Service { over, greets: Some(greets) })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(greets) = self.greets.take() {
            let _ = greets.join();
        }
    }
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let _nobody = bound_and_silent(stage.address()?.port())?;
    stage.step(SERVER, "listens at 127.0.0.1; at ::1 nobody listens");
    stage.client(&ADDRESSES)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

/// A socket that is bound to ::1 and does not listen, so that nobody else can while the play goes on. Without IPv6 nobody
/// can anyway.
fn bound_and_silent(port: u16) -> anyhow::Result<Option<Socket>> {
    let socket = match Socket::new(Domain::IPV6, Type::STREAM, Some(Protocol::TCP)) {
        Ok(socket) => socket,
        Err(_) => return Ok(None),
    };
    match socket.bind(&SocketAddr::from((Ipv6Addr::LOCALHOST, port)).into()) {
        Ok(()) => Ok(Some(socket)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Err(Void("another program has this port at ::1".to_string()).into())
        }
        Err(_) => Ok(None),
    }
}

fn judge(record: &Record) -> Finding {
    let greeted = record.lines(SERVER).contains(&"a client was greeted");
    match (greeted, record.exit(CLIENT)) {
        (true, Some(exit)) if exit.is_success() => {
            Finding::Held("nobody answers at the first address, and the client is greeted at the second".to_string())
        }
        (false, Some(exit)) if !exit.is_success() => {
            Finding::Broke("the client gives up after the first address, and the server never hears of it".to_string())
        }
        (false, Some(_)) => Finding::Other("the client ends well, but it never reached the server".to_string()),
        (true, Some(_)) => Finding::Other("the client reached the server and failed all the same".to_string()),
        (_, None) => Finding::Other("the client does not end".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let lines = record.lines(CLIENT);
    let [first, second] = lines[..] else { return Finding::Other("the client did not try two addresses".to_string()) };
    if first.starts_with("::1 does not answer: ") && second.ends_with("(loopback): welcome") {
        Finding::Held("the client says why ::1 did not answer, and is let in at 127.0.0.1".to_string())
    } else {
        Finding::Other("the client did not say which address answers and which does not".to_string())
    }
}
