//! 守时 — which time it is for the office. The clock of a machine may jump: a battery is empty, somebody types a wrong year, a copy starts
//! on another machine. Nothing that is recorded can be unmade by putting the clock right again, so:
//!
//! * While the program runs, what the clock shows is held against a stopwatch. More than [`SMALL`] between the two is a jump. One of up to
//!   [`BELIEVED`] is believed (a clock that is set by the network is moved so); a larger one is not, and the office goes on with its own
//!   time, which is where it was and what the stopwatch says. Small ones do not add up: those believed in one direction within [`A_DAY`]
//!   are [`BELIEVED`] together at most, each direction counted by itself; and what is no jump is held against the same hour of the
//!   stopwatch for as long.
//! * At a start there is no stopwatch, only the last record. An office that was closed for some days (a holiday, a move, a repair) is no
//!   jump: what came due meanwhile is caught up at once. More than [`LONGEST_OUTAGE`], or before the last record, is not believed, and the
//!   office goes on from its last record. Where a vote would close by it, which nothing opens again, [`LONGEST_WITH_A_VOTE`] is believed
//!   at most: the program has no witness of its own, and a browser is none either, since anybody may bring one with a wrong clock.
//!
//! Not believed means: nothing is closed, lit or posted by what the clock shows, it is recorded and those who look after votes are told.
//! It ends when the clock is where the office is again, when a coordinator or administrator says that it is right (`/时钟 对`), or when a
//! platform with a clock of its own dates a message with the same time. Time never runs back in the record: where a clock that is right is
//! behind it, time stands still until it has caught up.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// What is no jump.
const SMALL: TimeDelta = TimeDelta::seconds(60);
/// A jump so large is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(10);
/// So long a jump that was believed counts.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// As long as an office may have been down: longer than the longest holidays.
const LONGEST_OUTAGE: TimeDelta = TimeDelta::days(14);
/// The same where a vote would close by it: longer than a weekend.
const LONGEST_WITH_A_VOTE: TimeDelta = TimeDelta::days(3);
/// A message is under way no longer than this when its date is taken for the time.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(5);

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noticed {
    /// A jump, and whether it is believed.
    Jump { expected: DateTime<Utc>, shown: DateTime<Utc>, taken: bool },
    /// A clock that was not believed is right, or came back.
    Settled { shown: DateTime<Utc>, is_right: bool },
}

/// The office's own time.
#[derive(Debug, Clone)]
pub(super) struct Timekeeper {
    /// The latest time of the office: it never runs back.
    latest: DateTime<Utc>,
    /// A time that was believed, and what the stopwatch said then.
    anchor: Option<(DateTime<Utc>, Duration)>,
    /// What the stopwatch says; `None` = there is none.
    felt: Option<Duration>,
    is_in_doubt: bool,
    /// How much earlier or later than the office a clock may be that is right again: the office does not know how long it was down.
    slack: (TimeDelta, TimeDelta),
    /// Jumps that were believed lately, and what the stopwatch said then.
    believed: Vec<(Duration, TimeDelta)>,
    /// How far the clock is ahead of the office.
    skew: TimeDelta,
}

impl Default for Timekeeper {
    fn default() -> Self {
        let latest = DateTime::UNIX_EPOCH;
        let (slack, skew) = ((-BELIEVED, BELIEVED), TimeDelta::zero());
        Self { latest, anchor: None, felt: None, is_in_doubt: false, slack, believed: Vec::new(), skew }
    }
}

impl Timekeeper {
    pub(super) fn latest(&self) -> DateTime<Utc> {
        self.latest
    }

    pub(super) fn skew(&self) -> TimeDelta {
        self.skew
    }

    /// What the stopwatch says.
    pub(super) fn feel(&mut self, felt: Duration) {
        self.felt = Some(felt);
    }

    /// Nothing is recorded before this.
    pub(super) fn not_before(&mut self, last: DateTime<Utc>) {
        self.latest = self.latest.max(last);
    }

    /// A start: the last record is all there is to hold the clock against. `was_in_doubt` = it was not believed when we went down.
    /// `closes` = a vote that was open then would close by what the clock shows.
    pub(super) fn begin(
        &mut self,
        last: DateTime<Utc>,
        shown: DateTime<Utc>,
        was_in_doubt: bool,
        closes: bool,
    ) -> Option<Noticed> {
        self.not_before(last);
        if last == DateTime::UNIX_EPOCH {
            return None;
        }
        let gap = shown - last;
        let longest = if closes { LONGEST_WITH_A_VOTE } else { LONGEST_OUTAGE };
        if (-BELIEVED..=longest).contains(&gap) {
            return was_in_doubt.then_some(Noticed::Settled { shown, is_right: false });
        }
        Some(self.doubt(last, shown, (-BELIEVED, longest)))
    }

    fn doubt(&mut self, own: DateTime<Utc>, shown: DateTime<Utc>, slack: (TimeDelta, TimeDelta)) -> Noticed {
        (self.is_in_doubt, self.slack) = (true, slack);
        self.anchor = Some((own, self.felt.unwrap_or_default()));
        self.keep(own, shown);
        Noticed::Jump { expected: own, shown, taken: false }
    }

    fn keep(&mut self, own: DateTime<Utc>, shown: DateTime<Utc>) -> DateTime<Utc> {
        self.latest = self.latest.max(own);
        self.skew = if self.is_in_doubt { shown - self.latest } else { TimeDelta::zero() };
        self.latest
    }

    /// What time it is, as the clock shows it, and whether that was to be noticed.
    pub(super) fn look(&mut self, shown: DateTime<Utc>) -> (DateTime<Utc>, Option<Noticed>) {
        let passed = |(at, then): (DateTime<Utc>, Duration)| {
            let since = self.felt?.checked_sub(then)?;
            Some(at + TimeDelta::from_std(since).ok()?)
        };
        let expected = self.anchor.and_then(passed);
        let own = expected.unwrap_or(self.latest);
        let drift = shown - own;
        if self.is_in_doubt {
            if (self.slack.0..=self.slack.1).contains(&drift) {
                return (self.follow(shown, drift), Some(Noticed::Settled { shown, is_right: false }));
            }
            let has_jumped = (drift - self.skew).abs() > BELIEVED;
            let noticed = has_jumped.then_some(Noticed::Jump { expected: own, shown, taken: false });
            return (self.keep(own, shown), noticed);
        }
        let Some(expected) = expected else { return (self.follow(shown, TimeDelta::zero()), None) };
        if drift.abs() <= SMALL {
            return (self.go_along(shown, drift), None);
        }
        let left = self.left();
        if (left.0..=left.1).contains(&drift) {
            return (self.follow(shown, drift), Some(Noticed::Jump { expected, shown, taken: true }));
        }
        let noticed = self.doubt(expected, shown, (left.0.min(-SMALL), left.1.max(SMALL)));
        (self.latest, Some(noticed))
    }

    /// How far back and ahead a jump may go that is believed, after those of the last day.
    fn left(&mut self) -> (TimeDelta, TimeDelta) {
        let felt = self.felt.unwrap_or_default();
        self.believed.retain(|(then, _)| felt.saturating_sub(*then) < A_DAY);
        let jumps = || self.believed.iter().map(|(_, jump)| *jump);
        let back: TimeDelta = jumps().filter(|jump| *jump < TimeDelta::zero()).sum();
        let ahead: TimeDelta = jumps().filter(|jump| *jump > TimeDelta::zero()).sum();
        (-BELIEVED - back, BELIEVED - ahead)
    }

    /// The clock is followed where it jumped to.
    fn follow(&mut self, shown: DateTime<Utc>, jump: TimeDelta) -> DateTime<Utc> {
        if jump.abs() > SMALL && jump.abs() <= BELIEVED {
            self.believed.push((self.felt.unwrap_or_default(), jump));
        }
        self.is_in_doubt = false;
        self.anchor = self.felt.map(|felt| (shown, felt));
        self.keep(shown, shown)
    }

    /// The clock goes as the stopwatch does. It is held against the same hour for a day, or many a second would add up unseen.
    fn go_along(&mut self, shown: DateTime<Utc>, drift: TimeDelta) -> DateTime<Utc> {
        let is_long_ago = self.anchor.zip(self.felt).is_none_or(|((_, then), felt)| felt.saturating_sub(then) >= A_DAY);
        if is_long_ago { self.follow(shown, drift) } else { self.keep(shown, shown) }
    }

    /// What the clock shows is right, by somebody's word: jumps count anew.
    pub(super) fn believe(&mut self, shown: DateTime<Utc>) -> DateTime<Utc> {
        self.believed.clear();
        self.follow(shown, TimeDelta::zero())
    }

    /// A platform dates what was just said; whether that shows that a clock nobody believed is right.
    pub(super) fn is_borne_out(&self, said: DateTime<Utc>, shown: DateTime<Utc>) -> bool {
        self.is_in_doubt && (shown - said).abs() <= UNDER_WAY
    }
}

#[cfg(test)]
mod tests {
    use super::{Noticed, Timekeeper};
    use chrono::{DateTime, TimeDelta, Utc};
    use std::time::Duration;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    const DAY: i64 = 24 * 60 * 60;

    /// Looks at a clock that shows so, after so many seconds by the stopwatch.
    fn look(keeper: &mut Timekeeper, felt: u64, shown: i64) -> (i64, Option<Noticed>) {
        keeper.feel(Duration::from_secs(felt));
        let (own, noticed) = keeper.look(at(shown));
        ((own - at(0)).num_seconds(), noticed)
    }

    #[test]
    fn what_the_office_believes_of_a_clock_that_jumps_while_it_runs() {
        // How far it jumps; whether it is noticed, believed, and what time it is then.
        for (jump, is_noticed, is_taken, own) in [
            (0, false, true, 100),
            (50, false, true, 150),
            (300, true, true, 400),
            (-300, true, true, 0),
            (3_600, true, false, 100),
            (-3_600, true, false, 100),
            (12 * 365 * DAY, true, false, 100),
            (-30 * DAY, true, false, 100),
        ] {
            let mut keeper = Timekeeper::default();
            assert_eq!(look(&mut keeper, 0, 0), (0, None));
            let (time, noticed) = look(&mut keeper, 100, 100 + jump);
            let taken = matches!(noticed, None | Some(Noticed::Jump { taken: true, .. }));
            assert_eq!((time, noticed.is_some(), taken), (own, is_noticed, is_taken), "{jump}");
            if !taken {
                assert_eq!(look(&mut keeper, 160, 160 + jump), (160, None), "told once, and time goes on: {jump}");
                let back = look(&mut keeper, 200, 200);
                assert_eq!(back, (200, Some(Noticed::Settled { shown: at(200), is_right: false })), "{jump}");
            }
        }
    }

    #[test]
    fn an_outage_is_caught_up_and_what_cannot_be_one_is_not() {
        for (gap, closes, is_believed) in [
            (10, false, true),
            (5 * DAY, false, true),
            (14 * DAY, false, true),
            (15 * DAY, false, false),
            (4_400 * DAY, false, false),
            (-30 * DAY, false, false),
            (10, true, true),
            (3 * DAY, true, true),
            (3 * DAY + 1, true, false),
            (14 * DAY, true, false),
        ] {
            let mut keeper = Timekeeper::default();
            let noticed = keeper.begin(at(0), at(gap), false, closes);
            assert_eq!(noticed.is_none(), is_believed, "{gap}");
            let own = look(&mut keeper, 60, gap + 60).0;
            assert_eq!(own, if is_believed { gap + 60 } else { 60 }, "{gap}");
        }
    }

    #[test]
    fn who_says_that_it_is_right_is_believed_and_time_never_runs_back() {
        let mut keeper = Timekeeper::default();
        keeper.begin(at(0), at(40 * DAY), false, false);
        assert!(keeper.is_borne_out(at(40 * DAY - 10), at(40 * DAY)) && !keeper.is_borne_out(at(5), at(40 * DAY)));
        keeper.believe(at(40 * DAY));
        assert_eq!(look(&mut keeper, 10, 40 * DAY + 10), (40 * DAY + 10, None));
        assert_eq!(look(&mut keeper, 20, 20).0, 40 * DAY + 20);
        keeper.believe(at(20));
        assert_eq!(look(&mut keeper, 30, 30).0, 40 * DAY + 20, "it stands still until the clock has caught up");
        assert_eq!(keeper.skew(), TimeDelta::zero());
    }

    const MINUTE: i64 = 60;

    #[test]
    fn small_jumps_do_not_add_up() {
        // Jumps in minutes, so many hours apart; how many of them are believed before the clock is in doubt, and how far they led.
        for (jumps, hours, believed, led) in [
            (&[8, 8, 8, 8, 8, 8][..], 2, 1, 8),
            (&[6, 10, 7, 9, 6, 8], 1, 1, 6),
            (&[3, 3, 3, 3, 3], 1, 3, 9),
            (&[2, 2, 2, 2, 2, 2], 3, 5, 10),
            (&[8, 8, 8], 25, 3, 24),
            (&[-6, -6, -6], 2, 1, -6),
            (&[6, -6, 6], 2, 2, 0),
        ] {
            let mut keeper = Timekeeper::default();
            assert_eq!(look(&mut keeper, 0, 0), (0, None));
            let (mut felt, mut off, mut taken, mut is_in_doubt) = (0, 0, 0, false);
            for jump in jumps {
                felt += hours * 60 * MINUTE;
                let before = off;
                off += jump * MINUTE;
                let (own, noticed) = look(&mut keeper, felt.unsigned_abs(), felt + off);
                match noticed {
                    Some(Noticed::Jump { taken: true, .. }) => taken += 1,
                    Some(Noticed::Jump { taken: false, .. }) => is_in_doubt = true,
                    other => panic!("{jumps:?}: {other:?}"),
                }
                if is_in_doubt {
                    assert_eq!(own, felt + before, "{jumps:?}: the office goes on by its own time");
                    let later = felt + 10 * MINUTE;
                    let stays = look(&mut keeper, later.unsigned_abs(), later + off);
                    assert_eq!(stays, (later + before, None), "{jumps:?}: it is not believed a look later either");
                    off = before;
                    break;
                }
            }
            assert_eq!((taken, off / MINUTE), (believed, led), "{jumps:?}");
        }
    }

    #[test]
    fn what_is_no_jump_does_not_add_up_unseen() {
        let mut keeper = Timekeeper::default();
        look(&mut keeper, 0, 0);
        let mut own = 0;
        for n in 1..=120_i64 {
            own = look(&mut keeper, n.unsigned_abs() * 600, n * 600 + n * 30).0;
        }
        assert!(own - 120 * 600 <= 11 * MINUTE, "half a minute every ten led {} s away", own - 120 * 600);
        // A clock that is a little fast is none that jumps.
        let mut keeper = Timekeeper::default();
        for n in 0..2_000 {
            let (felt, shown) = (n * 3_600, n * 3_600 + n);
            assert_eq!(look(&mut keeper, felt, i64::try_from(shown).unwrap()).1, None, "{n}");
        }
    }
}
