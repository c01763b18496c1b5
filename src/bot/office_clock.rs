//! 时钟 — what the office makes of the clock of its machine: a jump is a record of its own, and so is whoever settles it.

use super::office::{Committed, Fatal, Job, Office, Stopwatch};
use super::timekeeper::Noticed;
use super::turn::Draft;
use crate::domain::event::Event;
use crate::domain::history::clock::Fact;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::world::World;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;

impl Office {
    /// Time is felt by this stopwatch from now on.
    pub fn carry(&mut self, stopwatch: Stopwatch) {
        self.time.feel(stopwatch());
        self.stopwatch = Some(stopwatch);
    }

    /// What a stopwatch says that has run since the start.
    pub fn feel(&mut self, passed: Duration) {
        self.time.feel(passed);
    }

    /// A start: the clock is held against the last record, and the time zone against the one the office had. What is to be told of it
    /// goes out with the first batch.
    ///
    /// # Errors
    /// [`Fatal`].
    pub fn begin(&mut self, shown: DateTime<Utc>) -> Result<(), Fatal> {
        let state = Arc::clone(&self.state);
        let world = World::on(&*state);
        let clock = world.office_clock();
        let closes = world.open_polls().iter().any(|poll| poll.ends > self.last_at && poll.ends <= shown);
        if let Some(noticed) = self.time.begin(self.last_at, shown, clock.doubt.is_some(), closes) {
            self.record_of_clock(fact_of(noticed), Way::Clock)?;
        }
        let zone = self.settings.tz.name();
        let before = clock.zones.last().map(|(_, name)| name.clone()).unwrap_or_default();
        // Nothing is recorded of an office in which nothing has happened: there is no hour yet to record it at.
        if before != zone && self.head_seq() > 0 {
            self.record_of_clock(Fact::Zone { from: before, to: zone.to_owned() }, Way::Clock)?;
        }
        Ok(())
    }

    /// What time it is for this batch.
    pub(super) fn look_at_clock(&mut self, jobs: &[Job], shown: DateTime<Utc>) -> Result<DateTime<Utc>, Fatal> {
        if let Some(stopwatch) = &self.stopwatch {
            self.time.feel(stopwatch());
        }
        let (own, noticed) = self.time.look(shown);
        if let Some(noticed) = noticed {
            self.record_of_clock(fact_of(noticed), Way::Clock)?;
        }
        let is_right = jobs.iter().any(|job| self.bears_out(job, shown));
        if !is_right {
            return Ok(own);
        }
        self.record_of_clock(Fact::Settled { shown, is_right: true }, Way::Platform)?;
        Ok(self.time.believe(shown))
    }

    /// Whether what was just said on a platform with a clock of its own shows that ours is right.
    fn bears_out(&self, job: &Job, shown: DateTime<Utc>) -> bool {
        let Job::Heard(incoming) = job else { return false };
        let is_witness = |platform: &str| self.witnesses.contains(&platform);
        incoming.from.account.split(':').next().is_some_and(is_witness)
            && incoming.said_at.is_some_and(|said| self.time.is_borne_out(said, shown))
    }

    fn record_of_clock(&mut self, fact: Fact, way: Way) -> Result<(), Fatal> {
        if matches!(&fact, Fact::Zone { from, .. } if from.is_empty()) {
            tracing::info!(?fact, "the time zone this office goes by");
        } else {
            tracing::warn!(?fact, "the clock or the time zone of the machine");
        }
        let state = Arc::clone(&self.state);
        let mut world = World::on(&*state);
        let now = self.time.latest().max(self.last_at);
        let mut draft = Draft { now, ..Draft::default() };
        let record = self.record(way, None, None, now, vec![Event::Clock(fact)], 0);
        self.settle(&mut world, &mut draft, record, false, None);
        Self::note_hour(&mut world, now);
        let told = self.make_durable(world.into_overlay(), draft, Committed::default(), &[])?;
        self.told_of_clock.letters.extend(told.letters);
        self.is_due_known = false;
        Ok(())
    }

    /// Somebody said that the clock is right: from the next batch on it is believed.
    pub(super) fn heed_clock(&mut self, draft: &Draft) {
        let facts = draft.records.iter().filter(|record| record.by.is_some()).flat_map(|record| &record.facts);
        if facts.into_iter().any(|fact| matches!(fact, Event::Clock(Fact::Settled { is_right: true, .. }))) {
            let shown = self.time.latest() + self.time.skew();
            self.time.believe(shown);
            self.is_due_known = false;
        }
    }
}

fn fact_of(noticed: Noticed) -> Fact {
    match noticed {
        Noticed::Jump { expected, shown, taken } => Fact::Jumped { expected, shown, taken },
        Noticed::Settled { shown, is_right } => Fact::Settled { shown, is_right },
    }
}
