//! 回看 — what stood at the end of a window that is over: a figure of March is the same whenever it is asked for. Read once from the
//! deeds up to then; papers are put together at their hour and need none of it.

use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::{PersonId, TaskNo, TopicNo};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::work::task::{Grade, Light, State, Task};
use crate::figures::desk::{Desk, RED_AFTER_HOURS};
use crate::figures::scope::About;
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// What had been done by a moment.
#[derive(Debug)]
pub(super) struct Past {
    /// The moment; what was done at it or later is left out.
    pub(super) to: DateTime<Utc>,
    /// Who had done something on a topic: also led it, and leads it no more.
    acted: HashMap<TopicNo, BTreeSet<PersonId>>,
    /// Who had seconded it, which is said of what it goes on as too.
    seconded: HashMap<TopicNo, BTreeSet<PersonId>>,
    /// Who had taken it.
    led: HashMap<TopicNo, BTreeSet<PersonId>>,
    /// The topics somebody had taken, or that were closed.
    taken: BTreeSet<TopicNo>,
    closed: BTreeSet<TopicNo>,
    /// Whether the answer of a task was owed.
    owed: BTreeMap<TaskNo, (TopicNo, bool)>,
}

impl Past {
    fn note(&mut self, deed: &Deed, doers: &[PersonId]) {
        let Some(topic) = deed.topic else { return };
        self.acted.entry(topic).or_default().extend(doers);
        if deed.what == What::Seconded {
            self.seconded.entry(topic).or_default().extend(doers);
        }
        if let What::Entered(step) = deed.what {
            self.entered(topic, step, deed.by);
        }
        if let Some((task, is_owed)) = owes(deed.what) {
            self.owed.insert(task, (topic, is_owed));
        }
    }

    fn entered(&mut self, topic: TopicNo, step: Step, by: Option<PersonId>) {
        match step {
            Step::Ordered => drop(self.taken.remove(&topic)),
            Step::Closed => drop(self.closed.insert(topic)),
            Step::Taken
            | Step::Talking
            | Step::Planning
            | Step::Noticing
            | Step::Reviewing
            | Step::Voting
            | Step::Tracking => {
                self.taken.insert(topic);
                self.closed.remove(&topic);
            }
        }
        if step == Step::Taken {
            self.led.entry(topic).or_default().extend(by);
        }
    }
}

/// Whether an answer is owed after a deed about a task.
fn owes(what: What) -> Option<(TaskNo, bool)> {
    match what {
        What::Assigned(task) | What::Acked(task) => Some((task, true)),
        What::Returned(task) | What::Forced(task) | What::Done(task) => Some((task, false)),
        What::Rated(task, grade) => Some((task, grade == Grade::Bad)),
        What::Entered(_)
        | What::Seconded
        | What::Suggested(_)
        | What::Replied(..)
        | What::Liked(_)
        | What::Called(_)
        | What::Attended(..)
        | What::Minuted(_)
        | What::PollOpened(_)
        | What::PollClosed(_)
        | What::Briefed(_)
        | What::HandedIn(_)
        | What::Registered(_)
        | What::Planned(_)
        | What::Judged(..)
        | What::Noticed(_)
        | What::Objected(_)
        | What::Answered(_)
        | What::Reviewed
        | What::Pacted(_)
        | What::Worked(_)
        | What::Urged(_)
        | What::Served(..)
        | What::Lit(..)
        | What::Invited
        | What::Adopted(..)
        | What::Brief(_)
        | What::Account(..)
        | What::Rearranged(_)
        | What::Halted(_)
        | What::Led(_)
        | What::Extended(_)
        | What::Resumed
        | What::Rolled(_) => None,
    }
}

/// Red and yellow tasks, and requests that waited too long.
pub(super) type Lit = (Vec<TaskNo>, Vec<TaskNo>, Vec<TopicNo>);

impl Desk<'_> {
    /// What had been done by the end of a window.
    pub(super) fn past(&mut self, to: DateTime<Utc>) -> Rc<Past> {
        if let Some(past) = self.known_past.as_ref().filter(|past| past.to == to) {
            return Rc::clone(past);
        }
        let (acted, seconded, led, owed) = Default::default();
        let mut past = Past { to, acted, seconded, led, owed, taken: BTreeSet::new(), closed: BTreeSet::new() };
        self.world.deeds(DateTime::UNIX_EPOCH, to, |deed| past.note(&deed, &self.doers(&deed)));
        Rc::clone(self.known_past.insert(Rc::new(past)))
    }

    /// 委员参与 — the sectors whose members had taken part in a topic by then, as they were then. What was taken back since counts for
    /// nothing; who had the lead and gave it up had taken part.
    pub(super) fn sectors_then(&mut self, past: &Past, topic: &Topic) -> BTreeSet<String> {
        let mut acted = past.acted.get(&topic.no).cloned().unwrap_or_default();
        for part in self.world.whole_by(topic.no, past.to) {
            acted.extend(past.seconded.get(&part).into_iter().flatten());
        }
        let mut people: BTreeSet<PersonId> = self.world.partakers(topic).intersection(&acted).copied().collect();
        people.extend(past.led.get(&topic.no).into_iter().flatten());
        people.extend(Some(topic.proposer).filter(|_| topic.ordered_at < past.to));
        self.world.sectors_by(topic, people, past.to)
    }

    /// 红黄灯 as they were then. Of a task whose term was put off since, or that was refused since, the day is the later one.
    pub(super) fn lit_then(&mut self, past: &Past, about: &About) -> Lit {
        let (mut red, mut yellow) = (Vec::new(), Vec::new());
        let date = self.settings.date(past.to - Duration::seconds(1));
        for (task, (topic, _)) in past.owed.iter().filter(|(_, (_, is_owed))| *is_owed) {
            let (no, Some(task)) = (*task, self.world.task(*task)) else { continue };
            if past.closed.contains(topic) || self.awake_then(past, about, *topic).is_none() {
                continue;
            }
            match (Task { state: State::Acked, ..task }).light_on(date) {
                Some(Light::Red) => red.push(no),
                Some(Light::Yellow) => yellow.push(no),
                None => {}
            }
        }
        let mut waiting: Vec<TopicNo> = Vec::new();
        for no in past.acted.keys().filter(|no| !past.taken.contains(no) && !past.closed.contains(no)) {
            let waits =
                |topic: &Topic| past.to - topic.ordered_at >= Duration::hours(RED_AFTER_HOURS) && !topic.withdrawn;
            waiting.extend(self.awake_then(past, about, *no).filter(|topic| waits(topic)).map(|topic| topic.no));
        }
        waiting.sort_unstable();
        (red, yellow, waiting)
    }

    /// A topic that counts, unless what it is now, on hold, ended or merged, it was then.
    fn awake_then(&mut self, past: &Past, about: &About, no: TopicNo) -> Option<Rc<Topic>> {
        let rested = |topic: &Topic| topic.halt.is_some() && topic.halted_at.is_none_or(|at| at < past.to);
        self.topic(no).filter(|topic| !rested(topic) && self.owns_topic(about, topic))
    }
}
