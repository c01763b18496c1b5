//! 周末有约 — who is told.

use crate::domain::announce::Herald;
use crate::domain::kernel::say;
use crate::domain::kernel::say::Value;
use crate::domain::talk::gathering::{Joined, sitting};
use crate::domain::talk::series;
use crate::say;

impl Herald<'_, '_> {
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
                let rhythm = series::rhythm(&series);
                self.here(match series.rhythm.is_weekly() {
                    true => say!("series", series = name, rhythm = rhythm, next = next),
                    false => say!("series.other", series = name, rhythm = rhythm, next = next),
                });
            }
            series::Fact::Called { series, gathering, at, until, .. } => {
                let Some(series) = self.world.series(*series) else { return };
                let (when, place) = (sitting(self.settings, self.record.at, *at, *until), &series.place);
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
                self.here(match series.rhythm.is_weekly() {
                    true => say!("series.end", series = &series.name),
                    false => say!("series.other.end", series = &series.name),
                });
            }
            series::Fact::Reminded { gathering } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = sitting(self.settings, self.record.at, known.at, known.until);
                let what = say!("act.remind", a = *gathering, title = &known.name, when = when, r#where = &known.place);
                self.world.people_coming(*gathering).into_iter().for_each(|person| self.push(person, what.clone()));
                // A name on a list that no account stands behind is reached where the list was.
                let is_unknown = |line: &Joined| {
                    let bearer = self.world.bearer_of(line.person, &line.name);
                    line.person.is_none() && bearer.is_none_or(|one| !self.world.confides(one))
                };
                if self.world.sign_ups(*gathering).iter().any(is_unknown) {
                    self.groups(known.group.as_slice(), &what, true, false);
                }
            }
        }
    }

    fn tell_group_of(&mut self, series: &series::Series, what: say::Say) {
        match series.group {
            Some(group) if self.record.group == Some(group) => self.here(what),
            Some(group) => self.groups(&[group], &what, true, false),
            None => {}
        }
    }
}
