//! Who hears that a vote is about to end: each who has not voted, in private; the group, a number.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{GroupId, PersonId};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::Value;
use crate::domain::vote::nudge::Fact;
use crate::domain::vote::poll::{Poll, household};
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn nudge(&mut self, fact: &Fact) {
        let Fact::Reminded { poll, missing, people } = fact else { return };
        let Some(poll) = self.world.poll(*poll) else { return };
        let end = Value::Moment(poll.ends);
        let (no, n, title) = (poll.topic, *missing, &poll.title);
        let is_secret = self.world.poll_terms(poll.no).is_some_and(|terms| terms.secret);
        let line = match self.has_options(&poll) {
            // A choice said in the group would stand there.
            true if is_secret => say!("remind.group.secret", no = no, title = title, end = end, n = n),
            true => say!("remind.group.options", no = no, title = title, end = end, n = n),
            false => say!("remind.group", no = no, title = title, end = end, n = n),
        };
        let mut groups: Vec<GroupId> = poll.group.into_iter().collect();
        groups.extend(self.world.bound_groups(poll.topic));
        let before = self.out.len();
        match self.record.way {
            Way::Group | Way::Press => self.here_and(&groups, &line),
            Way::Private => {
                self.here(say!("remind", no = poll.topic, n = *missing, m = people.len()));
                self.groups(&groups, &line, true, false);
            }
            Way::Page | Way::Clock | Way::Platform | Way::Office => self.groups(&groups, &line, true, false),
        }
        self.until_close(before, poll.no);
        for person in people {
            self.nudged(&poll, *person);
        }
    }

    fn has_options(&self, poll: &Poll) -> bool {
        self.world.poll_terms(poll.no).is_some_and(|terms| terms.method.is_some())
    }

    fn nudged(&mut self, poll: &Poll, id: PersonId) {
        let Some(person) = self.world.person(id) else { return };
        let Some(voter) = self.world.voter_of(poll.topic, &person) else { return };
        let (hh, end) = (household(&voter), Value::Moment(poll.ends));
        let what = match self.has_options(poll) {
            true => say!("remind.you.options", no = poll.topic, title = &poll.title, hh = hh, end = end),
            false => say!("remind.you", no = poll.topic, title = &poll.title, hh = hh, end = end),
        };
        // Not asked for by whoever gets it: it waits for the end of the quiet hours.
        self.push_as(For::Voter(id, poll.no), what);
    }
}
