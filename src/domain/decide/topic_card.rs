//! 议题卡 — the list of what is under way, and one topic as asked for.

use super::paging::in_order;
use crate::domain::about::topic_card::card_of;
use crate::domain::command::LookUp;
use crate::domain::decide::slip;
use crate::domain::decide::task::state_of;
use crate::domain::intake::slip::Fate;
use crate::domain::intake::slip::explained;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::Role;
use crate::domain::process::channel::Channel;
use crate::domain::process::hiding::Shown;
use crate::domain::process::topic::{Topic, standing};
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::say;
use chrono::Datelike;

/// Rows of a list in a chat.
const MAX_ROWS: usize = 20;

/// 议题 — the list of what is under way.
pub fn list(ctx: &Ctx<'_>, page: u32) -> Decided {
    let mut topics = match ctx.group() {
        Some(group) => ctx.world.topics_of(ctx.settings, group),
        None => ctx.world.live_topics(),
    };
    // The group of a topic that is over has nothing under way.
    topics.retain(|topic| ctx.world.is_live(topic.no));
    if topics.is_empty() {
        return Ok(Decision::answer(say!("list.none")));
    }
    let shown = in_order(&topics, page, MAX_ROWS)?;
    let rows: Vec<Say> = shown
        .rows
        .iter()
        .map(|topic| say!("list.row", no = topic.no, title = &topic.title, state = standing(topic)))
        .collect();
    let more = shown.next.map_or_else(|| say!("none"), |page| say!("list.more", page = page));
    Ok(Decision::answer(say!("list", n = topics.len(), rows = Value::Lines(rows), more = more)))
}

/// 议题 编号 — the card.
pub fn card(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let topic = ctx.require_topic(no)?;
    let mut decision = Decision::answer(card_of(ctx.world, ctx.settings, &topic));
    decision.answer.extend(unpublished(ctx, &topic));
    Ok(decision)
}

/// 说明 that came in through a page or in private: what nobody but those who look after the topic reads, members and who asked, in private.
fn unpublished(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let is_public = matches!(topic.channel, Channel::Group(_));
    let who = &ctx.scene.who;
    let is_theirs = who.has_office() || who.holds(Role::Member) || topic.proposer == who.id;
    let is_shown =
        ctx.scene.place == Place::Private && is_theirs && ctx.world.hiding_of(Shown::Topic(topic.no)).is_none();
    (is_shown && !is_public).then(|| explained(&topic.body)).filter(|say| say.key != "none")
}

/// 办1, W1, 社1, 提1 where a topic is asked for: where it stands. A request handed in by a form is answered without its words; briefs and
/// proposals are for those they are between.
pub fn look_up(ctx: &Ctx<'_>, what: LookUp) -> Decided {
    Ok(Decision::answer(match what {
        LookUp::Task(no) => match ctx.world.task(no) {
            Some(task) => {
                let state = Value::Term(state_of(&task).to_owned());
                let due = match task.due.year() == ctx.settings.date(ctx.scene.now).year() {
                    true => Value::from(task.due),
                    false => say!("when.year", y = i64::from(task.due.year()), day = task.due).into(),
                };
                say!("look.task", t = no, unit = &task.unit, what = &task.what, due = due, state = state)
            }
            None => return Err(say!("look.no_task")),
        },
        LookUp::Slip(no) => {
            let slip = ctx.world.slip(no).ok_or_else(|| say!("look.no_slip", w = format!("W{}", no.0)))?;
            let may_accept = ctx.coordinates(&ctx.world.town_of_slip(&slip));
            match slip.fate {
                Fate::Pending if ctx.scene.place == Place::Private && may_accept => return slip::card(ctx, no),
                Fate::Pending => say!("look.pending", w = format!("W{}", no.0)),
                Fate::Accepted(topic) => {
                    say!("look.slip", w = format!("W{}", no.0), what = say!("ref.topic", no = topic))
                }
                Fate::Rejected(_) => say!("look.slip", w = format!("W{}", no.0), what = say!("ref.rejected")),
                Fate::Referred(unit, _) => {
                    say!("look.slip", w = format!("W{}", no.0), what = say!("ref.referred", unit = &unit))
                }
            }
        }
        LookUp::Info(_) => return Err(say!("look.info")),
        LookUp::Proposal(_) => return Err(say!("look.proposal")),
    }))
}
