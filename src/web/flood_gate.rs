//! 门槛 — how much strangers may hand in through a page (扫码点单). One of them, whatever cookies and names they make up, has the share of
//! their address; all of them together have the share of the station and of the office. So one who floods neither fills the disk nor
//! takes the form away from others. Counted in memory: after a restart everybody starts anew.

use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use std::net::IpAddr;

use super::callers::{first, network};

/// Forms from one address in a minute, an hour and a day. A whole meeting room may stand behind one address, and does not press as one.
const AN_ADDRESS: [u32; 3] = [12, 60, 200];
/// From all addresses somebody may have been given together (IPv6, /48).
const A_SITE: [u32; 3] = [40, 300, 1_000];
/// At one station.
const A_STATION: [u32; 3] = [40, 300, 600];
/// At all of them: some 20 MB a day at most.
const THE_OFFICE: [u32; 3] = [200, 1_000, 3_000];
/// What those shares are of.
const LENGTHS: [Duration; 3] = [Duration::minutes(1), Duration::hours(1), Duration::days(1)];
/// Bodies read at once, from one address and from all.
const AT_ONCE: [usize; 2] = [8, 128];
/// Addresses and stations remembered; beyond it those whose hour is over are forgotten.
const MOST: usize = 20_000;

/// Whom forms are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Share {
    /// One address: of IPv6 the /64, which is the least anybody gets.
    Address(IpAddr),
    /// The /48 it lies in.
    Site(IpAddr),
    /// A station, by number.
    Station(u32),
    /// Everybody.
    Office,
}

impl Share {
    fn most(self) -> [u32; 3] {
        match self {
            Self::Address(_) => AN_ADDRESS,
            Self::Site(_) => A_SITE,
            Self::Station(_) => A_STATION,
            Self::Office => THE_OFFICE,
        }
    }
}

/// Forms in the minute, the hour and the day that began then.
#[derive(Debug, Clone, Copy)]
struct Spent {
    since: [DateTime<Utc>; 3],
    forms: [u32; 3],
}

impl Spent {
    fn new(now: DateTime<Utc>) -> Self {
        Self { since: [now; 3], forms: [0; 3] }
    }

    /// As it stands now: what is over counts no more.
    fn at(mut self, now: DateTime<Utc>) -> Self {
        for (i, length) in LENGTHS.into_iter().enumerate() {
            // A clock that was set back begins anew, too.
            if now - self.since[i] >= length || now < self.since[i] {
                self.since[i] = now;
                self.forms[i] = 0;
            }
        }
        self
    }

    /// How long until another is within these shares; `None` = it is now.
    fn wait(&self, most: [u32; 3], now: DateTime<Utc>) -> Option<Duration> {
        let all = LENGTHS.into_iter().zip(self.since).zip(self.forms.into_iter().zip(most));
        all.filter(|(_, (forms, most))| forms >= most).map(|((length, since), _)| since + length - now).max()
    }
}

/// What strangers have handed in lately, and how many of them are being listened to.
#[derive(Debug, Default)]
pub(super) struct Gate {
    spent: HashMap<Share, Spent>,
    reading: HashMap<Option<IpAddr>, usize>,
}

impl Gate {
    /// Counts a form, if everybody it counts for may hand in another. `from` = the address, where it tells people apart.
    ///
    /// # Errors
    /// How long it is until they may.
    pub(super) fn admit(&mut self, from: Option<IpAddr>, station: u32, now: DateTime<Utc>) -> Result<(), Duration> {
        self.forget(now);
        let site = from.and_then(site);
        let mut shares = vec![Share::Station(station), Share::Office];
        shares.extend(from.map(|from| Share::Address(network(from))));
        shares.extend(site.map(Share::Site));
        let spent = |share: &Share| self.spent.get(share).map_or(Spent::new(now), |spent| spent.at(now));
        let all: Vec<(Share, Spent)> = shares.iter().map(|share| (*share, spent(share))).collect();
        if let Some(wait) = all.iter().filter_map(|(share, spent)| spent.wait(share.most(), now)).max() {
            return Err(wait);
        }
        for (share, mut spent) in all {
            spent.forms = spent.forms.map(|n| n + 1);
            self.spent.insert(share, spent);
        }
        Ok(())
    }

    /// Forgets what is over; where more than [`MOST`] are left, first those that spent least of a day.
    fn forget(&mut self, now: DateTime<Utc>) {
        if self.spent.len() < MOST {
            return;
        }
        self.spent.retain(|_, spent| spent.at(now).forms[2] > 0);
        for least in 1.. {
            if self.spent.len() < MOST {
                return;
            }
            let lasting = |share: &Share| matches!(share, Share::Station(_) | Share::Office);
            self.spent.retain(|share, spent| lasting(share) || spent.forms[2] > least);
            if least > A_SITE[2] {
                return;
            }
        }
    }

    /// Begins to read a body, if not too many are being read. What began ends with [`Gate::done`].
    pub(super) fn begin(&mut self, from: Option<IpAddr>) -> bool {
        let from = from.map(network);
        let all: usize = self.reading.values().sum();
        let of_one = self.reading.get(&from).copied().unwrap_or_default();
        if all >= AT_ONCE[1] || (from.is_some() && of_one >= AT_ONCE[0]) {
            return false;
        }
        self.reading.insert(from, of_one + 1);
        true
    }

    /// A body was read, or not.
    pub(super) fn done(&mut self, from: Option<IpAddr>) {
        let from = from.map(network);
        match self.reading.get(&from).copied() {
            Some(n) if n > 1 => self.reading.insert(from, n - 1),
            Some(_) | None => self.reading.remove(&from),
        };
    }
}

/// What one person may have at most.
fn site(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(first(address, 48)),
    }
}

#[cfg(test)]
mod tests {
    use super::{A_STATION, AN_ADDRESS, AT_ONCE, Gate, MOST, THE_OFFICE};
    use chrono::{DateTime, Duration, Utc};
    use std::net::{IpAddr, Ipv4Addr};

    const START: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_who_floods_uses_up_their_own_share_and_nobody_elses() {
        let mut gate = Gate::default();
        let taken =
            |gate: &mut Gate, from, at| (0..1_000).filter(|_| gate.admit(Some(ip(from)), 1, at).is_ok()).count();
        assert_eq!(taken(&mut gate, "203.0.113.7", START), AN_ADDRESS[0] as usize, "a minute's share");
        assert!(gate.admit(Some(ip("203.0.113.8")), 1, START).is_ok(), "the neighbour");
        let minutes: usize =
            (1..60).map(|minute| taken(&mut gate, "203.0.113.7", START + Duration::minutes(minute))).sum();
        assert_eq!(minutes, (AN_ADDRESS[1] - AN_ADDRESS[0]) as usize, "an hour's share");
        let rest = (60..24 * 60).map(|minute| taken(&mut gate, "203.0.113.7", START + Duration::minutes(minute)));
        assert_eq!(rest.sum::<usize>(), (AN_ADDRESS[2] - AN_ADDRESS[1]) as usize, "a day's share");
        let evening = START + Duration::hours(23);
        assert_eq!(gate.admit(Some(ip("203.0.113.7")), 1, evening), Err(Duration::hours(1)), "and when there is more");
        assert!(gate.admit(Some(ip("203.0.113.7")), 1, START + Duration::hours(24)).is_ok());
    }

    #[test]
    fn new_addresses_of_one_network_are_one_address() {
        let mut gate = Gate::default();
        let n = (0..1_000).filter(|n| gate.admit(Some(ip(&format!("2001:db8:1:2::{n:x}"))), 1, START).is_ok()).count();
        assert_eq!(n, AN_ADDRESS[0] as usize);
        let nets =
            (0..10_000).filter(|n| gate.admit(Some(ip(&format!("2001:db8:2:{n:x}::1"))), 2, START).is_ok()).count();
        assert_eq!(nets, super::A_SITE[0] as usize, "every /64 of a /48");
        assert!(gate.admit(Some(ip("2001:db8:3::1")), 3, START).is_ok());
        assert!(gate.admit(Some(ip("::ffff:203.0.113.7")), 2, START).is_err(), "the station has had its share");
    }

    #[test]
    fn a_crowd_uses_up_a_station_then_the_office_and_a_day_is_bounded() {
        let mut gate = Gate::default();
        let from = |n: u32| Some(IpAddr::V4(Ipv4Addr::from_bits(0xCB00_0000 + n)));
        let at_one = (0..50_000).filter(|n| gate.admit(from(*n), 1, START).is_ok()).count();
        assert_eq!(at_one, A_STATION[0] as usize);
        assert!(gate.admit(from(1), 2, START).is_ok(), "another station goes on");
        let mut day = 0;
        for minute in 0..24 * 60 {
            let at = START + Duration::minutes(minute);
            day += (0..100)
                .filter(|n| gate.admit(from(100_000 + u32::try_from(minute).unwrap() * 100 + n), n % 50, at).is_ok())
                .count();
        }
        let before = at_one + 1;
        assert!(day + before <= THE_OFFICE[2] as usize, "{day}");
        assert!(gate.spent.len() <= MOST + 4, "{}", gate.spent.len());
    }

    #[test]
    fn few_are_listened_to_at_once_and_an_end_makes_room() {
        let (mut gate, one) = (Gate::default(), Some(ip("203.0.113.7")));
        assert_eq!((0..100).filter(|_| gate.begin(one)).count(), AT_ONCE[0]);
        assert!(gate.begin(Some(ip("203.0.113.8"))));
        gate.done(one);
        assert!(gate.begin(one) && !gate.begin(one));
        assert_eq!((0..1_000).filter(|_| gate.begin(None)).count(), AT_ONCE[1] - AT_ONCE[0] - 1);
    }
}
