//! 限次 — six commands a person and minute; the seventh is answered once, then silence until the minute is over
//! (commands.md §9.1). One hint in ten minutes for what nobody understood, the same refusal twice in a group, and five wrong codes a
//! day. Kept in memory: after a restart everybody starts anew.

use crate::domain::kernel::say::Say;
use crate::domain::people::invitation_code::refused;
use crate::domain::people::lately::fingerprint;
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::{HashMap, VecDeque};

/// Commands a person may send in a minute, talk and refused ones included.
pub const COMMANDS_A_MINUTE: usize = 6;

/// Wrong codes an account may send in a day.
pub const GUESSES_A_DAY: usize = 5;

/// How often one is told the same refusal in ten minutes.
const SAME_REFUSALS: u32 = 2;

/// People remembered at once; beyond it those longest silent are forgotten.
const MOST_PEOPLE: usize = 20_000;

/// Whether a command may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// Go on.
    Go,
    /// Too fast: say so, once.
    TellOnce,
    /// Too fast, and told already.
    Silent,
}

/// Something somebody asked, as far as limits care.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Who is counted: an account, or one at a page.
    pub account: &'a str,
    /// The account whose code it is, where it is one.
    pub guess: Option<&'a str>,
    /// What was written, where a group reads along.
    pub in_group: Option<&'a str>,
}

#[derive(Debug, Default)]
struct Lately {
    commands: VecDeque<DateTime<Utc>>,
    told: Option<DateTime<Utc>>,
    hinted: Option<DateTime<Utc>>,
    guesses: VecDeque<DateTime<Utc>>,
    refused: Option<Refused>,
}

/// What somebody was refused last, since when, and how often by now.
#[derive(Debug)]
struct Refused {
    fingerprint: u64,
    since: DateTime<Utc>,
    times: u32,
}

/// What everybody did lately.
#[derive(Debug, Default)]
pub struct Limits {
    people: HashMap<String, Lately>,
}

impl Limits {
    fn lately(&mut self, account: &str, now: DateTime<Utc>) -> &mut Lately {
        if self.people.len() >= MOST_PEOPLE && !self.people.contains_key(account) {
            let old = now - Duration::minutes(10);
            // Wrong codes are remembered for their day, whatever crowd comes meanwhile.
            let day_old = now - Duration::days(1);
            self.people.retain(|_, lately| {
                lately.commands.back().is_some_and(|&at| at > old)
                    || lately.guesses.back().is_some_and(|&at| at > day_old)
            });
            if self.people.len() >= MOST_PEOPLE {
                self.people.retain(|_, lately| lately.guesses.back().is_some_and(|&at| at > day_old));
            }
            if self.people.len() >= MOST_PEOPLE {
                self.people.clear();
            }
        }
        self.people.entry(account.to_owned()).or_default()
    }

    /// Counts what was asked. It goes on, or there is one sentence instead, or silence.
    ///
    /// # Errors
    /// `e.fast`, `e.code_stop`, each said once.
    pub fn allow(&mut self, asked: &Asked<'_>, now: DateTime<Utc>) -> Result<(), Option<Say>> {
        match self.command(asked.account, now) {
            Pace::Go => {}
            Pace::TellOnce => return Err(Some(say!("e.fast"))),
            Pace::Silent => return Err(None),
        }
        match asked.guess {
            Some(account) if self.guesses_left(account, now) == 0 => {
                Err(self.guess(account, now).then(|| say!("e.code_stop")))
            }
            _ => Ok(()),
        }
    }

    /// Counts a refusal and says whether it may be said. A group is spared; privately nobody is left without an answer.
    pub fn may_refuse(&mut self, asked: &Asked<'_>, refusal: &Say, now: DateTime<Utc>) -> bool {
        if let Some(account) = asked.guess.filter(|_| *refusal == refused()) {
            self.guess(account, now);
        }
        let is_hint = matches!(refusal.key.as_str(), "e.unknown" | "e.no_chain");
        if is_hint && !self.hint(asked.account, now) {
            return false;
        }
        asked.in_group.is_none_or(|text| self.refusal(asked.account, fingerprint(text, &format!("{refusal:?}")), now))
    }

    /// Counts a command of an account and says whether it may go on.
    fn command(&mut self, account: &str, now: DateTime<Utc>) -> Pace {
        let lately = self.lately(account, now);
        let minute_ago = now - Duration::seconds(60);
        while lately.commands.front().is_some_and(|&at| at <= minute_ago) {
            lately.commands.pop_front();
        }
        if lately.commands.len() < COMMANDS_A_MINUTE {
            lately.commands.push_back(now);
            return Pace::Go;
        }
        if lately.told.is_some_and(|at| at > minute_ago) {
            return Pace::Silent;
        }
        lately.told = Some(now);
        Pace::TellOnce
    }

    /// How many wrong codes an account may still send today.
    fn guesses_left(&mut self, account: &str, now: DateTime<Utc>) -> usize {
        let lately = self.lately(account, now);
        let day_ago = now - Duration::days(1);
        while lately.guesses.front().is_some_and(|&at| at <= day_ago) {
            lately.guesses.pop_front();
        }
        GUESSES_A_DAY.saturating_sub(lately.guesses.len())
    }

    /// Counts a wrong code. Whether an answer is due: to five in a day, and once more to say that it is enough.
    fn guess(&mut self, account: &str, now: DateTime<Utc>) -> bool {
        let left = self.guesses_left(account, now);
        let guesses = &mut self.lately(account, now).guesses;
        let is_told = guesses.len() > GUESSES_A_DAY;
        if !is_told {
            guesses.push_back(now);
        }
        left > 0 || !is_told
    }

    /// Whether a refusal may be said: the same one twice in ten minutes, then silence until they are over.
    fn refusal(&mut self, account: &str, fingerprint: u64, now: DateTime<Utc>) -> bool {
        let refused = &mut self.lately(account, now).refused;
        match refused {
            Some(last) if last.fingerprint == fingerprint && now - last.since < Duration::minutes(10) => {
                last.times += 1;
                last.times <= SAME_REFUSALS
            }
            _ => {
                *refused = Some(Refused { fingerprint, since: now, times: 1 });
                true
            }
        }
    }

    /// Whether the hint for what nobody understood may be given; once in ten minutes.
    pub fn hint(&mut self, account: &str, now: DateTime<Utc>) -> bool {
        let lately = self.lately(account, now);
        if lately.hinted.is_some_and(|at| now - at < Duration::minutes(10)) {
            return false;
        }
        lately.hinted = Some(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::decide::limits::Limits;
    use crate::domain::decide::limits::Pace;
    use chrono::{DateTime, Duration, Utc};

    #[test]
    fn the_seventh_command_in_a_minute_is_answered_once() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let mut at = |seconds| limits.command("local:张桂英", start + Duration::seconds(seconds));
        assert!((0..6).all(|second| at(second) == Pace::Go));
        assert_eq!([at(6), at(7), at(59)], [Pace::TellOnce, Pace::Silent, Pace::Silent]);
        // the first of the six is a minute old
        assert_eq!(at(60), Pace::Go);
        assert_eq!(at(60), Pace::Silent);
    }

    #[test]
    fn five_wrong_codes_a_day_then_one_word_then_silence() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let at = |minutes| start + Duration::minutes(minutes);
        for minute in 0..5 {
            assert!(limits.guesses_left("a", at(minute)) > 0 && limits.guess("a", at(minute)));
        }
        assert_eq!(limits.guesses_left("a", at(5)), 0);
        assert_eq!([limits.guess("a", at(6)), limits.guess("a", at(7)), limits.guess("b", at(7))], [true, false, true]);
        assert_eq!(limits.guesses_left("a", at(24 * 60 - 1)), 0);
        assert!(limits.guesses_left("a", at(24 * 60 + 10)) > 0);
    }

    #[test]
    fn the_third_identical_refusal_is_silent() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let mut at = |seconds, fingerprint| limits.refusal("a", fingerprint, start + Duration::seconds(seconds));
        assert_eq!([at(0, 7), at(60, 7), at(120, 7), at(599, 7)], [true, true, false, false]);
        assert!(at(600, 7), "ten minutes after it was said first");
        assert!(at(601, 8) && at(602, 7) && at(603, 7), "another one in between begins anew");
        assert!(!at(604, 7));
        assert!(limits.refusal("b", 7, start), "everybody is told for themselves");
    }

    #[test]
    fn one_hint_in_ten_minutes() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        assert!(limits.hint("a", start));
        assert!(!limits.hint("a", start + Duration::seconds(599)));
        assert!(limits.hint("b", start));
        assert!(limits.hint("a", start + Duration::seconds(600)));
    }
}
