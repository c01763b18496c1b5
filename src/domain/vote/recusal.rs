//! 替别人记的回避 — said of somebody before they have voted, in the open. Whoever it was said of may object (不回避): from then on they
//! vote, and the ballot counts, until a coordinator who did not say it settles it in the open (裁定). A ballot that is in stays.

use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::vote::absence::{Kind, MAX_ABSENT, counted};
use crate::domain::vote::poll::{Counted, Poll};
use crate::say;
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
}

/// Key of by whose word people were recused in a count.
#[must_use]
pub fn whose_key(poll: PollNo) -> Key {
    Key::new(kind::RECUSED_BY).num(poll.0)
}

impl World<'_> {
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
        if counted(self, poll).1 == 0 {
            return whose;
        }
        let moderator = self.topic(poll.topic).and_then(|topic| self.moderator_of(&topic)).unwrap_or(PersonId(0));
        for absence in self.absences(poll.topic) {
            let is_here = matches!(absence.seat, Seat::Roll(_)) == poll.voters.is_some();
            let voted = self.has(&Key::new(kind::BALLOT).num(poll.no.0).num(absence.seat.voter().0));
            if absence.kind != Kind::Recusal || !is_here || voted {
                continue;
            }
            if absence.own {
                whose.own += 1;
                continue;
            }
            // Ledgers from before this was kept: it was whoever moderated.
            let by = self.recusal(absence.topic, absence.seat).and_then(|recusal| recusal.by).unwrap_or(moderator);
            match whose.by.iter_mut().find(|(known, _)| *known == by) {
                Some((_, n)) => *n += 1,
                None => whose.by.push((by, 1)),
            }
        }
        whose
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

/// What is told of a poll, with by whose word people are recused in it.
#[must_use]
pub fn told(world: &World<'_>, poll: &Poll, what: Say) -> Say {
    let whose = world.recused_by(poll);
    let mut parts = Vec::new();
    if whose.own > 0 {
        parts.push(say!("recused.own", n = whose.own));
    }
    parts.extend(whose.by.iter().map(|(by, n)| say!("recused.by", who = world.name_of(*by), n = *n)));
    let what = match parts.is_empty() {
        true => what,
        false => say!("recused.told", what = what, list = Value::Clauses(parts)),
    };
    match world.partings(poll.no) {
        0 => what,
        n => say!("part.told", what = what, n = n),
    }
}
