//! 日报 — which digests are settled.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::sent;

impl Application<'_, '_, '_> {
    pub(crate) fn digest(&mut self, event: &Event) {
        let Event::DigestClosed { group, date, number, late, parts } = event else { return };
        let digest = sent::Digest { group: *group, date: *date, number: *number, late: *late, parts: parts.clone() };
        if number.is_some() {
            self.world.put(&digest);
            self.world.made_for(*group, &digest);
        }
        let mut state = self.world.digest_state(*group);
        state.last = Some(*date);
        state.at = self.world.group(*group).map(|group| group.digest_at);
        state.number = number.unwrap_or(state.number);
        self.world.put(&state);
    }
}
