//! 恢复 — the days a topic rested (暂缓) do not run against anybody: nobody could speak, object or report in them. The talk, the notice
//! and the tasks of a topic that is taken up again end as many days later, and so do the days in which a task may be given back.

use super::course;
use super::event::Event;
use super::ids::{TaskNo, TopicNo};
use super::scene::Ctx;
use super::task::{Task, lamp_after};
use super::topic::{Step, Topic};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
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
    if topic.step <= Step::Talking {
        return talk(ctx, topic, since, days).into_iter().collect();
    }
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

/// 限时 — a talk that was to end while the topic rested, or after, ends as many days later; at least a day, where it would be over by
/// now.
fn talk(ctx: &Ctx<'_>, topic: &Topic, since: DateTime<Utc>, days: u32) -> Option<Event> {
    let until = topic.talk_until.filter(|until| since < *until)?;
    let days = if until <= ctx.scene.now { days.max(1) } else { days };
    let until = until.checked_add_signed(Duration::days(i64::from(days)))?;
    (days > 0).then_some(Event::Course(course::Fact::Timed { topic: topic.no, until }))
}
