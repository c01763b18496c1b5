//! 请假、回避 — somebody cannot come, or must not take part. It matters where members vote among themselves (议事会, 过半): 应到 is
//! told apart from 请假 and 回避, and a council counts on those who are due alone. The rules of law count everybody (Civil Code
//! art. 278, the Organic Laws): there nobody can be kept from voting, and whoever is away lowers no denominator.
//!
//! 请假 covers the vote that is open, or else the next one, also where the moderator makes that void to hold it anew; 回避 covers the matter. Whoever votes after all is simply present.

use crate::domain::kernel::ids::{AccountNo, PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::vote::poll::{Poll, Turnout, household};
use crate::domain::vote::recusal;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Absences of one topic that are looked at: as many as a roll has lines.
pub(crate) const MAX_ABSENT: usize = 2_000;

impl Seat {
    /// The seat of a voter in a poll.
    #[must_use]
    pub fn of(poll: &Poll, voter: VoterNo) -> Self {
        if poll.voters.is_some() { Self::Roll(voter) } else { Self::Person(PersonId(voter.0)) }
    }

    /// The number ballots are kept under.
    pub(crate) fn voter(self) -> VoterNo {
        match self {
            Self::Roll(voter) => voter,
            Self::Person(person) => VoterNo(person.0),
        }
    }
}

/// Why a seat is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// 请假.
    Leave,
    /// 回避.
    Recusal,
}

/// 请假 or 回避, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Topic.
    pub topic: TopicNo,
    /// Seat.
    pub seat: Seat,
    /// Which of the two.
    pub kind: Kind,
    /// Said by the person, not by the moderator.
    pub own: bool,
    /// Who said it.
    pub by: Option<PersonId>,
    /// Why; empty for 请假.
    pub reason: Words,
    /// The account it was said from, as far as known.
    pub account: Option<AccountNo>,
    /// Since when.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Absence {
    fn key(&self) -> Key {
        key_of(self.topic, self.seat)
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 请假.
    Leave {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// For whom; what is nobody's name is a remark. Empty = for oneself.
        who: String,
        /// Take it back.
        withdraw: bool,
    },
    /// 回避.
    Recuse {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// A name, if it is about somebody else, and why.
        text: String,
        /// Take it back.
        withdraw: bool,
    },
    /// 不回避.
    Contest {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why.
        reason: String,
    },
    /// 裁定.
    Settle {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Whose recusal.
        who: String,
        /// Whether it is one.
        upheld: bool,
        /// Why.
        reason: String,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 请假.
    OnLeave {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Said by the person.
        own: bool,
    },
    /// 回避.
    Recused {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Said by the person.
        own: bool,
        /// Why.
        reason: Words,
    },
    /// 取消 — taken back.
    Withdrawn {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Which of the two; in old ledgers it was both.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Kind>,
    },
    /// 到会 — whoever was on leave has voted.
    Present {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
    },
    /// 撤票 — a ballot counts no more: its voter has recused themselves, or has another that stands. In old ledgers it goes with a
    /// recusal said of somebody else, too: nobody can do that any more.
    Struck {
        /// Poll.
        poll: PollNo,
        /// Voter.
        voter: VoterNo,
    },
    /// 不回避 — whoever was recused by somebody else objects, and votes until it is settled.
    Contested {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Why.
        reason: Words,
    },
    /// 裁定 — a coordinator settles the objection, in the open.
    Settled {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Whether it is a recusal.
        upheld: bool,
        /// Why.
        reason: Words,
    },
    /// 失效 — an account turns out to belong to somebody who has voted: what it had said of itself is void.
    Lapsed {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
    },
    /// 谁记的回避 — of those recused in the count of the same record, how many by their own word, and how many by whose.
    Counted {
        /// Poll.
        poll: PollNo,
        /// Said by the people themselves.
        own: u32,
        /// By whom how many.
        by: Vec<(PersonId, u32)>,
        /// By whom whom; in old ledgers it is not said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        whom: Vec<recusal::Entered>,
        /// Whose objection nobody has settled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<recusal::Entered>,
        /// 替记的请假 — by whom for whom.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        leave: Vec<recusal::Entered>,
    },
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::ABSENCE).num(topic.0)
}

/// Key of the absence of a seat.
#[must_use]
pub fn key_of(topic: TopicNo, seat: Seat) -> Key {
    match seat {
        Seat::Roll(voter) => prefix_of(topic).byte(0).num(voter.0),
        Seat::Person(person) => prefix_of(topic).byte(1).num(person.0),
    }
}

impl World<'_> {
    /// 请假 or 回避 of a seat.
    #[must_use]
    pub fn absence(&self, topic: TopicNo, seat: Seat) -> Option<Absence> {
        self.knows_away(topic).then(|| self.get(&key_of(topic, seat)))?
    }

    /// Whether there ever was leave, recusal or a mandate in a topic: asked for every ballot, and mostly there was none.
    pub(super) fn knows_away(&self, topic: TopicNo) -> bool {
        self.has(&Key::new(kind::AWAY).num(topic.0))
    }

    /// There is leave, recusal or a mandate in a topic.
    pub(crate) fn note_away(&mut self, topic: TopicNo) {
        if !self.knows_away(topic) {
            self.put_at(Key::new(kind::AWAY).num(topic.0), &topic);
        }
    }

    /// Who is away in a topic.
    #[must_use]
    pub fn absences(&self, topic: TopicNo) -> Vec<Absence> {
        self.list(&prefix_of(topic), MAX_ABSENT)
    }

    /// What stands for a seat in a command: the name, where it is the only one of its kind on the roll, else a flat.
    #[must_use]
    pub fn seat_named(&self, topic: TopicNo, seat: Seat) -> String {
        let Seat::Roll(no) = seat else {
            return match seat {
                Seat::Person(person) => self.name_of(person),
                Seat::Roll(_) => String::new(),
            };
        };
        let Some(voter) = self.voter(topic, no) else { return String::new() };
        let mut called = voter.names.iter().chain(&voter.rooms).map(|name| name.as_str().to_owned());
        let is_it = |name: &String| self.voter_called(topic, name).is_some_and(|found| found.no == no);
        called.find(is_it).unwrap_or_default()
    }

    /// How a seat is called in public.
    #[must_use]
    pub fn seat_called(&self, topic: TopicNo, seat: Seat) -> Value {
        match seat {
            Seat::Roll(voter) => {
                self.voter(topic, voter).map_or_else(|| Value::Text(String::new()), |voter| household(&voter))
            }
            Seat::Person(person) => Value::Text(self.name_of(person)),
        }
    }
}

/// A new roll has other numbers: what was said of the old one's is void.
pub fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
    recusal::forget(world, topic);
}

/// The vote is over: 请假 was for it. A straw poll is no vote.
pub fn over(world: &mut World<'_>, poll: &Poll) {
    if !poll.rule.is_vote() {
        return;
    }
    for absence in world.absences(poll.topic).into_iter().filter(|absence| absence.kind == Kind::Leave) {
        world.remove(absence.key());
    }
}

/// A ballot is taken out of the count; the ledger keeps it.
pub fn strike(world: &mut World<'_>, poll: PollNo, voter: VoterNo) {
    let Some(ballot) = world.ballot(poll, voter) else { return };
    world.remove(ballot.key());
    let turnout = world.turnout(poll);
    let (cast, area) = (turnout.cast.saturating_sub(1), turnout.area.saturating_sub(ballot.area));
    world.put_at(Key::new(kind::TURNOUT).num(poll.0), &Turnout { cast, area });
}

/// An account was taken for somebody else's: what it said of its own seat in a topic holds no more.
pub fn forget_of(world: &mut World<'_>, topic: TopicNo, account: AccountNo) {
    for absence in world.absences(topic).into_iter().filter(|one| one.own && one.account == Some(account)) {
        world.remove(absence.key());
    }
}

/// 合并 — what a newcomer said of themselves is the known person's, who may have said so before. That a ballot goes by it is how old
/// ledgers read: today the record of a joining has taken back before whatever could do so.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Absence> = world.list(&Key::new(kind::ABSENCE), usize::MAX);
    for absence in all.iter().filter(|absence| absence.by == Some(from)) {
        world.put(&Absence { by: Some(into), ..absence.clone() });
    }
    for absence in all.into_iter().filter(|absence| absence.seat == Seat::Person(from)) {
        world.remove(absence.key());
        let by = if absence.by == Some(from) { Some(into) } else { absence.by };
        let moved = Absence { seat: Seat::Person(into), by, ..absence };
        let open = world.topic(moved.topic).and_then(|topic| world.poll(topic.poll?));
        let ballot = open.as_ref().and_then(|poll| world.ballot(poll.no, VoterNo(into.0)));
        if world.absence(moved.topic, moved.seat).is_some() || ballot.is_some() {
            continue;
        }
        world.put(&moved);
    }
}

/// How many of a poll are on leave and recused. Whoever has a ballot is present.
#[must_use]
pub fn counted(world: &World<'_>, poll: &Poll) -> (u64, u64) {
    if !poll.rule.is_vote() || !world.knows_away(poll.topic) {
        return (0, 0);
    }
    let is_away = |absence: &&Absence| {
        let fits = matches!(absence.seat, Seat::Roll(_)) == poll.voters.is_some();
        fits && !world.has(&Key::new(kind::BALLOT).num(poll.no.0).num(absence.seat.voter().0))
    };
    let absences = world.absences(poll.topic);
    let of = |kind| absences.iter().filter(is_away).filter(|absence| absence.kind == kind).count() as u64;
    (of(Kind::Leave), of(Kind::Recusal))
}
