//! 配额 — what one chat takes from the bot: 30 messages a minute and 1,000 an hour, answers and what we say unasked together.
//!
//! A card must be changed within five seconds of a press, so some of both is kept for that; and of the rest some for answers, so that a
//! digest of many messages leaves nobody without one.
//! Source: <https://developer.work.weixin.qq.com/document/path/101463>.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

const MINUTE: u32 = 60;
const HOUR: u32 = 3_600;
/// Chats that are remembered; one that was quiet for an hour is not.
const MOST_CHATS: usize = 20_000;

/// For what a place is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A change to a card somebody has just pressed.
    Card,
    /// An answer.
    Answer,
    /// A digest, a notice, a result.
    Notice,
}

impl Wanted {
    /// Of a minute and of an hour; the network between us makes a little room wise.
    fn places(self) -> (usize, usize) {
        match self {
            Self::Card => (28, 960),
            Self::Answer => (22, 860),
            Self::Notice => (15, 700),
        }
    }
}

/// What every chat was told within the hour.
#[derive(Debug, Default)]
pub struct Budget {
    sent: HashMap<String, VecDeque<u32>>,
}

impl Budget {
    /// Takes a place. `now` is that of a stopwatch.
    ///
    /// # Errors
    /// So long it is until there may be one.
    pub fn take(&mut self, chat: &str, wanted: Wanted, now: Duration) -> Result<(), Duration> {
        let now = u32::try_from(now.as_secs()).unwrap_or(u32::MAX);
        self.forget(chat, now);
        let sent = self.sent.entry(chat.to_owned()).or_default();
        let (minute, hour) = wanted.places();
        // The one that has to be over before there is a place again.
        let blocking = |places: usize, window: u32| {
            let at = sent.len().checked_sub(places).and_then(|over| sent.get(over))?;
            Some(at + window).filter(|free| *free > now)
        };
        if let Some(free) = blocking(minute, MINUTE).max(blocking(hour, HOUR)) {
            return Err(Duration::from_secs(u64::from(free - now)));
        }
        sent.push_back(now);
        Ok(())
    }

    /// What is longer ago than an hour counts no more; nor does a chat, where there are too many.
    fn forget(&mut self, chat: &str, now: u32) {
        let is_over = |at: &u32| at + HOUR <= now;
        if let Some(sent) = self.sent.get_mut(chat) {
            while sent.front().is_some_and(is_over) {
                sent.pop_front();
            }
        } else if self.sent.len() >= MOST_CHATS {
            self.sent.retain(|_, sent| sent.back().is_some_and(|at| !is_over(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Wanted};
    use std::time::Duration;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// How many go at a moment.
    fn gone(budget: &mut Budget, wanted: Wanted, at: u64) -> usize {
        (0..2_000).take_while(|_| budget.take("g", wanted, seconds(at)).is_ok()).count()
    }

    #[test]
    fn a_digest_leaves_room_for_answers_and_answers_for_cards() {
        let mut budget = Budget::default();
        assert_eq!(gone(&mut budget, Wanted::Notice, 0), 15);
        assert_eq!(gone(&mut budget, Wanted::Answer, 1), 7);
        assert_eq!(gone(&mut budget, Wanted::Card, 2), 6);
        assert_eq!(budget.take("g", Wanted::Card, seconds(59)), Err(seconds(1)));
        assert_eq!(budget.take("other", Wanted::Notice, seconds(59)), Ok(()), "another chat is not held up");
        assert_eq!(gone(&mut budget, Wanted::Card, 60), 15);
    }

    #[test]
    fn no_minute_has_more_than_thirty_and_no_hour_more_than_a_thousand() {
        let mut budget = Budget::default();
        let mut sent: Vec<u64> = Vec::new();
        for at in 0..3 * 3_600 {
            for wanted in [Wanted::Notice, Wanted::Answer, Wanted::Card] {
                sent.extend((0..3).filter(|_| budget.take("g", wanted, seconds(at)).is_ok()).map(|_| at));
            }
        }
        let most = |window: u64| {
            sent.iter().map(|from| sent.iter().filter(|at| (*from..from + window).contains(*at)).count()).max()
        };
        assert!(most(60) <= Some(30) && most(3_600) <= Some(1_000), "{:?} {:?}", most(60), most(3_600));
        assert!(sent.len() > 2_000, "and it goes on");
        // How long to wait is told so that there is a place then.
        let wait = budget.take("g", Wanted::Notice, seconds(10_800)).unwrap_err();
        assert_eq!(budget.take("g", Wanted::Notice, seconds(10_800) + wait), Ok(()));
    }

    #[test]
    fn what_is_quiet_is_forgotten() {
        let mut budget = Budget::default();
        for n in 0..30_000_u32 {
            budget.take(&n.to_string(), Wanted::Notice, seconds(u64::from(n))).unwrap();
        }
        assert!(budget.sent.len() <= 20_000, "{}", budget.sent.len());
    }
}
