//! 恢复 — the days a topic rested (暂缓) do not run against anybody: nobody could object or report in them. The notice and the tasks
//! of a topic that is taken up again end as many days later.

use super::event::Event;
use super::ids::{TaskNo, TopicNo};
use super::scene::Ctx;
use super::task::{Task, lamp_after};
use super::topic::{Step, Topic};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// What is moved when a topic is taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 公示 ends later.
    Notice {
        /// Topic.
        topic: TopicNo,
        /// Which of its notices.
        n: u32,
        /// So many days.
        days: u32,
        /// Last day from now on.
        last: NaiveDate,
        /// 24:00 of that day.
        until: DateTime<Utc>,
    },
    /// A task is due later.
    Task {
        /// Task.
        task: TaskNo,
        /// So many days.
        days: u32,
        /// 期限日 from now on.
        due: NaiveDate,
        /// When its light is looked at next.
        lamp: DateTime<Utc>,
    },
}

/// What is moved when a topic that rests is taken up again now.
#[must_use]
pub fn moved(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Event> {
    let Some(since) = topic.halted_at else { return Vec::new() };
    let settings = ctx.settings;
    let (from, today) = (settings.date(since), settings.date(ctx.scene.now));
    let days = u32::try_from((today - from).num_days()).unwrap_or(0);
    if days == 0 {
        return Vec::new();
    }
    if topic.step == Step::Noticing
        && let Some(notice) = ctx.world.notice(topic).filter(|notice| since < notice.until)
    {
        let last = settings.last_day(notice.last, days);
        let until = settings.moment(last.succ_opt().unwrap_or(last), NaiveTime::MIN);
        return vec![Event::Rested(Fact::Notice { topic: topic.no, n: notice.n, days, last, until })];
    }
    let is_running = |task: &Task| task.is_owed() && task.due >= from;
    let later = |task: Task| {
        let due = settings.last_day(task.due, days);
        Event::Rested(Fact::Task { task: task.no, days, due, lamp: lamp_after(settings, due, ctx.scene.now) })
    };
    ctx.world.tasks(topic.no).into_iter().filter(is_running).map(later).collect()
}
