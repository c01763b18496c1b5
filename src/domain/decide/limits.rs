//! 限次 — how many commands a minute (commands.md §9.1), by who asks and what it is:
//!
//! | | in a minute |
//! |---|---|
//! | whoever holds no office: what others must read or answer | [`COMMANDS_A_MINUTE`] |
//! | anybody: what is counted once however often it is said (a ballot, a sign-up) | [`SMALL_ACTS_A_MINUTE`] |
//! | moderators, coordinators, administrators: anything | [`STAFF_A_MINUTE`] |
//! | the same, where a group reads along: what is counted once apart | [`STAFF_IN_A_GROUP`] |
//!
//! 来回改 — whoever speaks and whatever it is: what would write the same to the same person a fourth time in an hour is not taken
//! ([`Limits::spare`]).
//!
//! A message is one command however many lines it has. The first that is too much is answered at once; from there on until the minute is
//! over nothing more is taken, and then one answer names all that was not ([`Limits::over`]): nothing is dropped without a word. One
//! hint in ten minutes for what nobody understood in a group, the same refusal twice there and a word that it is not said a third time, and
//! five wrong codes a day. Kept in memory:
//! after a restart everybody starts anew.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::invitation_code::refused;
use crate::domain::people::lately::fingerprint;
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::{HashMap, VecDeque};

/// Commands a person may send in a minute, talk and refused ones included.
pub const COMMANDS_A_MINUTE: usize = 6;

/// The same for whoever looks after the office: paper ballots are typed in by the dozen.
pub const STAFF_A_MINUTE: usize = 120;

/// The same in a group: a line each is what a platform takes of us in a minute, and receipts of others wait behind them.
pub const STAFF_IN_A_GROUP: usize = 20;

/// The same for what leaves one line in the record whatever crowd sends it, and takes nobody's time.
pub const SMALL_ACTS_A_MINUTE: usize = 60;

/// What was not taken of one person: so many are named, each by so many characters; the rest is counted.
const MOST_NAMED: usize = 40;
const NAMED_BY: usize = 40;

/// Wrong codes an account may send in a day.
pub const GUESSES_A_DAY: usize = 5;

/// How often one is told the same refusal in so many minutes.
const SAME_REFUSALS: u32 = 2;
const SAME_MINUTES: i64 = 10;

/// People remembered at once; beyond it those longest silent are forgotten.
const MOST_PEOPLE: usize = 20_000;

/// How often one person is written the same on one person's word, in so many minutes.
const SAME_LETTERS: usize = 3;
const SAME_LETTERS_MINUTES: i64 = 60;

/// Letters to others that are remembered of one person.
const MOST_LETTERS: usize = 512;

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
    /// Commands of this kind somebody like this may send in a minute.
    pub most: usize,
}

/// How many commands in a minute: `is_staff` = who asks holds an office; `is_small` = see [`SMALL_ACTS_A_MINUTE`]; `in_group` = a group
/// reads along.
#[must_use]
pub fn most(is_staff: bool, is_small: bool, in_group: bool) -> usize {
    match (is_staff, is_small, in_group) {
        (true, false, true) => STAFF_IN_A_GROUP,
        (true, true, true) | (true, true | false, false) => STAFF_A_MINUTE,
        (false, true, true | false) => SMALL_ACTS_A_MINUTE,
        (false, false, true | false) => COMMANDS_A_MINUTE,
    }
}

/// What somebody sent too fast to be taken, in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untaken {
    /// The chat.
    pub chat: String,
    /// Who.
    pub who: String,
    /// What, shortened, in the order in which it was sent.
    pub named: Vec<String>,
    /// How many more there were.
    pub more: usize,
}

impl Untaken {
    /// What is said of it in the end.
    #[must_use]
    pub fn say(&self) -> Say {
        let mut lines: Vec<Say> = self.named.iter().map(|text| say!("e.untaken.one", text = text.as_str())).collect();
        if self.more > 0 {
            lines.push(say!("e.untaken.more", n = self.more as u64));
        }
        let n = (self.named.len() + self.more) as u64;
        say!("e.untaken", who = self.who.as_str(), n = n, lines = Value::Lines(lines))
    }
}

#[derive(Debug, Default)]
struct Lately {
    /// Nothing more is taken until then.
    until: Option<DateTime<Utc>>,
    untaken: Vec<Untaken>,
    commands: VecDeque<DateTime<Utc>>,
    hinted: Option<DateTime<Utc>>,
    guesses: VecDeque<DateTime<Utc>>,
    refused: Option<Refused>,
    plain: Option<(u64, DateTime<Utc>)>,
    letters: VecDeque<(u64, DateTime<Utc>)>,
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
                !lately.untaken.is_empty()
                    || lately.commands.back().is_some_and(|&at| at > old)
                    || lately.guesses.back().is_some_and(|&at| at > day_old)
            });
            if self.people.len() >= MOST_PEOPLE {
                self.people.retain(|_, lately| {
                    !lately.untaken.is_empty() || lately.guesses.back().is_some_and(|&at| at > day_old)
                });
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
        match self.command(asked.account, asked.most, now) {
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

    /// Counts a refusal and gives what is said of it. A group is spared the same again and again; privately nobody is left without an
    /// answer.
    pub fn refuse(&mut self, asked: &Asked<'_>, refusal: Say, now: DateTime<Utc>) -> Option<Say> {
        if let Some(account) = asked.guess.filter(|_| refusal == refused()) {
            self.guess(account, now);
        }
        let Some(text) = asked.in_group else { return Some(refusal) };
        let is_hint = matches!(refusal.key.as_str(), "e.unknown" | "e.no_chain");
        if is_hint && !self.hint(asked.account, now) {
            return None;
        }
        match self.refusal(asked.account, fingerprint(text, &format!("{refusal:?}")), now) {
            Pace::Go => Some(refusal),
            Pace::TellOnce => Some(say!("e.same", n = SAME_REFUSALS, minutes = SAME_MINUTES)),
            Pace::Silent => None,
        }
    }

    /// 来回改 — counts what a command would write to others whom it concerns. The same to the same person again and again is not taken,
    /// whatever command it comes from: it gives whom they are to be spared, and from when on it may be said again.
    ///
    /// # Errors
    /// Who has had it often enough, and the moment from which on it may be said again.
    pub fn spare(
        &mut self,
        account: &str,
        letters: &[(PersonId, Say)],
        now: DateTime<Utc>,
    ) -> Result<(), (PersonId, DateTime<Utc>)> {
        let told = &mut self.lately(account, now).letters;
        let long = Duration::minutes(SAME_LETTERS_MINUTES);
        while told.front().is_some_and(|&(_, at)| now - at >= long) {
            told.pop_front();
        }
        let of = |(to, say): &(PersonId, Say)| fingerprint(&to.0.to_string(), &format!("{say:?}"));
        for letter in letters {
            let mut same = told.iter().filter(|(one, _)| *one == of(letter)).map(|(_, at)| *at);
            let first = same.clone().next();
            if let Some(first) = first.filter(|_| same.nth(SAME_LETTERS - 1).is_some()) {
                return Err((letter.0, first + long));
            }
        }
        let mut new: Vec<u64> = letters.iter().map(of).collect();
        new.sort_unstable();
        new.dedup();
        told.extend(new.into_iter().map(|one| (one, now)));
        let surplus = told.len().saturating_sub(MOST_LETTERS);
        told.drain(..surplus);
        Ok(())
    }

    /// Counts a command of an account and says whether it may go on.
    fn command(&mut self, account: &str, most: usize, now: DateTime<Utc>) -> Pace {
        let lately = self.lately(account, now);
        if lately.until.is_some_and(|until| until <= now) {
            lately.until = None;
            lately.commands.clear();
        }
        let minute_ago = now - Duration::seconds(60);
        while lately.commands.front().is_some_and(|&at| at <= minute_ago) {
            lately.commands.pop_front();
        }
        // Who was told to wait may still cast a ballot.
        let is_stopped = lately.until.is_some() && most <= COMMANDS_A_MINUTE;
        if lately.commands.len() < most && !is_stopped {
            lately.commands.push_back(now);
            return Pace::Go;
        }
        if lately.until.is_some() {
            return Pace::Silent;
        }
        lately.until = lately.commands.front().map(|&first| first + Duration::seconds(60));
        Pace::TellOnce
    }

    /// Notes what was not taken, to be named when the minute is over. (What a page or a button sends is answered on the spot.)
    pub fn note_untaken(&mut self, account: &str, chat: &str, who: &str, text: &str, now: DateTime<Utc>) {
        let untaken = &mut self.lately(account, now).untaken;
        let at = untaken.iter().position(|one| one.chat == chat).unwrap_or_else(|| {
            untaken.push(Untaken { chat: chat.to_owned(), who: who.to_owned(), named: Vec::new(), more: 0 });
            untaken.len() - 1
        });
        let Some(untaken) = untaken.get_mut(at) else { return };
        if untaken.named.len() >= MOST_NAMED {
            untaken.more += 1;
            return;
        }
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut = if line.chars().count() > NAMED_BY { "…" } else { "" };
        untaken.named.push(line.chars().take(NAMED_BY).chain(cut.chars()).collect());
    }

    /// What was not taken of those whose minute is over.
    pub fn over(&mut self, now: DateTime<Utc>) -> Vec<Untaken> {
        let is_over = |lately: &&mut Lately| lately.until.is_none_or(|until| until <= now);
        let mut all: Vec<(&String, &mut Lately)> =
            self.people.iter_mut().filter(|(_, it)| !it.untaken.is_empty()).collect();
        all.sort_by_key(|(account, _)| account.to_owned().clone());
        all.into_iter()
            .map(|(_, lately)| lately)
            .filter(is_over)
            .flat_map(|lately| std::mem::take(&mut lately.untaken))
            .collect()
    }

    /// When something is to be said of what was not taken.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.people.values().filter(|lately| !lately.untaken.is_empty()).filter_map(|lately| lately.until).min()
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

    /// Whether a refusal may be said: the same one twice in ten minutes, then once that it is not repeated, then nothing until they are over.
    fn refusal(&mut self, account: &str, fingerprint: u64, now: DateTime<Utc>) -> Pace {
        let refused = &mut self.lately(account, now).refused;
        match refused {
            Some(last) if last.fingerprint == fingerprint && now - last.since < Duration::minutes(SAME_MINUTES) => {
                last.times += 1;
                match last.times {
                    ..=SAME_REFUSALS => Pace::Go,
                    times if times == SAME_REFUSALS + 1 => Pace::TellOnce,
                    _ => Pace::Silent,
                }
            }
            _ => {
                *refused = Some(Refused { fingerprint, since: now, times: 1 });
                Pace::Go
            }
        }
    }

    /// Whether the same words, that are no command, were answered within a minute; if not, they are now.
    pub fn is_answered(&mut self, account: &str, text: &str, now: DateTime<Utc>) -> bool {
        let (fingerprint, lately) = (fingerprint(text.trim(), "plain"), &mut self.lately(account, now).plain);
        let is_same = |(last, at): (u64, DateTime<Utc>)| last == fingerprint && now - at < Duration::seconds(60);
        if lately.is_some_and(is_same) {
            return true;
        }
        *lately = Some((fingerprint, now));
        false
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
    use crate::domain::decide::limits::{
        COMMANDS_A_MINUTE, Limits, MOST_NAMED, Pace, SAME_LETTERS, SMALL_ACTS_A_MINUTE, STAFF_A_MINUTE,
        STAFF_IN_A_GROUP, most,
    };
    use crate::domain::kernel::ids::PersonId;
    use crate::domain::kernel::say::Say;
    use crate::say;
    use chrono::{DateTime, Duration, Utc};

    #[test]
    fn the_seventh_command_in_a_minute_is_answered_once() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let mut at = |seconds| limits.command("local:张桂英", COMMANDS_A_MINUTE, start + Duration::seconds(seconds));
        assert!((0..6).all(|second| at(second) == Pace::Go));
        assert_eq!([at(6), at(7), at(59)], [Pace::TellOnce, Pace::Silent, Pace::Silent]);
        // the first of the six is a minute old: who was told to wait a minute begins anew
        assert!((0..6).all(|_| at(60) == Pace::Go));
        assert_eq!(at(60), Pace::TellOnce);
    }

    #[test]
    fn whoever_is_told_to_wait_still_votes_and_staff_go_on() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let mut taken = |who: &str, most, n: i64| {
            (0..n).filter(|n| limits.command(who, most, start + Duration::milliseconds(*n)) == Pace::Go).count()
        };
        assert_eq!(taken("a", most(false, false, true), 20), COMMANDS_A_MINUTE);
        assert_eq!(taken("a", most(false, true, true), 200), SMALL_ACTS_A_MINUTE - COMMANDS_A_MINUTE);
        assert_eq!(taken("b", most(true, false, false), 300), STAFF_A_MINUTE);
        assert_eq!(taken("c", most(true, true, true), 300), STAFF_A_MINUTE);
        assert_eq!(taken("d", most(true, false, true), 300), STAFF_IN_A_GROUP);
    }

    #[test]
    fn nobody_is_written_the_same_on_one_word_a_fourth_time_in_an_hour() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let (away, back) = (say!("leave.told", no = 1_u64), say!("leave.off.by", no = 1_u64));
        let mut tell = |who: &str, to, minute, say: &Say| {
            limits.spare(who, &[(PersonId(to), say.clone())], start + Duration::minutes(minute)).is_ok()
        };
        let turns = (0..50).filter(|n| tell("a", 7, 0, if n % 2 == 0 { &away } else { &back })).count();
        assert_eq!(turns, 2 * SAME_LETTERS);
        assert!(tell("a", 8, 0, &away) && tell("b", 7, 0, &away));
        assert!(!tell("a", 7, 59, &away) && tell("a", 7, 60, &away));
    }

    #[test]
    fn all_that_was_not_taken_is_named_or_counted_when_the_minute_is_over() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let many = 100;
        for n in 0..many {
            if limits.command("a", COMMANDS_A_MINUTE, start) != Pace::Go {
                limits.note_untaken(
                    "a",
                    if n % 2 == 0 { "g" } else { "p" },
                    "甲",
                    &format!("第{n}句\n{}", "长".repeat(60)),
                    start,
                );
            }
        }
        let due = limits.next().unwrap();
        assert_eq!(due, start + Duration::seconds(60));
        assert!(limits.over(due - Duration::seconds(1)).is_empty());
        let untaken = limits.over(due);
        assert_eq!(untaken.iter().map(|one| one.named.len() + one.more).sum::<usize>(), many - COMMANDS_A_MINUTE);
        assert!(untaken.iter().all(|one| one.named.len() == MOST_NAMED));
        assert!(untaken[0].named[0].starts_with("第6句 长") && untaken[0].named[0].ends_with('…'));
        assert!(limits.over(due).is_empty() && limits.next().is_none(), "said once");
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
    fn the_third_identical_refusal_says_that_it_is_not_repeated() {
        let (mut limits, start) = (Limits::default(), DateTime::<Utc>::UNIX_EPOCH);
        let mut at = |seconds, fingerprint| limits.refusal("a", fingerprint, start + Duration::seconds(seconds));
        let said = [at(0, 7), at(60, 7), at(120, 7), at(599, 7)];
        assert_eq!(said, [Pace::Go, Pace::Go, Pace::TellOnce, Pace::Silent]);
        assert_eq!(at(600, 7), Pace::Go, "ten minutes after it was said first");
        assert!([at(601, 8), at(602, 7), at(603, 7)] == [Pace::Go; 3], "another one in between begins anew");
        assert_eq!(at(604, 7), Pace::TellOnce);
        assert_eq!(limits.refusal("b", 7, start), Pace::Go, "everybody is told for themselves");
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
