//! 办结 — who is told of the end.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::words::Words;
use crate::domain::process::topic::page;
use crate::domain::work::outcome::{Account, Outcome, listed, turned};
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn closed(&mut self, no: TopicNo, outcomes: &[Outcome], note: &Words, account: &Account) {
        let Some(topic) = self.world.topic(no) else { return };
        let what = say!(
            "close",
            no = no,
            title = &topic.title,
            out = listed(outcomes, note),
            days = account.days,
            sug = account.suggestions,
            ad = account.adopted,
            people = account.people,
            chg = turned(account),
            url = page(no),
        );
        self.here_and(&self.all_groups(&topic), &what);
    }
}
