//! 免打扰里的私信 — letters to people that nobody asked for wait for the morning, unless the table ([`haste`]) says otherwise; asked once a
//! record of every letter to a person.

use crate::domain::addressee::For;
use crate::domain::announce::{Herald, To};
use crate::domain::event::Event;
use crate::domain::haste::{Haste, haste};
use crate::domain::kernel::ids::PersonId;
use chrono::{DateTime, Utc};

impl Herald<'_, '_> {
    /// Every letter to a person that they have not asked for just now, and that may wait, waits.
    pub(super) fn let_sleep(&mut self) {
        let at = self.record.at;
        if !self.settings.is_quiet(self.settings.quiet, at) {
            return;
        }
        let haste = self.record.facts.iter().map(haste).max().unwrap_or(Haste::Morning);
        let morning = self.settings.after_quiet(self.settings.quiet, at);
        let mut letters = std::mem::take(&mut self.out);
        for letter in &mut letters {
            let reader = match (&letter.to, &letter.whom) {
                (To::Person(person), _) => Some(*person),
                (To::Account(_), whom) => whom.person(),
                (To::Here | To::Toast | To::Group(_), _) => None,
            };
            let may_wait = |person: PersonId| match haste {
                Haste::Now => false,
                Haste::Close => !self.closes_before(person, morning),
                Haste::Morning => true,
            };
            // What becomes of somebody with whom nobody can speak any more is told while they can be.
            let is_leaving = matches!(letter.whom, For::Leaving(_));
            if reader.is_some_and(|person| Some(person) != self.record.by && !is_leaving && may_wait(person)) {
                letter.is_push = true;
            }
        }
        self.out = letters;
    }

    /// Whether somebody votes in, or moderates, a vote that closes before then; or could object to a notice that ends before then.
    fn closes_before(&self, id: PersonId, morning: DateTime<Utc>) -> bool {
        let Some(person) = self.world.person(id) else { return false };
        let closing = self.world.open_polls().into_iter().filter(|poll| poll.ends <= morning);
        let is_theirs = |no| {
            let topic = self.world.topic(no);
            topic.is_some_and(|topic| self.world.moderator_of(&topic) == Some(id))
        };
        let mut closing =
            closing.filter(|poll| self.world.elector_no(poll, &person).is_some() || is_theirs(poll.topic));
        let hidden = self.record.facts.iter().any(|fact| matches!(fact, Event::Hiding(_)));
        let ends = |until: DateTime<Utc>| self.record.at < until && until <= morning;
        closing.next().is_some()
            || hidden
                && self
                    .world
                    .live_topics()
                    .iter()
                    .any(|topic| self.world.notice(topic).is_some_and(|notice| ends(notice.until)))
    }
}
