//! 退回、暂缓、终止 — who is told what becomes of what others relied on.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GroupId, PersonId, TopicNo};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::steps::REOPEN_DAYS;
use crate::domain::process::topic::Topic;
use crate::domain::talk::notice::Objection;
use crate::domain::work::task::{State, Task};
use crate::say;

/// Things named in one line.
const NAMED: usize = 10;

/// People that are written to when a topic ends.
const MOST_TOLD: usize = 300;

fn refs(open: &[Objection]) -> Value {
    Value::List(open.iter().take(NAMED).map(|objection| Value::from(objection.named())).collect())
}

fn rest(rows: Vec<Say>) -> Say {
    if rows.is_empty() { say!("none") } else { say!("halt.rest", list = Value::Lines(rows)) }
}

/// 并案 — what is said beneath a letter about something of a topic that goes on as another since: where to follow it. `None` where it is
/// of no such topic.
#[must_use]
pub fn moved_on(world: &World<'_>, about: &Mark) -> Option<(Say, TopicNo, TopicNo)> {
    let no = match about {
        Mark::Topic(no) | Mark::Suggestions(no) | Mark::Poll { topic: no, .. } | Mark::Why(Why::Against(no)) => *no,
        Mark::Suggestion(at) => at.topic,
        Mark::Objection(at) => at.topic,
        Mark::Gathering(no) => world.gathering(*no)?.topic?,
        Mark::Task(no) | Mark::Why(Why::Task(no)) => world.task(*no)?.topic,
        Mark::Brief(_)
        | Mark::Proposal(_)
        | Mark::Why(Why::Proposal(_))
        | Mark::Slip(_)
        | Mark::Claim(_)
        | Mark::Claims => return None,
    };
    let into = *world.goes_on_as(no).last()?;
    Some((say!("merge.since", no = no, to = into), no, into))
}

impl Herald<'_, '_> {
    /// 退回 — ballots that are void are told by their number; objections are still to be answered.
    pub(super) fn returned(&mut self, no: TopicNo, to: Step, why: &Words) {
        let mut rows = Vec::new();
        for fact in &self.record.facts {
            if let Event::PollVoided { poll } = fact {
                rows.push(say!("back.ballots", n = self.world.turnout(*poll).cast));
            }
        }
        let open = self.world.unanswered(no);
        if !open.is_empty() {
            rows.push(say!("back.objections", refs = refs(&open)));
        }
        let step = Value::Term(to.term().to_owned());
        let mut groups = self.public_of(no);
        // Whoever read the notice reads that it counts no more.
        groups.extend(self.world.topic(no).map(|topic| self.all_groups(&topic)).unwrap_or_default());
        self.here_and(&groups, &say!("back", no = no, step = step, why = why, rest = rest(rows)));
    }

    /// 暂缓 — the days of a notice that is running stop, which the group reads with how many are left; whoever waits for an answer to an
    /// objection reads that it is not lost.
    pub(super) fn paused(&mut self, no: TopicNo, why: &Words) {
        let Some(topic) = self.world.topic(no) else { return };
        let (mut rows, groups) = (Vec::new(), self.notice_groups(&topic));
        let running = |until| topic.step == Step::Noticing && self.record.at < until;
        if let Some(notice) = self.world.notice(&topic).filter(|notice| running(notice.until)) {
            let last = self.day(notice.last);
            rows.push(match (notice.last - self.settings.date(self.record.at)).num_days() {
                0 => say!("pause.notice.last", last = last),
                left => say!("pause.notice", last = last, n = left),
            });
        }
        if let Some(plan) = self.world.poll_plan(no) {
            rows.push(say!("pause.planned", at = Value::Moment(plan.opens)));
        }
        let open = self.world.unanswered(no);
        if !open.is_empty() {
            rows.push(say!("pause.objections", refs = refs(&open)));
        }
        self.here_and(&groups, &say!("pause", no = no, why = why, rest = rest(rows)));
        for objection in open {
            if Some(objection.author) != self.record.by {
                let letter = say!("pause.objection.told", no = no, r#ref = objection.named(), why = why);
                self.at_once(objection.author, letter);
            }
        }
    }

    /// 并案 — in the groups of both; why, and what was decided about the one that goes, which stays as it was.
    pub(super) fn merged(&mut self, no: TopicNo, into: TopicNo, why: &Words) {
        let title = self.world.topic(into).map(|into| into.title).unwrap_or_default();
        let mut rows = Vec::new();
        if !why.as_str().is_empty() {
            rows.push(say!("merge.why", why = why));
        }
        if self.world.has_failed(no) {
            rows.push(say!("merge.failed", no = no, to = into));
        }
        let rest = if rows.is_empty() { say!("none") } else { say!("halt.rest", list = Value::Lines(rows)) };
        let groups: Vec<GroupId> = [no, into].into_iter().flat_map(|no| self.public_of(no)).collect();
        self.here_and(&groups, &say!("merge", no = no, to = into, title = &title, rest = rest));
        self.merged_told(no, into, why);
    }

    /// Who asked for the one that goes, and who leads it, hear of it themselves, with the reason if one was given. Anybody else reads it in
    /// the group.
    fn merged_told(&mut self, no: TopicNo, into: TopicNo, why: &Words) {
        let (Some(topic), Some(other)) = (self.world.topic(no), self.world.topic(into)) else { return };
        let host = moderator_name(self.world, &other);
        let mut told: Vec<PersonId> = self.record.by.into_iter().collect();
        let askers = std::iter::once((topic.proposer, true));
        for (person, asked) in askers.chain(topic.lead.map(|lead| (lead, false))) {
            if told.contains(&person) {
                continue;
            }
            told.push(person);
            let why = if why.as_str().is_empty() { say!("none") } else { say!("merge.told.why", why = why) };
            let (title, as_what, who, host) = (&topic.title, &other.title, self.by(), host.clone());
            let letter = match asked {
                true => say!(
                    "merge.told.asker",
                    no = no,
                    title = title,
                    to = into,
                    other = as_what,
                    who = who,
                    why = why,
                    host = host
                ),
                false => say!(
                    "merge.told.lead",
                    no = no,
                    title = title,
                    to = into,
                    other = as_what,
                    who = who,
                    why = why,
                    host = host
                ),
            };
            self.later(person, letter);
        }
        self.merged_into_told((&topic, &other), why, told);
    }

    /// Whoever asked for what it goes on as, leads or moderates it hears what came to it; those who were told are not told twice.
    fn merged_into_told(&mut self, (topic, other): (&Topic, &Topic), why: &Words, mut told: Vec<PersonId>) {
        let chair = self.world.moderator_of(other);
        let theirs =
            [(Some(other.proposer), "merge.as.asker"), (other.lead, "merge.as.lead"), (chair, "merge.as.moderator")];
        for (person, as_what) in theirs.into_iter().filter_map(|(person, key)| Some((person?, key))) {
            if told.contains(&person) || !self.world.confides(person) {
                continue;
            }
            told.push(person);
            let why = if why.as_str().is_empty() { say!("none") } else { say!("merge.told.why", why = why) };
            let letter = say!(
                "merge.told.into",
                no = topic.no,
                title = &topic.title,
                to = other.no,
                other = &other.title,
                who = self.by(),
                why = why,
                r#as = Say::new(as_what),
            );
            self.later(person, letter);
        }
    }

    /// 并案取消 — in the groups of both, and by those who were told that it was merged.
    pub(super) fn merged_not(&mut self, topic: &Topic, into: TopicNo) {
        let step = Value::Term(topic.step.term().to_owned());
        let (no, title) = (topic.no, &topic.title);
        let what = say!("merge.off", no = no, to = into, title = title, who = self.by(), step = step);
        let mut groups = self.world.bound_groups(no);
        groups.extend(self.world.bound_groups(into));
        self.here_and(&groups, &what);
        let mut told: Vec<PersonId> = self.record.by.into_iter().collect();
        for person in std::iter::once(topic.proposer).chain(topic.lead) {
            if !told.contains(&person) {
                told.push(person);
                self.at_once(person, what.clone());
            }
        }
    }

    /// 重开 — what ended goes on where it stood; whoever was told that it ended is told that it did not.
    pub(super) fn ended_not(&mut self, topic: &Topic) {
        let step = Value::Term(topic.step.term().to_owned());
        let what = say!("end.off", no = topic.no, title = &topic.title, who = self.by(), step = step);
        self.here_and(&self.all_groups(topic), &what);
        for person in self.concerned(topic) {
            self.at_once(person, what.clone());
        }
    }

    /// Whom the end of a topic concerns, each once: who asked for it or for what was merged into it, who leads it, who seconded it, who
    /// made a suggestion.
    fn concerned(&self, topic: &Topic) -> Vec<PersonId> {
        let mut found = self.world.proposers(topic);
        found.extend(topic.lead);
        found.extend(self.world.seconders(topic));
        for no in self.world.whole_of(topic.no) {
            self.world.suggestions(no, |suggestion| found.push(suggestion.author));
        }
        let mut told: Vec<PersonId> = self.record.by.into_iter().collect();
        let by = told.len();
        for person in found {
            if !told.contains(&person) && told.len() < MOST_TOLD {
                told.push(person);
            }
        }
        told.split_off(by)
    }

    /// 终止 — objections, a notice and tasks end with it, and whoever waits for them is told.
    pub(super) fn ended(&mut self, no: TopicNo, why: &Words) {
        let Some(topic) = self.world.topic(no) else { return };
        let (mut rows, mut groups) = (Vec::new(), self.notice_groups(&topic));
        let running = |until| topic.step == Step::Noticing && self.record.at < until;
        if let Some(notice) = self.world.notice(&topic).filter(|notice| running(notice.until)) {
            rows.push(say!("end.notice", last = notice.last));
        }
        let open = self.world.unanswered(no);
        if !open.is_empty() {
            rows.push(say!("end.objections", refs = refs(&open)));
        }
        let tasks: Vec<Task> = self.world.tasks(no).into_iter().filter(|task| task.state != State::Done).collect();
        if !tasks.is_empty() {
            let names = tasks.iter().take(NAMED).map(|task| Value::from(say!("end.task", t = task.no))).collect();
            rows.push(say!("end.tasks", refs = Value::List(names)));
            groups = self.all_groups(&topic);
        }
        self.here_and(&groups, &say!("end", no = no, why = why, rest = rest(rows)));
        // One letter a person, the one that says most.
        let mut told: Vec<PersonId> = self.record.by.into_iter().collect();
        for objection in open {
            if Some(objection.author) != self.record.by {
                let letter = say!("end.objection.told", no = no, r#ref = objection.named(), why = why);
                self.at_once(objection.author, letter);
                told.push(objection.author);
            }
        }
        for task in tasks {
            if Some(task.handler) != self.record.by {
                self.at_once(task.handler, say!("end.task.told", no = no, t = task.no, what = &task.what, why = why));
                told.push(task.handler);
            }
        }
        let office =
            Value::List(self.world.coordinators_of(&topic.town).iter().take(2).map(|one| (&one.name).into()).collect());
        for person in self.concerned(&topic).into_iter().filter(|person| !told.contains(person)) {
            let (title, who) = (&topic.title, self.by());
            let letter = say!(
                "end.told",
                no = no,
                title = title,
                who = who,
                why = why,
                office = office.clone(),
                n = REOPEN_DAYS
            );
            self.later(person, letter);
        }
    }
}
