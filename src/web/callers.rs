//! 来人 — whose request it is, and how much one address may ask of us at once and in a while. An address is taken from what a proxy says
//! only where the proxy is one of ours (`[web] trusted_proxies`); of IPv6 the /64 counts, which is the least anybody gets.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Requests of one address that are answered at once.
const AT_ONCE: u32 = 32;
/// Requests one address may make in a row, and in a second from then on. A whole meeting room may stand behind one address.
const IN_A_ROW: f64 = 600.0;
const A_SECOND: f64 = 10.0;
/// Addresses remembered; beyond it those that have been still longest are forgotten.
const MOST: usize = 20_000;

/// What is said to one who asks too much, in both languages.
const BUSY: &str = include_str!("../../commands/pages/busy.txt");

/// The first bits of an IPv6 address.
pub(super) fn first(address: Ipv6Addr, bits: u32) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits))))
}

/// What one person surely has: an IPv4 address, or a /64.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) if address.is_loopback() => IpAddr::V6(address),
        IpAddr::V6(address) => first(address, 64),
    }
}

/// Proxies that say truly whose request they pass on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<(IpAddr, u32)>);

impl Proxies {
    /// Reads addresses (`10.0.0.2`, `::1`) and networks (`10.0.0.0/8`).
    ///
    /// # Errors
    /// The one that is neither.
    pub fn read(list: &[String]) -> Result<Self, String> {
        let one = |text: &String| {
            let (address, bits) = text.split_once('/').map_or((text.as_str(), None), |(at, bits)| (at, Some(bits)));
            let address: IpAddr = address.trim().parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(most), |bits| bits.trim().parse().ok().filter(|bits| *bits <= most))?;
            Some((address, bits))
        };
        list.iter().map(|text| one(text).ok_or_else(|| text.clone())).collect::<Result<_, _>>().map(Self)
    }

    fn has(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|(address, bits)| match (address, peer) {
            (IpAddr::V4(net), IpAddr::V4(peer)) => {
                (net.to_bits() ^ peer.to_bits()).checked_shr(32 - bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(peer)) => {
                (net.to_bits() ^ peer.to_bits()).checked_shr(128 - bits).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        })
    }

    /// Whose request it is: the other end of the connection; behind a proxy of ours, the last address on the way that is none of them.
    /// `None` where nobody knows: then addresses do not tell people apart.
    #[must_use]
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.has(peer) {
            return Some(peer);
        }
        let told = said(headers);
        for hop in told.iter().rev() {
            let hop: IpAddr = address_of(hop)?.to_canonical();
            if !self.has(hop) {
                return Some(hop);
            }
        }
        if told.is_empty() && !peer.is_loopback() { Some(peer) } else { None }
    }
}

/// The addresses a request is said to have come through, the first one first.
fn said(headers: &HeaderMap) -> Vec<String> {
    let all = |name: &str| -> Vec<String> {
        let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).map(|hop| hop.trim().to_owned()).collect()
    };
    let forwarded = all("x-forwarded-for");
    if !forwarded.is_empty() {
        return forwarded;
    }
    let of = |hop: String| {
        let mut pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
        let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"));
        found.map_or_else(String::new, |(_, value)| value.trim_matches('"').to_owned())
    };
    all("forwarded").into_iter().map(of).collect()
}

/// An address as proxies write it: bare, in brackets, with a port.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Whose request this is, as it is told to whoever answers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller(pub(super) Option<IpAddr>);

#[derive(Debug, Clone, Copy)]
struct Account {
    left: f64,
    since: Instant,
    at_once: u32,
}

/// What each address asks of us.
#[derive(Debug, Default)]
struct Accounts(HashMap<IpAddr, Account>);

impl Accounts {
    /// Counts a request; false if it is one too many.
    fn begin(&mut self, from: IpAddr, now: Instant) -> bool {
        let refilled =
            |account: &Account| (account.left + (now - account.since).as_secs_f64() * A_SECOND).min(IN_A_ROW);
        if self.0.len() >= MOST && !self.0.contains_key(&from) {
            self.0.retain(|_, account| account.at_once > 0 || refilled(account) < IN_A_ROW);
            if self.0.len() >= MOST {
                self.0.retain(|_, account| account.at_once > 0);
            }
        }
        let account = self.0.entry(from).or_insert(Account { left: IN_A_ROW, since: now, at_once: 0 });
        (account.left, account.since) = (refilled(account), now);
        if account.left < 1.0 || account.at_once >= AT_ONCE {
            return false;
        }
        account.left -= 1.0;
        account.at_once += 1;
        true
    }

    fn done(&mut self, from: IpAddr) {
        if let Some(account) = self.0.get_mut(&from) {
            account.at_once = account.at_once.saturating_sub(1);
        }
    }
}

struct Gate {
    proxies: Proxies,
    accounts: Mutex<Accounts>,
}

impl Gate {
    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whoever answers whose request it is, and lets no address ask too much.
pub fn limited(router: Router, proxies: Proxies) -> Router {
    let gate = Arc::new(Gate { proxies, accounts: Mutex::default() });
    router.layer(middleware::from_fn_with_state(gate, pass))
}

/// A request that is being answered.
struct Answering<'g>(&'g Gate, IpAddr);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.accounts().done(self.1);
    }
}

async fn pass(State(gate): State<Arc<Gate>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let from = peer.and_then(|peer| gate.proxies.caller(peer, request.headers()));
    request.extensions_mut().insert(Caller(from));
    let Some(from) = from.map(network) else { return next.run(request).await };
    if !gate.accounts().begin(from, Instant::now()) {
        let mut busy = Response::new(Body::from(BUSY));
        *busy.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        busy.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        return busy;
    }
    let _answering = Answering(&gate, from);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, Accounts, IN_A_ROW, MOST, Proxies};
    use axum::http::HeaderMap;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;
    use tokio::time::Instant;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn whose_request_it_is() {
        let own = ["127.0.0.1", "::1", "10.1.0.0/16", "fd00:5::/32"].map(str::to_owned);
        let proxies = Proxies::read(&own).unwrap();
        for (peer, name, value, wanted) in [
            ("203.0.113.7", "", "", Some("203.0.113.7")),
            ("203.0.113.7", "x-forwarded-for", "198.51.100.1", Some("203.0.113.7")),
            ("127.0.0.1", "x-forwarded-for", "10.0.0.1, 198.51.100.1", Some("198.51.100.1")),
            ("127.0.0.1", "x-forwarded-for", "6.6.6.6, 198.51.100.1, 10.1.2.3", Some("198.51.100.1")),
            ("10.1.0.2", "x-forwarded-for", "198.51.100.1", Some("198.51.100.1")),
            ("10.2.0.2", "x-forwarded-for", "198.51.100.1", Some("10.2.0.2")),
            ("192.168.1.9", "x-forwarded-for", "198.51.100.1", Some("192.168.1.9")),
            ("::1", "x-forwarded-for", "2001:db8::1", Some("2001:db8::1")),
            ("::1", "forwarded", "for=1.2.3.4, for=\"[2001:db8::1]:4711\";proto=https", Some("2001:db8::1")),
            ("fd00:5::9", "forwarded", "by=x;For=198.51.100.1:80", Some("198.51.100.1")),
            ("::ffff:127.0.0.1", "", "", None),
            ("127.0.0.1", "x-forwarded-for", "nonsense", None),
            ("127.0.0.1", "x-forwarded-for", "198.51.100.1, unknown", None),
            ("192.168.1.9", "", "", Some("192.168.1.9")),
            ("10.1.0.2", "", "", Some("10.1.0.2")),
        ] {
            let mut headers = HeaderMap::new();
            if !name.is_empty() {
                headers.insert(name, value.parse().unwrap());
            }
            assert_eq!(proxies.caller(ip(peer), &headers), wanted.map(ip), "{peer} {name}: {value}");
        }
        for wrong in ["", "localhost", "10.0.0.0/33", "::1/129", "10.0.0.0/-1"] {
            assert_eq!(Proxies::read(&[wrong.to_owned()]), Err(wrong.to_owned()));
        }
        assert!(Proxies::read(&["0.0.0.0/0".to_owned()]).unwrap().has(ip("9.9.9.9")));
    }

    #[test]
    fn one_who_asks_too_much_waits_and_nobody_else_does() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        let ask = |accounts: &mut Accounts, from: &str, at| {
            let begun = accounts.begin(ip(from), at);
            if begun {
                accounts.done(ip(from));
            }
            begun
        };
        let taken = (0..10_000).filter(|_| ask(&mut accounts, "203.0.113.7", now)).count();
        assert!((taken as f64 - IN_A_ROW).abs() < 1.0);
        assert!(ask(&mut accounts, "203.0.113.8", now));
        let later = now + Duration::from_secs(10);
        assert_eq!((0..10_000).filter(|_| ask(&mut accounts, "203.0.113.7", later)).count(), 100);
        let at_once = (0..100).filter(|_| accounts.begin(ip("203.0.113.9"), now)).count();
        assert_eq!(at_once, AT_ONCE as usize);
        for n in 0..100_000 {
            accounts.begin(IpAddr::V4(Ipv4Addr::from_bits(n)), now);
            accounts.done(IpAddr::V4(Ipv4Addr::from_bits(n)));
        }
        assert!(accounts.0.len() <= MOST);
        assert!(!accounts.begin(ip("203.0.113.9"), now), "who is being answered is not forgotten");
    }
}
