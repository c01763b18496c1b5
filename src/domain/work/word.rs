//! 等谁的话 — whose word a matter that is open waits for: who says whether a task is done, who is to be answered, who is asked to look at
//! the plan, who asked for all of it. As long as it does, whoever has a part in the matter leaves their account, entry and roles alone
//! ([`Settling::Account`]), and the group reads what somebody else does with them.

use crate::domain::kernel::ids::{ObjectionRef, PersonId, TaskNo};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Person, Side};
use crate::domain::process::conflict::{Settling, Stake, settles};
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::work::rater::party_in;
use crate::domain::work::task::{State, Task};
use crate::say;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// 评价 of what a task was answered.
    Rating(TaskNo),
    /// What somebody says to the answer to their objection.
    Objection(ObjectionRef),
    /// 专家意见 of somebody invited for it.
    Review,
    /// Whoever asked says in the end whether it is done.
    Asker,
}

impl Word {
    /// How it is said of somebody.
    #[must_use]
    pub fn said(self) -> Say {
        match self {
            Self::Rating(task) => say!("word.rating", t = task),
            Self::Objection(objection) => say!("word.objection", objection = objection.named()),
            Self::Review => say!("word.review"),
            Self::Asker => say!("word.asker"),
        }
    }
}

impl World<'_> {
    /// What waits for somebody's word, of every topic that goes on or is paused.
    #[must_use]
    pub fn words_awaited(&self, person: PersonId) -> Vec<(Topic, Word)> {
        let is_open = |topic: &Topic| topic.step != Step::Closed && topic.halt.is_none_or(|halt| halt == Halt::Paused);
        let topics = self.live_topics().into_iter().filter(is_open);
        topics.filter_map(|topic| self.word_awaited(&topic, person).map(|word| (topic, word))).collect()
    }

    fn word_awaited(&self, topic: &Topic, person: PersonId) -> Option<Word> {
        let rates = |task: &Task| match task.state {
            State::Answered => self.raters(task).contains(&person),
            State::Assigned | State::Acked | State::Returned | State::Done => self.waits_for_rating_by(task, person),
        };
        if let Some(task) = self.tasks(topic.no).iter().find(|task| rates(task)) {
            return Some(Word::Rating(task.no));
        }
        if let Some(objection) = self.unanswered_of(topic.no, person).first() {
            return Some(Word::Objection(objection.reference));
        }
        if topic.step <= Step::Reviewing && self.invited_as(topic.no, person) == Some(Side::Expert) {
            return Some(Word::Review);
        }
        self.proposers(topic).contains(&person).then_some(Word::Asker)
    }

    /// 利害 — the matter that waits for somebody's word and in which somebody else has a part: what, and which part.
    #[must_use]
    pub fn word_in_hand(&self, by: &Person, person: PersonId) -> Option<(Topic, Word, Stake)> {
        if by.id == person {
            return None;
        }
        self.words_awaited(person).into_iter().find_map(|(topic, word)| {
            let stake = self.part_in(by, &topic, word)?;
            Some((topic, word, stake))
        })
    }

    fn part_in(&self, by: &Person, topic: &Topic, word: Word) -> Option<Stake> {
        let has_asked_them = |word: Word| match word {
            Word::Review => self.invitations(topic.no).iter().any(|one| one.by == Some(by.id)),
            Word::Rating(_) | Word::Objection(_) | Word::Asker => false,
        };
        let task = match word {
            Word::Rating(no) => self.task(no),
            Word::Objection(_) | Word::Review | Word::Asker => None,
        };
        let asked = (has_asked_them(word) && !settles(Stake::Doer, Settling::Account)).then_some(Stake::Doer);
        party_in(self, by, topic, task.as_ref(), Settling::Account).or(asked)
    }
}
