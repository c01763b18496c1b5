//! 截止 — what becomes of the close of a poll after it has opened: put off once where too few have taken part (延长), or brought forward by
//! itself where everybody who is due has voted (提前结束), if it was opened so (投完即止).

use crate::domain::kernel::alarm::early_key;
use crate::domain::kernel::ids::{PersonId, PollNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::vote::absence::Kind;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::roll::Voter;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// 都投完了 — minutes, outside the quiet hours, in which a ballot may still be changed.
pub const MINUTES: i64 = 10;

/// Open polls with 投完即止 that are looked at with every record.
const MAX_EARLY: usize = 2_000;

/// 延长 — a close that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The close before.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub from: DateTime<Utc>,
    /// The close since.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub to: DateTime<Utc>,
    /// Who put it off.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: Words,
}

/// What became of the close of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Poll.
    pub poll: PollNo,
    /// 延长, once at most.
    pub extended: Option<Extension>,
    /// 都投完了 — when it closes by that, unless somebody is due again.
    pub all_in: Option<DateTime<Utc>>,
    /// 提前结束 — the close that was announced, where it closed before that.
    pub early: Option<DateTime<Utc>>,
    /// When whether everybody has voted is looked at next.
    pub alarm: Option<DateTime<Utc>>,
}

impl Entity for Deadline {
    fn key(&self) -> Key {
        Key::new(kind::DEADLINE).num(self.poll.0)
    }
}

/// Key of an open poll that closes when everybody has voted.
#[must_use]
pub fn until_all_key(poll: PollNo) -> Key {
    Key::new(kind::UNTIL_ALL).num(poll.0)
}

impl World<'_> {
    /// What became of the close of a poll.
    #[must_use]
    pub fn deadline(&self, poll: PollNo) -> Deadline {
        let none = || Deadline { poll, extended: None, all_in: None, early: None, alarm: None };
        self.get(&Key::new(kind::DEADLINE).num(poll.0)).unwrap_or_else(none)
    }

    /// Every close that a card of a poll may show: the one that holds, and those before it.
    #[must_use]
    pub fn closes_shown(&self, poll: &Poll) -> Vec<DateTime<Utc>> {
        let Deadline { extended, early, .. } = self.deadline(poll.no);
        [Some(poll.ends), extended.map(|one| one.from), early].into_iter().flatten().collect()
    }

    /// 都投完了 — whether everybody on the roll who is due has voted, themselves or by whoever has their mandate, and nobody may come to be due
    /// by what waits to be settled: an objection to a recusal, or somebody who says who they are.
    #[must_use]
    pub fn is_all_in(&self, poll: &Poll) -> bool {
        let Some(voters) = poll.voters.map(u64::from) else { return false };
        let (cast, away) = (self.turnout(poll.no).cast, self.absences(poll.topic).len() as u64);
        // Mostly somebody is missing, and then no roll is walked through.
        if cast == 0 || cast + away < voters || !self.contested(poll.topic).is_empty() || self.is_claimed(poll) {
            return false;
        }
        let mut all = true;
        self.scan(&Key::new(kind::VOTER).num(poll.topic.0), |voter: Voter| {
            all = !self.is_awaited(poll, voter.no);
            all
        });
        all
    }

    /// Whether a seat has no ballot and is due: 回避 takes it away where members vote, 请假 where it counts off those who are due.
    fn is_awaited(&self, poll: &Poll, voter: VoterNo) -> bool {
        if self.has(&Key::new(kind::BALLOT).num(poll.no.0).num(voter.0)) {
            return false;
        }
        match self.absence(poll.topic, Seat::of(poll, voter)).map(|absence| absence.kind) {
            Some(Kind::Recusal) => !poll.rule.is_of_members(),
            Some(Kind::Leave) => !poll.rule.counts_off(),
            None => true,
        }
    }

    /// Whether somebody waits to be confirmed as a voter of the roll.
    fn is_claimed(&self, poll: &Poll) -> bool {
        self.open_claims().iter().any(|claim| self.voter_called(poll.topic, claim.name.as_str()).is_some())
    }

    /// 投完即止 — after every record, when to look again at the polls that close when everybody has voted: at once, where what holds of them
    /// has changed, whichever way that came.
    pub(crate) fn watch_all_in(&mut self, now: DateTime<Utc>) {
        let numbers: Vec<PollNo> = self.list(&Key::new(kind::UNTIL_ALL), MAX_EARLY);
        for no in numbers {
            let Some(poll) = self.poll(no) else { continue };
            let known = self.deadline(poll.no).all_in;
            let alarm = match (self.is_all_in(&poll), known) {
                (true, Some(at)) => Some(at),
                (true, None) | (false, Some(_)) => Some(now),
                (false, None) => None,
            };
            self.set_early_alarm(poll.no, alarm);
        }
    }

    /// Looks at a poll at a moment, or no more.
    pub(crate) fn set_early_alarm(&mut self, poll: PollNo, alarm: Option<DateTime<Utc>>) {
        let before = self.deadline(poll);
        if before.alarm == alarm {
            return;
        }
        if let Some(at) = before.alarm {
            self.remove(early_key(at, poll));
        }
        if let Some(at) = alarm {
            self.put_at(early_key(at, poll), &poll);
        }
        self.put(&Deadline { alarm, ..before });
    }
}
