//! How fast the bot may speak, by the clock of the fake: a message a second a chat, twenty a minute a group, thirty a
//! second over all.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, VecDeque};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Nothing is refused, but it is still counted.
    Off,
    /// A chat takes a short burst (five), then one a second.
    Lenient,
    /// One a second a chat, no burst.
    Strict,
}

/// A message or edit that was refused because it came too soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub at: DateTime<Utc>,
    pub chat: i64,
    pub method: String,
    pub retry_after: i64,
}

const BURST: usize = 5;
const A_MINUTE: usize = 20;
const OVERALL: usize = 30;

#[derive(Default)]
struct OfChat {
    minute: VecDeque<DateTime<Utc>>,
    most: usize,
}

pub struct Limits {
    pub pace: Pace,
    chats: HashMap<i64, OfChat>,
    second: VecDeque<DateTime<Utc>>,
    pub hits: Vec<Hit>,
}

/// Seconds until `from` is `span` ago, at least one.
fn wait(from: DateTime<Utc>, span: TimeDelta, now: DateTime<Utc>) -> i64 {
    let left = (from + span - now).num_milliseconds();
    ((left + 999) / 1000).max(1)
}

fn forget(times: &mut VecDeque<DateTime<Utc>>, span: TimeDelta, now: DateTime<Utc>) {
    while times.front().is_some_and(|at| now - *at >= span) {
        times.pop_front();
    }
}

impl Limits {
    pub fn new(pace: Pace) -> Limits {
        Limits { pace, chats: HashMap::new(), second: VecDeque::new(), hits: Vec::new() }
    }

    /// Takes one message or edit, or says how many seconds to wait.
    pub fn take(&mut self, now: DateTime<Utc>, chat: i64, method: &str) -> Result<(), i64> {
        let (second, minute) = (TimeDelta::seconds(1), TimeDelta::seconds(60));
        let of = self.chats.entry(chat).or_default();
        forget(&mut of.minute, minute, now);
        forget(&mut self.second, second, now);
        let refused = match self.pace {
            Pace::Off => None,
            Pace::Lenient | Pace::Strict => {
                // The last few of this chat: with a burst of n, the n-th before must be n seconds old.
                let burst = if self.pace == Pace::Strict { 1 } else { BURST };
                let before = of.minute.len().checked_sub(burst).and_then(|at| of.minute.get(at));
                let span = second * i32::try_from(burst).unwrap_or(1);
                let chat_full = before.filter(|at| now - **at < span).map(|at| wait(*at, span, now));
                let group_full = (chat < 0 && of.minute.len() >= A_MINUTE).then(|| of.minute.front()).flatten();
                let all_full = (self.second.len() >= OVERALL).then(|| self.second.front()).flatten();
                let waits =
                    [chat_full, group_full.map(|at| wait(*at, minute, now)), all_full.map(|at| wait(*at, second, now))];
                waits.into_iter().flatten().max()
            }
        };
        if let Some(retry_after) = refused {
            self.hits.push(Hit { at: now, chat, method: method.to_owned(), retry_after });
            return Err(retry_after);
        }
        self.second.push_back(now);
        of.minute.push_back(now);
        of.most = of.most.max(of.minute.len());
        Ok(())
    }

    pub fn most_in_a_minute(&self, chat: i64) -> usize {
        self.chats.get(&chat).map_or(0, |of| of.most)
    }
}
