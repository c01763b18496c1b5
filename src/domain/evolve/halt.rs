//! 暂缓、终止、并案 — what they make of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::process::halt::{merged_key, seconds_anew};
use crate::domain::process::topic::Halt;
use crate::domain::talk::gathering::Gathering;
use crate::domain::talk::series::Series;
use std::collections::BTreeSet;

impl Application<'_, '_, '_> {
    /// 并案 — gatherings without minutes, and series, are about what their topic goes on as: who comes counts there; who came counts
    /// where they did.
    fn gatherings_move(&mut self, from: TopicNo, into: TopicNo) {
        let is_open = |one: &Gathering| !one.minutes && one.off.is_none();
        for one in self.world.gatherings_of(from).into_iter().filter(is_open) {
            self.world.gathering_is_of(one.no, Some(into), one.topic);
            self.world.put(&Gathering { topic: Some(into), ..one });
        }
        for one in self.world.all_series().into_iter().filter(|one| one.topic == Some(from)) {
            self.world.put(&Series { topic: Some(into), ..one });
        }
    }

    /// 并案 — whoever seconded both has seconded one thing.
    fn seconds_join(&mut self, no: TopicNo, into: TopicNo) {
        let (came, were) = (self.seconds_of_all(no), self.seconds_of_all(into));
        for &person in came.intersection(&were) {
            self.world.change_own(person, |own| own.seconds = own.seconds.saturating_sub(1));
        }
    }

    /// 恢复、重开、并案取消 — it goes on from where it stood.
    pub(super) fn resumed(&mut self, no: TopicNo, was: Option<Halt>) {
        self.halted(no, None, &Words::default());
        match was {
            Some(Halt::Merged(into)) => self.merged_not(no, into),
            Some(Halt::Ended) => self.merged_with(no, false),
            Some(Halt::Paused) | None => {}
        }
    }

    /// 并案取消 — its seconds are its own again; gatherings stay with what it went on as.
    fn merged_not(&mut self, no: TopicNo, into: TopicNo) {
        self.world.remove(merged_key(into, no));
        for part in self.world.whole_of(no) {
            self.topic(part, |topic| {
                topic.moved_to = (part != no).then_some(no);
                topic.moved_over = false;
            });
        }
        for no in std::iter::once(into).chain(self.world.goes_on_as(into)) {
            let seconds = self.world.topic(no).map_or(0, |topic| self.world.seconders(&topic).len());
            self.topic(no, |topic| topic.seconds = u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        let (came, were) = (self.seconds_of_all(no), self.seconds_of_all(into));
        for &person in came.intersection(&were) {
            self.world.change_own(person, |own| own.seconds += 1);
        }
    }

    fn seconds_of_all(&self, no: TopicNo) -> BTreeSet<PersonId> {
        let mut people = BTreeSet::new();
        for part in self.world.whole_of(no) {
            self.world.seconds_of(part, |person| {
                people.insert(person);
            });
        }
        people
    }

    pub(super) fn halted(&mut self, no: TopicNo, halt: Option<Halt>, reason: &Words) {
        let at = self.record.at;
        self.topic(no, |topic| {
            topic.halt = halt;
            topic.halt_reason = reason.clone();
            topic.halted_at = halt.map(|_| at);
        });
        if let Some(Halt::Merged(into)) = halt {
            self.seconds_join(no, into);
            self.world.put_at(merged_key(into, no), &no);
            seconds_anew(self.world, into);
            self.gatherings_move(no, into);
            for no in self.world.whole_of(no) {
                self.topic(no, |topic| topic.moved_to = Some(into));
            }
        }
        let live = Key::new(kind::LIVE_TOPIC).num(no.0);
        match halt {
            Some(Halt::Ended | Halt::Merged(_)) => {
                self.merged_with(no, halt == Some(Halt::Ended));
                self.world.remove(live);
                self.lights_out(no);
            }
            Some(Halt::Paused) | None => self.world.put_at(live, &no),
        }
        let deed = halt.map_or(What::Resumed, What::Halted);
        self.deed(deed, Some(no), self.record.by);
        self.trace(None, 0);
    }
}
