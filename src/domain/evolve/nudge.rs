//! What a reminder makes of the world.

use crate::domain::evolve::Application;
use crate::domain::kernel::alarm::nudge_key;
use crate::domain::kernel::ids::PollNo;
use crate::domain::kernel::world;
use crate::domain::vote::nudge::{Fact, Nudge, key_of, told_key};
use crate::domain::vote::poll::Poll;
use chrono::{DateTime, Utc};

impl Application<'_, '_, '_> {
    pub(super) fn nudge(&mut self, fact: &Fact) {
        match fact {
            Fact::Planned { poll, at } => {
                self.nudge_at(*poll, *at);
                if self.record.by.is_some() {
                    self.trace(None, 0);
                }
            }
            Fact::Reminded { poll, people, .. } => {
                for person in people {
                    self.world.put_at(told_key(*poll, *person), person);
                }
                // What came by itself comes once.
                let next = self.world.nudge_due(*poll).filter(|at| *at > self.record.at);
                self.nudge_at(*poll, next);
                let last = self.record.at.timestamp_millis();
                let nudge = self.world.nudge(*poll);
                self.world.put_at(key_of(*poll), &Nudge { last, ..nudge });
                self.trace(None, 0);
            }
        }
    }

    fn nudge_at(&mut self, poll: PollNo, at: Option<DateTime<Utc>>) {
        if let Some(before) = self.world.nudge_due(poll) {
            self.world.remove(nudge_key(before, poll));
        }
        if let Some(at) = at {
            self.world.put_at(nudge_key(at, poll), &poll);
        }
        let nudge = self.world.nudge(poll);
        self.world.put_at(key_of(poll), &Nudge { at: at.map_or(0, |at| at.timestamp_millis()), ..nudge });
    }

    /// The vote is over: nobody is reminded of it, and who was is no longer known.
    pub(super) fn nudge_over(&mut self, poll: &Poll) {
        if self.world.has(&key_of(poll.no)) {
            self.nudge_at(poll.no, None);
            self.world.remove(key_of(poll.no));
        }
        self.world.remove_all(&world::Key::new(world::kind::NUDGED).num(poll.no.0));
    }
}
