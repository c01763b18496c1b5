//! 委托 — somebody on the roll lets another cast the ballot. At most two mandates a trustee, no chains; whoever votes in person has
//! ended the mandate, and that ballot stands. One household, one ballot: a mandate gives nobody a second one.
//!
//! Owners may have somebody vote for them by a written mandate, which the moderator enters on seeing the paper; what is said in a
//! chat is a mandate for the consultation alone, and the receipt says so. Meetings that want people in person (residents, villagers,
//! delegates, councils) take none.

use crate::domain::kernel::ids::{AccountNo, PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::vote::poll::Poll;
use crate::domain::vote::recusal::Entered;
use crate::domain::vote::tally::Choice;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Mandates of one topic that are looked at: as many as a roll has lines.
const MAX_MANDATES: usize = 2_000;

/// 委托.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Topic.
    pub topic: TopicNo,
    /// 委托人 — a voter of the roll.
    pub voter: VoterNo,
    /// 受托人.
    pub trustee: PersonId,
    /// 书面 — entered by the moderator, who has seen the paper.
    pub written: bool,
    /// The poll it was used in.
    pub used: Option<PollNo>,
    /// The account it was given from, as far as known.
    pub account: Option<AccountNo>,
    /// Since when.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Mandate {
    fn key(&self) -> Key {
        key_of(self.topic, self.voter)
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 委托.
    Give {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose ballot it is; empty = one's own.
        principal: String,
        /// Who may cast it.
        trustee: String,
        /// On paper.
        written: bool,
    },
    /// 取消.
    Withdraw {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose; empty = one's own.
        principal: String,
    },
    /// 代 — casts the ballot.
    Cast {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose.
        principal: String,
        /// The choice.
        choice: Choice,
    },
}

/// 失效 — why a mandate ended that nobody took back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// 受托人 has no account any more.
    TrusteeGone,
    /// 委托人, who gave it from a chat, has none.
    PrincipalGone,
    /// 作废 — the vote is void, and its topic goes back.
    VoteVoided,
    /// 主持中立 — 受托人 moderates the topic by now.
    TrusteeModerates,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 委托.
    Given {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人.
        trustee: PersonId,
        /// 书面.
        written: bool,
        /// 原受托人 — from whom it was moved away, and who is told of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<PersonId>,
        /// 委托人本人 — whom a paper names. One from a chat is of whoever gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        principal: Option<PersonId>,
    },
    /// 取消 — by the principal, the trustee or the moderator.
    Withdrawn {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人, who is told of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trustee: Option<PersonId>,
    },
    /// 失效 — it came to its end with something else; a ballot that was cast by it stays as it was cast.
    Lapsed {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人.
        trustee: PersonId,
        /// Why.
        why: Lapse,
    },
    /// The ballot before it in the record was cast by the trustee.
    Used {
        /// Poll.
        poll: PollNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人.
        trustee: PersonId,
    },
    /// 失效 — the principal has voted in person or on paper.
    Ended {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人, whose ballot it takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaced: Option<PersonId>,
        /// 受托人, whose mandate it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trustee: Option<PersonId>,
    },
}

/// 一天一封 — a trustee is told once in so long that they are asked by the same voter, and once that they are no longer, however often
/// it is given and taken back.
const TOLD_HOURS: i64 = 24;

/// People one voter may ask in a topic within that time.
pub const MOST_ASKED: usize = 5;

/// Of which a trustee was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// They may cast the ballot.
    Given,
    /// They may no longer.
    Off,
}

/// 已告知 — who was told, when and by which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    trustee: PersonId,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    at: DateTime<Utc>,
    seq: u64,
}

fn told_prefix(topic: TopicNo, voter: VoterNo, turn: Turn) -> Key {
    Key::new(kind::MANDATE_TOLD).num(topic.0).num(voter.0).byte(turn as u8)
}

fn is_lately(told: &Told, now: DateTime<Utc>) -> bool {
    now - told.at < Duration::hours(TOLD_HOURS)
}

/// A trustee is told, unless they were lately.
pub fn tell(
    world: &mut World<'_>,
    (topic, voter): (TopicNo, VoterNo),
    trustee: PersonId,
    turn: Turn,
    (at, seq): (DateTime<Utc>, u64),
) {
    let key = told_prefix(topic, voter, turn).num(trustee.0);
    let known: Option<Told> = world.get(&key);
    if !known.is_some_and(|told| is_lately(&told, at)) {
        world.put_at(key, &Told { trustee, at, seq });
    }
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::MANDATE).num(topic.0)
}

/// Key of the mandate of a voter.
#[must_use]
pub fn key_of(topic: TopicNo, voter: VoterNo) -> Key {
    prefix_of(topic).num(voter.0)
}

/// 委托人本人 — of a household that shares a ballot the one who has given it away: what they ask of whom is nobody else's business.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Principal {
    /// Who; `None` = a paper that names only the flat, or an old ledger.
    person: Option<PersonId>,
    /// Whose mandate it took the place of.
    before: Option<PersonId>,
    /// 书面 — who entered the paper.
    entered_by: Option<PersonId>,
}

fn principal_key(topic: TopicNo, voter: VoterNo) -> Key {
    Key::new(kind::PRINCIPAL).byte(0).num(topic.0).num(voter.0)
}

fn paper_prefix(poll: PollNo) -> Key {
    Key::new(kind::PRINCIPAL).byte(2).num(poll.0)
}

/// Key under which it is kept that a ballot was cast by a mandate on paper.
#[must_use]
pub fn paper_key(poll: PollNo, voter: VoterNo) -> Key {
    paper_prefix(poll).num(voter.0)
}

fn cast_key(poll: PollNo, voter: VoterNo) -> Key {
    Key::new(kind::PRINCIPAL).byte(1).num(poll.0).num(voter.0)
}

/// A mandate is about to be given: whose it is, and whose it was.
pub(crate) fn note_principal(
    world: &mut World<'_>,
    (topic, voter): (TopicNo, VoterNo),
    person: Option<PersonId>,
    entered_by: Option<PersonId>,
) {
    let before =
        world.mandate(topic, voter).and_then(|_| world.principal(topic, voter)).filter(|one| Some(*one) != person);
    world.put_at(principal_key(topic, voter), &Principal { person, before, entered_by });
}

/// A ballot was cast by the mandate: whose it was is known after the vote, too.
pub(crate) fn note_cast(world: &mut World<'_>, poll: PollNo, topic: TopicNo, voter: VoterNo) {
    let person = world.principal(topic, voter);
    world.put_at(cast_key(poll, voter), &person);
    let entered_by = world.get::<Principal>(&principal_key(topic, voter)).and_then(|known| known.entered_by);
    match entered_by {
        Some(by) => world.put_at(paper_key(poll, voter), &Entered { by, seat: Seat::Roll(voter) }),
        None => world.remove(paper_key(poll, voter)),
    }
}

impl World<'_> {
    /// Who has given the mandate of a voter, as far as it is one person; also when it has just ended.
    #[must_use]
    pub fn principal(&self, topic: TopicNo, voter: VoterNo) -> Option<PersonId> {
        self.get::<Principal>(&principal_key(topic, voter)).and_then(|known| known.person)
    }

    /// Whose mandate the one that stands took the place of.
    #[must_use]
    pub fn principal_before(&self, topic: TopicNo, voter: VoterNo) -> Option<PersonId> {
        self.get::<Principal>(&principal_key(topic, voter)).and_then(|known| known.before)
    }

    /// Whether somebody of its household is who has given it: where nobody knows, anybody is.
    #[must_use]
    pub fn is_principal(&self, topic: TopicNo, voter: VoterNo, person: PersonId) -> bool {
        self.principal(topic, voter).is_none_or(|principal| principal == person)
    }

    /// Whose mandate a ballot was cast by, where it was cast by somebody else's than this person's.
    #[must_use]
    pub fn cast_for_another(&self, poll: PollNo, voter: VoterNo, person: PersonId) -> Option<PersonId> {
        let principal: Option<PersonId> = self.get(&cast_key(poll, voter))?;
        principal.filter(|principal| *principal != person)
    }

    /// 书面委托 — whose ballots in a poll were cast by a mandate on paper, and who entered it.
    #[must_use]
    pub fn cast_by_papers(&self, poll: PollNo) -> Vec<Entered> {
        self.list(&paper_prefix(poll), MAX_MANDATES)
    }

    /// The mandate a voter has given.
    #[must_use]
    pub fn mandate(&self, topic: TopicNo, voter: VoterNo) -> Option<Mandate> {
        self.knows_away(topic).then(|| self.get(&key_of(topic, voter)))?
    }

    /// The trustees who are told by this record.
    #[must_use]
    pub fn told_by(&self, topic: TopicNo, voter: VoterNo, turn: Turn, seq: u64) -> Vec<PersonId> {
        let all: Vec<Told> = self.list(&told_prefix(topic, voter, turn), MAX_MANDATES);
        all.into_iter().filter(|told| told.seq == seq).map(|told| told.trustee).collect()
    }

    /// Whether somebody was ever told that a voter asks them.
    #[must_use]
    pub fn has_entrusted(&self, topic: TopicNo, voter: VoterNo, trustee: PersonId) -> bool {
        self.has(&told_prefix(topic, voter, Turn::Given).num(trustee.0))
    }

    /// The trustees a voter has asked lately.
    #[must_use]
    pub fn asked_lately(&self, topic: TopicNo, voter: VoterNo, now: DateTime<Utc>) -> Vec<PersonId> {
        let all: Vec<Told> = self.list(&told_prefix(topic, voter, Turn::Given), MAX_MANDATES);
        all.into_iter().filter(|told| is_lately(told, now)).map(|told| told.trustee).collect()
    }

    /// Whether anybody has given a mandate in a topic.
    #[must_use]
    pub fn has_mandates(&self, topic: TopicNo) -> bool {
        !self.list::<Mandate>(&prefix_of(topic), 1).is_empty()
    }

    /// The mandates of a topic.
    #[must_use]
    pub fn mandates(&self, topic: TopicNo) -> Vec<Mandate> {
        if self.knows_away(topic) { self.list(&prefix_of(topic), MAX_MANDATES) } else { Vec::new() }
    }

    /// Every mandate there is, of all topics.
    #[must_use]
    pub fn all_mandates(&self) -> Vec<Mandate> {
        self.list(&Key::new(kind::MANDATE), usize::MAX)
    }

    /// The mandates a person holds in a topic, the oldest first: the numbers of voters are in no order.
    #[must_use]
    pub fn mandates_of(&self, topic: TopicNo, trustee: PersonId) -> Vec<Mandate> {
        if !self.knows_away(topic) {
            return Vec::new();
        }
        let mut all: Vec<Mandate> = self.list(&prefix_of(topic), MAX_MANDATES);
        all.retain(|mandate| mandate.trustee == trustee);
        all.sort_by_key(|mandate| (mandate.at, mandate.voter));
        all
    }
}

/// A new roll has other numbers; a vote that is over needs no mandate.
pub fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
    world.remove_all(&Key::new(kind::MANDATE_TOLD).num(topic.0));
    world.remove_all(&Key::new(kind::PRINCIPAL).byte(0).num(topic.0));
}

/// The vote is over. A straw poll is no vote.
pub fn over(world: &mut World<'_>, poll: &Poll) {
    if poll.rule.is_vote() {
        forget(world, poll.topic);
    }
}

/// 合并 — what a newcomer was entrusted with is the known person's.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Mandate> = world.list(&Key::new(kind::MANDATE), usize::MAX);
    for mandate in all.into_iter().filter(|mandate| mandate.trustee == from) {
        world.put(&Mandate { trustee: into, ..mandate });
    }
    for mandate in world.all_mandates() {
        let (topic, voter) = (mandate.topic, mandate.voter);
        let Some(known) = world.get::<Principal>(&principal_key(topic, voter)) else { continue };
        let moved = |one: Option<PersonId>| one.map(|one| if one == from { into } else { one });
        world.put_at(
            principal_key(topic, voter),
            &Principal {
                person: moved(known.person),
                before: moved(known.before),
                entered_by: moved(known.entered_by),
            },
        );
    }
}

/// An account was taken for somebody else's: what it gave away in a topic it gives away no more.
pub fn forget_of(world: &mut World<'_>, topic: TopicNo, account: AccountNo) {
    let all: Vec<Mandate> = world.list(&prefix_of(topic), MAX_MANDATES);
    for mandate in all.into_iter().filter(|mandate| mandate.account == Some(account) && !mandate.written) {
        world.remove(mandate.key());
    }
}

/// Whether a mandate may be taken back by 撤回: nothing was done with it.
#[must_use]
pub fn is_unused(world: &World<'_>, topic: TopicNo, voter: VoterNo) -> bool {
    world.mandate(topic, voter).is_some_and(|mandate| mandate.used.is_none())
}
