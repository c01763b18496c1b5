//! 替别人记的回避 — said of somebody before they have voted, in the open. Whoever it was said of may object (不回避): from then on they
//! vote, and the ballot counts, until a coordinator who did not say it settles it in the open (裁定). A ballot that is in stays.

use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::vote::absence::{Kind, MAX_ABSENT};
use crate::domain::vote::poll::{Counted, Poll};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// 已记.
    Entered,
    /// 有异议 — suspended.
    Contested,
    /// 裁定回避.
    Upheld,
    /// 裁定不回避 — nobody enters it again.
    Dismissed,
    /// 异议后撤回 — taken back after the objection, which nobody has settled: nobody enters it again.
    Dropped,
}

/// 来得及答复 — hours whoever is spoken for has at least, from what is said of them in an open vote to its close.
const HOURS_TO_ANSWER: i64 = 24;

/// Until when somebody else may say of one what changes an open vote: later, whoever it is said of could not answer. Of a vote of less
/// than two such spans, its first half.
#[must_use]
pub fn answerable_until(poll: &Poll) -> DateTime<Utc> {
    let half = (poll.ends - poll.opened) / 2;
    poll.ends - half.min(Duration::hours(HOURS_TO_ANSWER))
}

/// 替别人记的回避.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recusal {
    /// Topic.
    pub topic: TopicNo,
    /// Seat.
    pub seat: Seat,
    /// Who said it.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: Words,
    /// How far it has come.
    pub stage: Stage,
    /// 不回避 — what whoever it is said of said against it.
    pub contest: Words,
}

impl Entity for Recusal {
    fn key(&self) -> Key {
        key_of(self.topic, self.seat)
    }
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::RECUSAL).num(topic.0)
}

/// Its key.
#[must_use]
pub fn key_of(topic: TopicNo, seat: Seat) -> Key {
    match seat {
        Seat::Roll(voter) => prefix_of(topic).byte(0).num(voter.0),
        Seat::Person(person) => prefix_of(topic).byte(1).num(person.0),
    }
}

/// A new roll has other numbers.
pub(crate) fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
}

/// By whose word people are recused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// By their own.
    pub own: u32,
    /// By whose how many.
    pub by: Vec<(PersonId, u32)>,
    /// By whose word whom; old ledgers do not say.
    pub whom: Vec<Entered>,
    /// 异议未裁定 — whom nobody has settled yet: they may vote, and count.
    pub open: Vec<Entered>,
    /// 替记的请假 — where members vote it lowers the number of those due, too.
    pub leave: Vec<Entered>,
}

impl Whose {
    /// Whether there is anything to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own == 0 && self.by.is_empty() && self.open.is_empty() && self.leave.is_empty()
    }
}

/// A recusal said of somebody, or leave entered for them, by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Who said it.
    pub by: PersonId,
    /// Of whom.
    pub seat: Seat,
}

/// Key of by whose word people were recused in a count.
#[must_use]
pub fn whose_key(poll: PollNo) -> Key {
    Key::new(kind::RECUSED_BY).num(poll.0)
}

impl World<'_> {
    /// 裁定人 — who may settle an objection to a recusal: coordinators who neither entered it nor are meant by it. None where there is
    /// nobody else yet.
    #[must_use]
    pub fn recusal_judges(&self, topic: TopicNo, seat: Seat) -> Vec<PersonId> {
        let by = self.recusal(topic, seat).and_then(|recusal| recusal.by);
        let meant: Vec<PersonId> = match seat {
            Seat::Person(person) => vec![person],
            Seat::Roll(voter) => {
                let voter = self.voter(topic, voter);
                voter.map(|voter| self.people_of(&voter)).unwrap_or_default().iter().map(|one| one.id).collect()
            }
        };
        let town = self.topic(topic).map(|topic| topic.town).unwrap_or_default();
        let others = self.coordinators_of(&town).into_iter().map(|one| one.id);
        others.filter(|one| Some(*one) != by && !meant.contains(one)).collect()
    }

    /// What is written for a seat in a command: a person's name; for a voter the first name on the roll that is nobody else's, or the flat.
    #[must_use]
    pub fn written_for(&self, topic: TopicNo, seat: Seat) -> String {
        let voter = match seat {
            Seat::Person(person) => return self.name_of(person),
            Seat::Roll(voter) => self.voter(topic, voter),
        };
        let is_alone = |name: &str| self.voter_called(topic, name).is_some();
        let names = voter.iter().flat_map(|voter| voter.names.iter().chain(&voter.rooms));
        names.map(|name| name.as_str()).find(|name| is_alone(name)).unwrap_or_default().to_owned()
    }

    /// What somebody else said of a seat.
    #[must_use]
    pub fn recusal(&self, topic: TopicNo, seat: Seat) -> Option<Recusal> {
        self.get(&key_of(topic, seat))
    }

    /// Whether a poll is open on a topic that still takes ballots.
    #[must_use]
    pub fn is_voted_on(&self, topic: TopicNo, at: DateTime<Utc>) -> bool {
        let open = self.topic(topic).and_then(|topic| self.poll(topic.poll?));
        open.is_some_and(|poll| at < poll.ends)
    }

    /// Who said of a seat that it is away, where that was somebody else.
    #[must_use]
    pub fn said_away_by(&self, topic: TopicNo, seat: Seat, kind: Kind) -> Option<PersonId> {
        match kind {
            Kind::Recusal => self.recusal(topic, seat)?.by,
            Kind::Leave => self.absence(topic, seat).filter(|one| one.kind == kind && !one.own)?.by,
        }
    }

    /// The objections of a topic that nobody has settled.
    #[must_use]
    pub fn contested(&self, topic: TopicNo) -> Vec<Recusal> {
        let mut all: Vec<Recusal> = self.list(&prefix_of(topic), MAX_ABSENT);
        all.retain(|recusal| recusal.stage == Stage::Contested);
        all
    }

    /// By whose word people are recused in a poll, as it stands now.
    #[must_use]
    pub fn recused_now(&self, poll: &Poll) -> Whose {
        let mut whose = Whose::default();
        if !poll.rule.is_vote() || !self.knows_away(poll.topic) {
            return whose;
        }
        let is_here = |seat: Seat| matches!(seat, Seat::Roll(_)) == poll.voters.is_some();
        // Ledgers from before this was kept: it was whoever moderated.
        let moderator = self.topic(poll.topic).and_then(|topic| self.moderator_of(&topic)).unwrap_or(PersonId(0));
        for absence in self.absences(poll.topic) {
            let seat = absence.seat;
            if !is_here(seat) || self.has(&Key::new(kind::BALLOT).num(poll.no.0).num(seat.voter().0)) {
                continue;
            }
            if absence.kind == Kind::Leave {
                whose.leave.extend(absence.by.filter(|_| !absence.own).map(|by| Entered { by, seat }));
                continue;
            }
            if absence.own {
                whose.own += 1;
                continue;
            }
            let by = self.recusal(absence.topic, seat).and_then(|recusal| recusal.by).unwrap_or(moderator);
            whose.whom.push(Entered { by, seat });
            match whose.by.iter_mut().find(|(known, _)| *known == by) {
                Some((_, n)) => *n += 1,
                None => whose.by.push((by, 1)),
            }
        }
        let is_own =
            |seat: Seat| self.absence(poll.topic, seat).is_some_and(|one| one.kind == Kind::Recusal && one.own);
        let open = self.contested(poll.topic).into_iter().filter(|one| is_here(one.seat) && !is_own(one.seat));
        whose.open = open.map(|one| Entered { by: one.by.unwrap_or(moderator), seat: one.seat }).collect();
        whose
    }

    /// Those of them who can be named: by the numbers of a roll, as long as it is the one that was voted on.
    #[must_use]
    pub fn named_of(&self, poll: &Poll, entered: &[Entered]) -> Vec<Entered> {
        let is_same = poll.voters.is_none() || self.roll(poll.topic).is_some_and(|roll| roll.loaded <= poll.opened);
        let mut named = if is_same { entered.to_vec() } else { Vec::new() };
        // The order of their numbers is nobody's business.
        named.sort_by_cached_key(|one| match one.seat {
            Seat::Roll(no) => self.voter(poll.topic, no).map(|voter| (voter.rooms, voter.names)),
            Seat::Person(person) => Some((Vec::new(), vec![self.name_of(person).into()])),
        });
        named
    }

    /// By whose word people were recused in a poll, as it was counted; while it is open, as it stands.
    #[must_use]
    pub fn recused_by(&self, poll: &Poll) -> Whose {
        match poll.result {
            Some(Counted { .. }) => self.get(&whose_key(poll.no)).unwrap_or_default(),
            None => self.recused_now(poll),
        }
    }
}

/// Names told of one kind; the others are a number.
const NAMED: usize = 10;

/// A list of names that is not too long.
fn listed(names: Vec<Value>) -> Say {
    let more = if names.len() > NAMED { say!("recused.more") } else { say!("none") };
    say!("recused.list", list = Value::List(names.into_iter().take(NAMED).collect()), more = more)
}

/// Whom somebody has recused.
fn recused_by(world: &World<'_>, poll: &Poll, whom: &[Entered], (by, n): (PersonId, u32)) -> Say {
    let who = world.name_of(by);
    let theirs = whom.iter().filter(|one| one.by == by);
    let names: Vec<Value> = theirs.map(|one| world.seat_called(poll.topic, one.seat)).collect();
    match names.is_empty() {
        true => say!("recused.by", who = who, n = n),
        false => say!("recused.by.whom", who = who, n = n, list = listed(names)),
    }
}

/// Each of those entered, by its seat and by whom; `None` where the roll is another one since, and only their number can be told.
fn each_of(world: &World<'_>, poll: &Poll, entered: &[Entered]) -> Option<Say> {
    let row = |one: Entered| {
        let hh = world.seat_called(poll.topic, one.seat);
        say!("recused.open.row", hh = hh, who = world.name_of(one.by)).into()
    };
    let rows: Vec<Value> = world.named_of(poll, entered).into_iter().map(row).collect();
    (!rows.is_empty()).then(|| listed(rows))
}

/// For whom leave was entered by somebody else.
fn on_leave(world: &World<'_>, poll: &Poll, whose: &Whose, what: Say) -> Say {
    match (whose.leave.len(), each_of(world, poll, &whose.leave)) {
        (0, _) => what,
        (n, None) => say!("recused.leave.number", what = what, n = n),
        (n, Some(list)) => say!("recused.leave", what = what, n = n, list = list),
    }
}

/// 书面委托 — for whom somebody else voted by a mandate on paper, and who entered it.
fn by_paper(world: &World<'_>, poll: &Poll, what: Say) -> Say {
    let papers = world.cast_by_papers(poll.no);
    match (papers.len(), each_of(world, poll, &papers)) {
        (0, _) => what,
        (n, None) => say!("mandate.papers.number", what = what, n = n),
        (n, Some(list)) => say!("mandate.papers", what = what, n = n, list = list),
    }
}

/// Whose account an official took away while the vote was open.
fn cut_off(world: &World<'_>, poll: &Poll, what: Say) -> Say {
    let cut = world.cut_in(poll.no);
    match (cut.len(), each_of(world, poll, &cut)) {
        (0, _) => what,
        (n, None) => say!("unlink.told.number", what = what, n = n),
        (n, Some(list)) => say!("unlink.told", what = what, n = n, list = list),
    }
}

/// Whose objection is open.
fn still_open(world: &World<'_>, poll: &Poll, whose: &Whose, what: Say) -> Say {
    match (whose.open.len(), each_of(world, poll, &whose.open)) {
        (0, _) => what,
        (n, None) => say!("recused.open.number", what = what, n = n),
        (n, Some(list)) => say!("recused.open", what = what, n = n, list = list),
    }
}

/// What is told of a poll, with by whose word people are recused in it.
#[must_use]
pub fn told(world: &World<'_>, poll: &Poll, what: Say) -> Say {
    let whose = world.recused_by(poll);
    let mut parts = Vec::new();
    if whose.own > 0 {
        parts.push(say!("recused.own", n = whose.own));
    }
    let whom = world.named_of(poll, &whose.whom);
    parts.extend(whose.by.iter().map(|by| recused_by(world, poll, &whom, *by)));
    let what = match parts.is_empty() {
        true => what,
        false => say!("recused.told", what = what, list = Value::Clauses(parts)),
    };
    let what = by_paper(world, poll, what);
    let what = cut_off(world, poll, on_leave(world, poll, &whose, still_open(world, poll, &whose, what)));
    match world.partings(poll.no) {
        0 => what,
        n => say!("part.told", what = what, n = n),
    }
}
