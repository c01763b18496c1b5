//! What a digest tells from 公示 on: lights, objections, what is being done, what was closed, what was taken up.

use crate::domain::history::deed::{Deed, What};
use crate::domain::history::period::Window;
use crate::domain::intake::slip::{RED_AFTER_HOURS, Slip};
use crate::domain::kernel::ids::{BriefNo, TopicNo};
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::work::outcome::added;
use crate::domain::work::task::{Grade, Light, State, Task};
use crate::figures::desk::{Day, Desk, TopicDay};
use crate::figures::paper::{
    Adopted, Closed, Duty, News, Objected, Rows, SHOWN, SHOWN_WAITING, Slips, Tracking, Unanswered, Waited, Yield,
};
use chrono::{Datelike, Duration, NaiveDate};
use std::rc::Rc;

fn is_tracked(topic: &Topic) -> bool {
    topic.step == Step::Tracking && topic.halt.is_none()
}

impl Desk<'_> {
    fn duty(&mut self, task: &Task, date: NaiveDate) -> Duty {
        Duty {
            task: task.no,
            what: task.what.as_str().to_owned(),
            unit: task.unit.as_str().to_owned(),
            who: self.name(task.handler),
            due: task.due,
            year: Some(task.due.year()).filter(|year| *year != date.year()),
            days: task.left(date).abs(),
            late: task.left(date) < 0,
            state: match task.state {
                State::Assigned => "duty.assigned",
                State::Acked => "duty.acked",
                State::Answered | State::Done => "duty.answered",
                State::Returned => "duty.returned",
            },
        }
    }

    /// 红灯, 黄灯 — what is owed, past its day and close to it.
    pub(super) fn lights(&mut self, live: &[Rc<Topic>], date: NaiveDate) -> (Rows<Duty>, Rows<Duty>) {
        let (mut red, mut yellow) = (Vec::new(), Vec::new());
        for topic in live.iter().filter(|topic| is_tracked(topic)) {
            for task in self.tasks(topic.no).iter() {
                match task.light_on(date) {
                    Some(Light::Red) => red.push(self.duty(task, date)),
                    Some(Light::Yellow) => yellow.push(self.duty(task, date)),
                    None => {}
                }
            }
        }
        red.sort_by_key(|duty| duty.task);
        yellow.sort_by_key(|duty| duty.task);
        (Rows::first(red, SHOWN_WAITING), Rows::first(yellow, SHOWN_WAITING))
    }

    /// 待受理 — for members all of it, for a town its own; what it is about is nobody's business before it is taken.
    pub(super) fn slips(&mut self, group: &Group, at: Window) -> Option<Slips> {
        let all = self.pending_slips();
        let is_ours = |slip: &Slip| match group.kind {
            Some(GroupKind::Members) => true,
            Some(GroupKind::Town) => self.world.town_of_slip(slip) == group.town,
            Some(GroupKind::Discussion | GroupKind::Sector | GroupKind::Residents) | None => false,
        };
        let pending: Vec<&Slip> = all.iter().filter(|slip| slip.at < at.to && is_ours(slip)).collect();
        let waited = at.to - pending.iter().map(|slip| slip.at).min()?;
        let red = waited >= Duration::hours(RED_AFTER_HOURS);
        Some(Slips { n: pending.len(), waited: Waited::of_minutes(waited.num_minutes()), red })
    }

    /// 已退办 — what waits for the coordinator to be assigned anew.
    pub(super) fn returned(&mut self, live: &[Rc<Topic>], date: NaiveDate) -> Rows<Duty> {
        let mut found = Vec::new();
        for topic in live.iter().filter(|topic| is_tracked(topic)) {
            for task in self.tasks(topic.no).iter().filter(|task| task.state == State::Returned) {
                found.push(self.duty(task, date));
            }
        }
        Rows::first(found, SHOWN_WAITING)
    }

    pub(super) fn unanswered(&self, live: &[Rc<Topic>]) -> Rows<Unanswered> {
        let objections = |topic: &Rc<Topic>| Unanswered { no: topic.no, n: self.world.unanswered(topic.no).len() };
        let open = live.iter().filter(|topic| topic.last_objection > 0).map(objections);
        Rows::first(open.filter(|open| open.n > 0).collect(), SHOWN_WAITING)
    }

    pub(super) fn tracking_of(&mut self, topic: &Topic, date: NaiveDate) -> Option<Tracking> {
        if !is_tracked(topic) {
            return None;
        }
        let tasks = self.tasks(topic.no);
        let done = tasks.iter().filter(|task| task.state == State::Done).count();
        let acked = tasks.iter().filter(|task| !matches!(task.state, State::Assigned | State::Returned)).count();
        let open: Vec<Duty> =
            tasks.iter().filter(|task| task.state != State::Done).map(|task| self.duty(task, date)).collect();
        Some(Tracking { no: topic.no, assigned: tasks.len(), acked, done, tasks: open.into() })
    }

    /// 正在办理.
    pub(super) fn tracking(&mut self, live: &[Rc<Topic>], date: NaiveDate, day: &Day) -> Rows<Tracking> {
        let rows = live.iter().filter_map(|topic| Some((day.has_news_of(topic.no), self.tracking_of(topic, date)?)));
        Rows::new_first(rows.collect(), SHOWN)
    }

    /// 今日办结.
    pub(super) fn closed(&mut self, scope: &[&TopicDay]) -> Rows<Closed> {
        let mut found = Vec::new();
        for today in scope.iter().filter(|today| today.entered(Step::Closed) && today.topic.step == Step::Closed) {
            let topic = &today.topic;
            let Some(closure) = self.world.closure(topic.no) else { continue };
            let tasks = self.tasks(topic.no);
            // 未评价 — closed with a reason where nobody said how it went.
            let worst = tasks.iter().filter_map(|task| task.grade).max().map(Grade::term);
            let grade = worst.or_else(|| (!tasks.is_empty()).then_some("grade.none"));
            found.push(Closed {
                no: topic.no,
                title: topic.title.as_str().to_owned(),
                town: topic.town.clone(),
                outcomes: closure.outcomes.iter().map(|one| Yield { kind: one.kind.term(), n: one.n }).collect(),
                note: closure.note.as_str().to_owned(),
                days: closure.account.days,
                turned: closure.account.turned,
                households: closure.account.by_household,
                lead: topic.lead.map(|lead| self.name(lead)),
                grade,
                more: self.more_than_before(topic.no, closure.seq),
            });
        }
        Rows::first(found, SHOWN_WAITING)
    }

    /// 重开后再办结 — what this closing adds to those before it.
    fn more_than_before(&self, no: TopicNo, seq: u64) -> Option<Vec<Yield>> {
        let closures = self.world.closures(no);
        let more = || added(&closures, seq).iter().map(|one| Yield { kind: one.kind.term(), n: one.n }).collect();
        (closures.len() > 1).then(more)
    }

    /// 成果采用, once for each time.
    pub(super) fn adopted(&mut self, loose: &[Deed]) -> Rows<Adopted> {
        let mut found = Vec::new();
        for deed in loose {
            let What::Adopted(no, n) = deed.what else { continue };
            found.extend(self.adoption(no, n));
        }
        found.into()
    }

    fn adoption(&mut self, no: BriefNo, n: u32) -> Option<Adopted> {
        let brief = self.world.brief(no)?;
        let adoption = self.world.adoptions(no).into_iter().find(|adoption| adoption.n == n)?;
        let (title, level) = (brief.title.as_str().to_owned(), adoption.level.as_str().to_owned());
        Some(Adopted { brief: no, title, level, by: self.person(brief.by).name.clone() })
    }

    pub(super) fn objections_of(&mut self, deeds: &[&Deed]) -> Rows<Objected> {
        let mut found = Vec::new();
        for deed in deeds {
            let What::Objected(reference) = deed.what else { continue };
            let Some(objection) = self.world.objection(reference) else { continue };
            found.push(Objected {
                no: reference.topic,
                n: reference.n,
                text: objection.text.as_str().to_owned(),
                author: self.name(objection.author),
                answered: objection.answer.is_some(),
            });
        }
        found.into()
    }
}

/// 办理进展 — whether a deed is about what is being done.
pub(super) fn is_progress(what: What) -> bool {
    matches!(
        what,
        What::Entered(Step::Tracking)
            | What::Assigned(_)
            | What::Acked(_)
            | What::Worked(_)
            | What::Done(_)
            | What::Rated(..)
    )
}

/// 今天：… — several of a kind in one clause, where the first stood; `by` is who did it in the place of the one in charge.
pub(super) fn add_news(news: &mut Vec<News>, what: What, by: Option<String>) {
    match what {
        What::Planned(draft) => news.push(News::Planned { draft }),
        What::Pacted(draft) => news.push(News::Pacted { draft }),
        What::Judged(_, true) => one_more(news, News::Judged { n: 1 }),
        What::Reviewed => one_more(news, News::Reviewed { n: 1 }),
        What::Assigned(_) => one_more(news, News::Assigned { n: 1 }),
        What::Returned(task) => news.push(News::Returned { task, by }),
        What::Forced(task) => news.push(News::Forced { task }),
        What::Done(task) => news.push(News::Answered { task, by }),
        What::Rated(task, grade) => news.push(News::Rated { task, grade: grade.term() }),
        _ => {}
    }
}

fn one_more(news: &mut Vec<News>, one: News) {
    for clause in news.iter_mut() {
        match (clause, &one) {
            (News::Judged { n }, News::Judged { .. })
            | (News::Reviewed { n }, News::Reviewed { .. })
            | (News::Assigned { n }, News::Assigned { .. }) => {
                *n += 1;
                return;
            }
            _ => {}
        }
    }
    news.push(one);
}
