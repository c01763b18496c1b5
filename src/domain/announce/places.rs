//! 阵地、层级、专题、爱心项目 — what whoever enters them is answered.

use super::Herald;
use crate::domain::ids::{CampaignNo, StationId};
use crate::domain::say::Value;
use crate::domain::world::{Key, kind};
use crate::domain::{campaign, charity, series, station, tier};
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn station_set(&mut self, id: StationId) {
        if let Some(station) = self.world.station(id) {
            self.here(station::card(&station));
        }
    }

    pub(super) fn of_tier(&mut self, fact: &tier::Fact) {
        match fact {
            tier::Fact::Set { topic, tier } => {
                let Some(topic) = self.world.topic(*topic) else { return };
                self.here(tier::said(&topic, *tier));
            }
            tier::Fact::Planned { year, .. } => self.here(tier::against_done(self.world, self.settings, *year)),
        }
    }

    /// Once for all that one turn changes.
    pub(super) fn of_campaign(&mut self, fact: &campaign::Fact) {
        let is_last = self.record.facts.last().is_some_and(|last| match last {
            crate::domain::event::Event::Campaign(last) => last == fact,
            _ => false,
        });
        let (campaign::Fact::Set { campaign, .. }
        | campaign::Fact::Filled { campaign, .. }
        | campaign::Fact::Emptied { campaign, .. }) = fact;
        let CampaignNo(no) = *campaign;
        let known: Option<campaign::Campaign> = self.world.get(&Key::new(kind::CAMPAIGN).num(no));
        if let Some(campaign) = known.filter(|_| is_last) {
            self.here(campaign::card(self.world, &campaign));
        }
    }

    /// What the clock says of a series is pushed to its group; what somebody asked for just now is answered.
    pub(super) fn of_series(&mut self, fact: &series::Fact) {
        match fact {
            series::Fact::Begun { series, .. } => {
                let Some(series) = self.world.series(*series) else { return };
                let next = Value::Meeting(series.next.at);
                let name = &series.name;
                // Called in the same breath: it says itself when it is.
                let is_called = self.record.facts.len() > 1;
                let next = if is_called { say!("none") } else { say!("series.next", when = next) };
                self.here(say!("series", series = name, rhythm = series::rhythm(&series), next = next));
            }
            series::Fact::Called { series, gathering, at, .. } => {
                let Some(series) = self.world.series(*series) else { return };
                let (when, place) = (Value::Meeting(*at), &series.place);
                let call = say!("act.new", a = *gathering, title = &series.name, when = when, r#where = place);
                self.tell_group_of(&series, call);
            }
            series::Fact::Skipped { silent: true, .. } => {}
            series::Fact::Skipped { series, at, next, .. } => {
                let Some(series) = self.world.series(*series) else { return };
                let (day, next) = (self.settings.date(*at), Value::Meeting(next.at));
                self.tell_group_of(&series, say!("series.skip", day = day, series = &series.name, next = next));
            }
            series::Fact::Ended { series } => {
                let Some(series) = self.world.series(*series) else { return };
                self.here(say!("series.end", series = &series.name));
            }
            series::Fact::Reminded { gathering } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = Value::Meeting(known.at);
                let what = say!("act.remind", a = *gathering, title = &known.name, when = when, r#where = &known.place);
                for line in self.world.sign_ups(*gathering) {
                    if let Some(person) = line.person {
                        self.push(person, what.clone());
                    }
                }
            }
        }
    }

    fn tell_group_of(&mut self, series: &series::Series, what: crate::domain::say::Say) {
        match series.group {
            Some(group) if self.record.group == Some(group) => self.here(what),
            Some(group) => self.groups(&[group], &what, true, false),
            None => {}
        }
    }

    pub(super) fn of_charity(&mut self, fact: &charity::Fact) {
        let (charity::Fact::Registered { charity: no, .. } | charity::Fact::Moved { charity: no, .. }) = fact;
        if let Some(charity) = self.world.charity(*no) {
            self.here(charity::card(&charity));
        }
    }
}
