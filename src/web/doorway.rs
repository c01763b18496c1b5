//! 门口 — the one way in which the program's port is served. Whoever connects has so long for a head, a body, the next request, and to take
//! an answer; and there are fewer places than descriptors, so that what the program itself must open (the ledger, posts to a platform) always
//! has its own. When all places are taken, whoever has kept theirs waiting longest makes room: a connection that gets on with its request is
//! never the one, so that neither the probe nor a platform's posts are locked out, however many others do nothing.
//!
//! | what it does | how long | makes room for others |
//! |---|---|---|
//! | has come, and we have not looked yet | [`WORK`] | never |
//! | sends a head | [`HEAD`] | yes |
//! | sends a body | [`BODY`] | yes |
//! | waits for us | [`WORK`] | never |
//! | takes an answer | [`ANSWER`], and [`STALL`] without taking any of it | yes, once it stalls |
//! | listens to events (the built-in chat) | as long as it takes them | once it stalls |
//! | keeps the line for another request | [`IDLE`] | yes |

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::callers::network;

/// Time for the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// Time for a body. What reads it says so itself a little earlier (`request_body`).
const BODY: Duration = Duration::from_secs(20);
/// Time we have for an answer.
const WORK: Duration = Duration::from_secs(60);
/// Time to take an answer, and longest without taking any of it.
const ANSWER: Duration = Duration::from_secs(120);
const STALL: Duration = Duration::from_secs(10);
/// How long a line is kept for another request.
const IDLE: Duration = Duration::from_secs(15);
/// How often a connection is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// When to ask again whether one can go, where nobody can.
const SOON: Duration = Duration::from_millis(20);
/// Largest head, in bytes and in fields.
const HEAD_BYTES: usize = 16 * 1024;
const HEAD_FIELDS: usize = 64;
/// Answers nobody takes, of all together, in bytes: beyond it the largest is dropped.
const UNTAKEN: u64 = 32 * 1024 * 1024;
/// Descriptors for everything but connections: at least so many, and a quarter of all.
const OWN: usize = 96;
/// Descriptors where the system does not tell.
const USUAL: usize = 1_024;
/// More connections than this are never needed.
const MOST: usize = 8_192;
/// Connections of one address: enough for a platform that posts (Telegram: 40), and an eighth of all.
const OF_ONE: usize = 48;

/// How many connections there is room for with so many descriptors.
fn room(descriptors: usize) -> usize {
    let own = (descriptors / 4).max(OWN);
    descriptors.saturating_sub(own).clamp(8, MOST)
}

/// Descriptors this process may open.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    soft.map_or(USUAL, |soft| soft.parse().unwrap_or(MOST * 2))
}

/// What a connection is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It may have said all it wants long ago: it is we who have not read it.
    New,
    Head,
    Body,
    Work,
    Answer,
    Events,
    Idle,
}

#[derive(Debug)]
struct At {
    phase: Phase,
    since: Instant,
    /// When its request was there.
    asked: Instant,
    /// Something was taken of what we sent.
    taken: Instant,
    /// Since when it takes nothing of what we send.
    stalled: Option<Instant>,
    /// Length of its answer.
    owed: u64,
    /// It was told to go.
    leaves: bool,
}

impl At {
    fn new(now: Instant) -> Self {
        Self { phase: Phase::New, since: now, asked: now, taken: now, stalled: None, owed: 0, leaves: false }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    /// Until when it may go on as it does.
    fn deadline(&self) -> Option<Instant> {
        let own = match self.phase {
            Phase::Head => Some(self.since + HEAD),
            Phase::Body => Some(self.since + BODY),
            Phase::New | Phase::Work => Some(self.since + WORK),
            Phase::Answer => Some(self.asked + ANSWER),
            Phase::Events => None,
            // What was answered may still be on its way.
            Phase::Idle => Some((self.since.max(self.taken) + IDLE).min(self.since + ANSWER)),
        };
        [own, self.stalled.map(|since| since + STALL)].into_iter().flatten().min()
    }

    /// Since when others have waited because of it; `None` = it is we who are at work.
    fn idle_since(&self) -> Option<Instant> {
        if self.leaves {
            return None;
        }
        match self.phase {
            Phase::Head | Phase::Body => Some(self.since),
            Phase::Idle => Some(self.stalled.map_or(self.since, |_| self.asked)),
            Phase::Answer => self.stalled.map(|_| self.asked),
            Phase::Events => self.stalled,
            Phase::New | Phase::Work => None,
        }
    }
}

/// One connection.
#[derive(Debug)]
struct Seat {
    no: u64,
    from: IpAddr,
    at: Mutex<At>,
    go: Notify,
}

impl Seat {
    fn at(&self) -> MutexGuard<'_, At> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send_away(&self) {
        self.at().leaves = true;
        self.go.notify_one();
    }
}

/// All connections.
#[derive(Debug)]
struct Hall {
    most: usize,
    seats: Mutex<BTreeMap<u64, Arc<Seat>>>,
    next: AtomicU64,
    freed: Notify,
    /// Length of all answers that may not have been taken yet.
    owed: AtomicU64,
}

impl Hall {
    fn new(most: usize) -> Self {
        Self { most, seats: Mutex::default(), next: AtomicU64::new(0), freed: Notify::new(), owed: AtomicU64::new(0) }
    }

    fn seats(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn len(&self) -> usize {
        self.seats().len()
    }

    /// Sends away whoever has kept others waiting longest, of one address or of all. False if all wait for us.
    fn make_room(&self, of: Option<IpAddr>) -> bool {
        let seats = self.seats();
        let all = seats.values().filter(|seat| of.is_none_or(|of| seat.from == of));
        let waiting = all.filter_map(|seat| Some((seat.at().idle_since()?, seat)));
        match waiting.min_by_key(|(since, seat)| (*since, seat.no)) {
            Some((_, seat)) => {
                seat.send_away();
                true
            }
            None => seats.values().any(|seat| seat.at().leaves),
        }
    }

    /// A place for somebody who connects, once there is one: where all wait for us, so does whoever comes, rather than being cut off. `None`
    /// if they are one too many of their address.
    async fn seat(self: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let from = network(from);
        // A proxy on this machine is everybody.
        let few = (self.most / 8).max(OF_ONE).min(self.most / 2);
        let is_full = |hall: &Self| {
            let of_one = || hall.seats().values().filter(|seat| seat.from == from && !seat.at().leaves).count();
            !from.is_loopback() && of_one() >= few
        };
        if is_full(self) && !self.make_room(Some(from)) {
            return None;
        }
        while self.len() >= self.most {
            let until = if self.make_room(None) { LOOK } else { SOON };
            let _ = tokio::time::timeout(until, self.freed.notified()).await;
        }
        let no = self.next.fetch_add(1, Ordering::Relaxed);
        let seat = Arc::new(Seat { no, from, at: Mutex::new(At::new(Instant::now())), go: Notify::new() });
        self.seats().insert(no, Arc::clone(&seat));
        Some(Place { hall: Arc::clone(self), seat })
    }

    /// Notes the length of an answer in place of the one before it.
    fn owe(&self, at: &mut At, length: u64) {
        self.owed.fetch_add(length, Ordering::Relaxed);
        self.owed.fetch_sub(std::mem::replace(&mut at.owed, length), Ordering::Relaxed);
    }

    /// Drops the largest answers nobody takes, where they are too much.
    fn relieve(&self) {
        if self.owed.load(Ordering::Relaxed) <= UNTAKEN {
            return;
        }
        let seats = self.seats();
        let mut untaken: Vec<(u64, &Arc<Seat>)> = Vec::new();
        for seat in seats.values() {
            let at = seat.at();
            if at.stalled.is_some() && !at.leaves {
                untaken.push((at.owed, seat));
            }
        }
        let mut sum: u64 = untaken.iter().map(|(owed, _)| owed).sum();
        untaken.sort_by_key(|(owed, _)| *owed);
        while let Some((owed, seat)) = untaken.pop().filter(|_| sum > UNTAKEN) {
            seat.send_away();
            sum -= owed;
        }
    }
}

/// A place that is free again when this goes.
struct Place {
    hall: Arc<Hall>,
    seat: Arc<Seat>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hall.owe(&mut self.seat.at(), 0);
        self.hall.seats().remove(&self.seat.no);
        self.hall.freed.notify_one();
    }
}

/// The port, open.
pub struct Doorway {
    listener: TcpListener,
    hall: Arc<Hall>,
}

/// Connections that may wait to be taken in. Whoever finds the queue full tries again a second later, and the probe would be late.
const QUEUE: u32 = 4_096;

/// The port as it is kept while the office behind it is opened anew.
#[derive(Default)]
pub struct Port(Option<std::net::TcpListener>);

impl Port {
    /// Whether it has not been opened yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.0.is_none()
    }
}

impl Doorway {
    /// Opens a port, with as much room as the process has descriptors for.
    ///
    /// # Errors
    /// As the system has them.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        Self::on(&mut Port::default(), address)
    }

    /// The same on a port that was opened before, if it was: whoever comes in between waits and is not turned away.
    ///
    /// # Errors
    /// As the system has them.
    pub fn on(port: &mut Port, address: SocketAddr) -> io::Result<Self> {
        let own = match &port.0 {
            Some(own) => own.try_clone()?,
            None => {
                let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
                socket.set_reuseaddr(true)?;
                socket.bind(address)?;
                port.0.insert(socket.listen(QUEUE)?.into_std()?).try_clone()?
            }
        };
        Ok(Self { listener: TcpListener::from_std(own)?, hall: Arc::new(Hall::new(room(descriptors()))) })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// As the system has them.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Connections there is room for.
    #[must_use]
    pub fn room(&self) -> usize {
        self.hall.most
    }

    /// Answers requests until it is told to stop and the last of them is done.
    pub async fn serve(self, app: Router, mut stopped: watch::Receiver<bool>) {
        let Self { listener, hall } = self;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stopped.wait_for(|stopped| *stopped) => break,
            };
            let (line, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // No descriptor left, though that should not be: somebody has to go.
                    tracing::warn!(%error, "a connection could not be accepted");
                    hall.make_room(None);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            if let Some(place) = hall.seat(peer.ip()).await {
                tokio::spawn(attend(line, peer, app.clone(), place, stopped.clone()));
            }
        }
        drop(listener);
        while hall.len() > 0 {
            let _ = tokio::time::timeout(LOOK, hall.freed.notified()).await;
        }
    }
}

/// Serves one connection to its end, or until its time is over.
async fn attend(line: TcpStream, peer: SocketAddr, app: Router, place: Place, mut stopped: watch::Receiver<bool>) {
    let _ = line.set_nodelay(true);
    let seat = Arc::clone(&place.seat);
    let hall = Arc::clone(&place.hall);
    let answering = Arc::clone(&seat);
    let app = TowerToHyperService::new(app);
    let service =
        service_fn(move |request| answer(app.clone(), request, peer, Arc::clone(&answering), Arc::clone(&hall)));
    let mut server = http1::Builder::new();
    server.max_buf_size(HEAD_BYTES).max_headers(HEAD_FIELDS);
    let served = server.serve_connection(Line { line: TokioIo::new(line), seat: Arc::clone(&seat) }, service);
    tokio::pin!(served);
    let (mut looks, mut is_open) = (tokio::time::interval(LOOK), true);
    loop {
        tokio::select! {
            _ = &mut served => return,
            () = seat.go.notified() => return,
            _ = looks.tick() => {
                if seat.at().deadline().is_some_and(|until| until <= Instant::now()) {
                    return;
                }
            }
            _ = stopped.wait_for(|stopped| *stopped), if is_open => {
                is_open = false;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Has one request answered, noting what the connection is at.
async fn answer(
    app: TowerToHyperService<Router>,
    request: Request<Incoming>,
    peer: SocketAddr,
    seat: Arc<Seat>,
    hall: Arc<Hall>,
) -> Result<Response<Body>, Infallible> {
    let has_body = !request.body().is_end_stream();
    {
        let mut at = seat.at();
        at.enter(if has_body { Phase::Body } else { Phase::Work });
        at.asked = at.since;
        hall.owe(&mut at, 0);
    }
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(ConnectInfo(peer));
    let body = Body::new(Given { body, seat: Arc::clone(&seat) });
    let answer = app.call(Request::from_parts(parts, body)).await?;
    let (parts, body) = answer.into_parts();
    let is_events = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    if is_events && hall.events() >= hall.most / 2 {
        let mut full = Response::new(Body::empty());
        *full.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return Ok(full);
    }
    {
        let mut at = seat.at();
        at.enter(if is_events { Phase::Events } else { Phase::Answer });
        hall.owe(&mut at, body.size_hint().lower());
    }
    hall.relieve();
    Ok(Response::from_parts(parts, Body::new(Told { body, seat })))
}

impl Hall {
    /// Connections that listen to events.
    fn events(&self) -> usize {
        self.seats().values().filter(|seat| seat.at().phase == Phase::Events).count()
    }
}

/// A body that is being sent to us.
struct Given {
    body: Incoming,
    seat: Arc<Seat>,
}

impl HttpBody for Given {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) || (polled.is_ready() && self.body.is_end_stream()) {
            let mut at = self.seat.at();
            if at.phase == Phase::Body {
                at.enter(Phase::Work);
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer on its way.
struct Told {
    body: Body,
    seat: Arc<Seat>,
}

impl HttpBody for Told {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.seat.at().enter(Phase::Idle);
    }
}

/// The line itself, which tells when something goes over it.
struct Line {
    line: TokioIo<TcpStream>,
    seat: Arc<Seat>,
}

impl Line {
    fn wrote(&self, polled: &Poll<io::Result<usize>>) {
        let (mut at, now) = (self.seat.at(), Instant::now());
        match polled {
            Poll::Ready(_) => (at.stalled, at.taken) = (None, now),
            Poll::Pending => at.stalled = at.stalled.or(Some(now)),
        }
    }
}

impl Read for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.line).poll_read(cx, buf);
        let mut at = self.seat.at();
        if at.phase == Phase::New || (at.phase == Phase::Idle && polled.is_ready()) {
            at.enter(Phase::Head);
        }
        drop(at);
        polled
    }
}

impl Write for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.line).poll_write(cx, bytes);
        self.wrote(&polled);
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.line.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.line).poll_write_vectored(cx, bytes);
        self.wrote(&polled);
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Hall, OF_ONE, Phase, room};
    use std::net::IpAddr;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn there_are_always_descriptors_for_ourselves() {
        for (all, connections) in [(64, 8), (256, 160), (1_024, 768), (65_536, 8_192)] {
            assert_eq!(room(all), connections, "{all}");
        }
    }

    #[tokio::test]
    async fn whoever_keeps_others_waiting_longest_makes_room_and_who_is_answered_stays() {
        let hall = Arc::new(Hall::new(4));
        let peer = |n: u8| IpAddr::from([203, 0, 113, n]);
        let mut places = Vec::new();
        for (n, phase) in [(0, Phase::Work), (1, Phase::Head), (2, Phase::Body), (3, Phase::Idle)] {
            let place = hall.seat(peer(n)).await.unwrap();
            place.seat.at().enter(phase);
            places.push(place);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for gone in [1, 2, 3] {
            assert!(hall.make_room(None));
            let leaves: Vec<bool> = places.iter().map(|place| place.seat.at().leaves).collect();
            assert_eq!(leaves, (0..4).map(|n| n != 0 && n <= gone).collect::<Vec<_>>());
        }
        places.truncate(1);
        assert_eq!(hall.len(), 1);
        assert!(!hall.make_room(None), "who is being answered is not sent away");
    }

    /// A burst that fills all places before anybody was looked at: nobody is cut off, and whoever comes next has a place as soon as one of
    /// them was read and has nothing to say.
    #[tokio::test]
    async fn who_was_not_looked_at_is_not_sent_away_and_who_comes_next_waits() {
        let hall = Arc::new(Hall::new(2));
        let peer = |n: u8| IpAddr::from([203, 0, 113, n]);
        let (first, second) = (hall.seat(peer(1)).await.unwrap(), hall.seat(peer(2)).await.unwrap());
        let next = tokio::spawn({
            let hall = Arc::clone(&hall);
            async move { hall.seat(peer(3)).await.is_some() }
        });
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(!first.seat.at().leaves && !second.seat.at().leaves && !next.is_finished());
        first.seat.at().enter(Phase::Head);
        first.seat.go.notified().await;
        assert!(first.seat.at().leaves && !second.seat.at().leaves);
        drop(first);
        assert!(next.await.unwrap());
    }

    #[tokio::test]
    async fn one_address_does_not_take_all_places() {
        let hall = Arc::new(Hall::new(400));
        let mut places = Vec::new();
        for _ in 0..100 {
            let place = hall.seat(IpAddr::from([203, 0, 113, 7])).await.unwrap();
            place.seat.at().enter(Phase::Head);
            places.push(place);
        }
        let staying = places.iter().filter(|place| !place.seat.at().leaves).count();
        assert_eq!(staying, OF_ONE + 2, "an eighth");
        let busy = hall.seat(IpAddr::from([203, 0, 113, 8])).await;
        assert!(busy.is_some_and(|place| !place.seat.at().leaves));
    }

    #[test]
    fn everything_has_its_time() {
        let now = Instant::now();
        for (phase, stalled, seconds) in [
            (Phase::New, false, Some(60)),
            (Phase::Head, false, Some(5)),
            (Phase::Body, false, Some(20)),
            (Phase::Work, false, Some(60)),
            (Phase::Answer, false, Some(120)),
            (Phase::Answer, true, Some(10)),
            (Phase::Idle, false, Some(15)),
            (Phase::Events, false, None),
            (Phase::Events, true, Some(10)),
        ] {
            let at = At { phase, stalled: stalled.then_some(now), ..At::new(now) };
            assert_eq!(at.deadline().map(|until| (until - now).as_secs()), seconds, "{phase:?} {stalled}");
        }
    }
}
