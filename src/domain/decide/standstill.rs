//! 恢复 — what is moved when a topic that rested is taken up again.

use crate::domain::event::Event;
use crate::domain::process::course;
use crate::domain::process::form::Step;
use crate::domain::process::standstill::Fact;
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::work::task::{Task, lamp_after};
use chrono::{DateTime, Duration, NaiveTime, Utc};

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
