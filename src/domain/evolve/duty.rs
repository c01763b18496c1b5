//! 履职 — what records of duty and the marks of people make of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed;
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::duty::{Duty, Fact, fingerprint};
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::person;
use crate::domain::people::undoable::Undoable;
use chrono::{DateTime, Utc};

impl Application<'_, '_, '_> {
    pub(super) fn duty(&mut self, fact: &Fact) {
        match fact {
            Fact::Served { person, n, kind, text, heads, topic } => {
                let (person, n, kind, heads, topic) = (*person, *n, *kind, *heads, *topic);
                let recorder = self.record.by.unwrap_or(person);
                let (at, text) = (self.record.at, text.or_gone());
                let fingerprint = fingerprint(person, kind, text.as_str());
                self.world.put(&Duty { person, n, kind, text, heads, topic, recorder, at, withdrawn: false });
                self.world.put_at(Key::new(kind::DUTY_COUNT).num(person.0), &n);
                self.deed(What::Served(kind, heads), topic, Some(person));
                self.trace(Some(Undoable::Duty(person, n)), fingerprint);
            }
            Fact::Struck { person, n, .. } => {
                self.duty_undone(*person, *n);
                self.trace(None, 0);
            }
            Fact::Tagged { person, tags, expertise } => {
                if let Some(mut known) = self.world.person_kept(*person) {
                    let was = known.clone();
                    known.tags.clone_from(tags);
                    known.expertise = expertise.clone();
                    self.keep_past(&was, &known);
                    self.world.put(&known);
                }
            }
        }
    }

    pub(super) fn duty_undone(&mut self, person: PersonId, n: u32) {
        if let Some(mut duty) = self.world.duty(person, n) {
            // Its deed counts in no figure any more, however long ago it was done.
            let (start, mut found) = (deed::hour_of(duty.at), None);
            let what = What::Served(duty.kind, duty.heads);
            let same = |at: DateTime<Utc>| at.timestamp_millis() == duty.at.timestamp_millis();
            self.world.scan_from(&Key::new(kind::DEED), start.bytes(), |key, one: Deed| {
                if one.what == what && one.by == Some(person) && same(one.at) {
                    found = Some(key.to_vec());
                }
                found.is_none() && one.at.timestamp_millis() <= duty.at.timestamp_millis()
            });
            if let Some(key) = found {
                self.world.remove(Key::raw(key));
            }
            duty.withdrawn = true;
            self.world.put(&duty);
        }
    }

    /// The deed of this fact stands on the account of somebody who did not speak: who came, who led.
    pub(super) fn credit(&mut self, person: PersonId) {
        if self.world.person(person).is_some_and(|known| known.holds(person::Role::Member)) {
            let key = deed::prefix_of(self.record.at, self.record.seq).num(self.index);
            self.world.credit(person, key.bytes());
        }
    }

    /// 办结 — the lead has brought it to its end, whoever says so.
    pub(super) fn credit_lead(&mut self, no: TopicNo) {
        if let Some(lead) = self.world.topic(no).and_then(|topic| topic.lead) {
            self.credit(lead);
        }
    }
}
