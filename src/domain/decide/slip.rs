//! 扫码点单 — handing in, accepting, refusing, passing on.

use crate::domain::decide::one::Takes;
use crate::domain::event::Event;
use crate::domain::intake::ground::Ground;
use crate::domain::intake::slip::{Fate, Slip, explained, w};
use crate::domain::kernel::ids::{SlipNo, TopicNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::{MAX_BODY, MAX_TITLE, longest_title, within};
use crate::domain::people::person::Role;
use crate::domain::process::channel::Channel;
use crate::domain::process::course;
use crate::domain::process::form::{Kind, Template};
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::say;

/// Longest reason, in characters.
const MAX_REASON: usize = 200;

/// A form sent from a page.
pub fn hand_in(ctx: &Ctx<'_>, title: &str, text: &str) -> Decided {
    let (title, text) = (title.trim(), text.trim());
    if let Some(decision) = ctx.turned_away(title).or_else(|| ctx.turned_away(text)) {
        return Ok(decision);
    }
    if title.is_empty() {
        return Err(say!("e.empty.form"));
    }
    for (part, max) in [(title, longest_title(title)), (text, MAX_BODY)] {
        let n = part.chars().count();
        if n > max {
            return Err(say!("e.long.form", n = n, max = max));
        }
    }
    let title = title.replace('\n', " ");
    let is_same = |slip: &Slip| slip.by == ctx.me() && slip.title.as_str() == title && slip.body.as_str() == text;
    if let Some(slip) = ctx.world.pending_slips().iter().find(|slip| is_same(slip)) {
        return Err(say!("e.slip_again", w = w(slip.no)));
    }
    let station = match ctx.scene.place {
        Place::Page { station, .. } => station,
        Place::Group(_) | Place::Private => None,
    };
    Ok(Decision::fact(Event::SlipReceived {
        slip: SlipNo(ctx.world.counters().slips + 1),
        title: title.into(),
        body: text.into(),
        station,
    }))
}

fn pending(ctx: &Ctx<'_>, no: SlipNo) -> Result<Slip, Say> {
    let slip = ctx.world.slip(no).ok_or_else(|| say!("e.no_slip", w = w(no)))?;
    let town = ctx.world.town_of_slip(&slip);
    if !ctx.coordinates(&town) {
        return Err(ctx.ask(Role::Coordinator, &town));
    }
    match slip.fate {
        Fate::Pending => Ok(slip),
        Fate::Accepted(topic) => Err(say!("e.slip_done", w = w(no), what = say!("ref.topic", no = topic))),
        Fate::Rejected(_) => Err(say!("e.slip_done", w = w(no), what = say!("ref.rejected"))),
        Fate::Referred(unit, _) => Err(say!("e.slip_done", w = w(no), what = say!("ref.referred", unit = &unit))),
    }
}

/// 来件 — with its 说明, for whoever may accept it, in private.
pub(super) fn card(ctx: &Ctx<'_>, no: SlipNo) -> Decided {
    let slip = pending(ctx, no)?;
    let (who, at) = (ctx.world.name_of(slip.by), Value::Moment(slip.at));
    Ok(Decision::answer(say!(
        "slip.card",
        w = w(no),
        title = &slip.title,
        who = who,
        at = at,
        body = explained(&slip.body)
    )))
}

/// 受理 — the slip becomes a topic; its day of ordering is today.
pub fn accept(ctx: &Ctx<'_>, no: SlipNo, town: Option<&str>, form: (Option<Kind>, Option<Template>)) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    let slip = pending(ctx, no)?;
    let town = town.map_or_else(|| ctx.world.town_of_slip(&slip), str::to_owned);
    within(&town, MAX_TITLE)?;
    let topic = TopicNo(ctx.world.counters().topics + 1);
    let (kind, template) = course::chosen(form.0, form.1, Kind::Bridge);
    let mut facts = vec![
        Event::TopicOrdered {
            topic,
            title: slip.title,
            body: slip.body,
            proposer: slip.by,
            channel: Channel::Scan(slip.station),
            kind,
            town,
        },
        Event::SlipAccepted { slip: no, topic },
    ];
    if template != kind.template() {
        facts.push(Event::Course(course::Fact::Set { topic, kind, template }));
    }
    Ok(Decision::facts(facts))
}

/// 不予受理 — with a reason, which the page shows.
pub fn reject(ctx: &Ctx<'_>, no: SlipNo, ground: Option<Ground>, reason: &str) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    pending(ctx, no)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.empty", ex = example_of("ex.reject")));
    }
    ctx.require_one(Takes::Slip, &no.to_string(), reason)?;
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(Event::SlipRejected { slip: no, reason: reason.into(), ground }))
}

/// 转办 — to the unit it belongs to, with a reason, which the page shows.
pub fn refer(ctx: &Ctx<'_>, no: SlipNo, unit: &str, reason: &str) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    pending(ctx, no)?;
    let (unit, reason) = (unit.trim(), reason.trim());
    if unit.is_empty() || reason.is_empty() {
        return Err(say!("e.reason", ex = example_of("ex.refer")));
    }
    ctx.require_one(Takes::Slip, &no.to_string(), &format!("{unit} {reason}"))?;
    within(unit, MAX_TITLE)?;
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(Event::SlipReferred { slip: no, unit: unit.into(), reason: reason.into() }))
}
