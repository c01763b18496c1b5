//! 扫码点单 — what comes in through a station's code: a slip (W1) until a coordinator accepts it.

use super::course;
use super::event::Event;
use super::ground::Ground;
use super::ids::{PersonId, SlipNo, StationId, TopicNo};
use super::person::Role;
use super::process::Template;
use super::say::{Say, example_of};
use super::scene::{Ctx, Decided, Decision, Place};
use super::topic::{Channel, Kind, MAX_BODY, MAX_TITLE, within};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest reason, in characters.
const MAX_REASON: usize = 200;
/// Hours after which a slip nobody has looked at turns red.
pub const RED_AFTER_HOURS: i64 = 24;

/// What became of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// 待受理.
    Pending,
    /// 受理: the topic it became.
    Accepted(TopicNo),
    /// 不予受理, with the reason.
    Rejected(Words),
    /// 转办: the unit it belongs to, and why.
    Referred(Words, Words),
}

/// 来件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Number.
    pub no: SlipNo,
    /// Title.
    pub title: Words,
    /// Text.
    pub body: Words,
    /// Who handed it in.
    pub by: PersonId,
    /// The station whose code was scanned.
    pub station: Option<StationId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub fate: Fate,
    /// Key of the delivery: whoever holds it may see what became of the slip.
    pub token: String,
}

impl Entity for Slip {
    fn key(&self) -> Key {
        Key::new(kind::SLIP).num(self.no.0)
    }
}

impl World<'_> {
    /// A slip.
    #[must_use]
    pub fn slip(&self, no: SlipNo) -> Option<Slip> {
        self.get(&Key::new(kind::SLIP).num(no.0))
    }

    /// 待受理 — the slips nobody has settled, by number.
    #[must_use]
    pub fn pending_slips(&self) -> Vec<Slip> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::SLIP), |slip: Slip| {
            if slip.fate == Fate::Pending {
                found.push(slip);
            }
            true
        });
        found
    }

    /// The town a slip came from; empty if unknown.
    #[must_use]
    pub fn town_of_slip(&self, slip: &Slip) -> String {
        slip.station.and_then(|id| self.station(id)).map(|station| station.town).unwrap_or_default()
    }
}

/// A form sent from a page.
pub fn hand_in(ctx: &Ctx<'_>, title: &str, text: &str) -> Decided {
    let (title, text) = (title.trim(), text.trim());
    if let Some(decision) = ctx.turned_away(title).or_else(|| ctx.turned_away(text)) {
        return Ok(decision);
    }
    if title.is_empty() {
        return Err(say!("e.empty.form"));
    }
    for (part, max) in [(title, MAX_TITLE), (text, MAX_BODY)] {
        let n = part.chars().count();
        if n > max {
            return Err(say!("e.long.form", n = n, max = max));
        }
    }
    let title = title.replace('\n', " ");
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

/// The number as people see it.
#[must_use]
pub fn w(no: SlipNo) -> String {
    format!("W{no}")
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
    within(unit, MAX_TITLE)?;
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(Event::SlipReferred { slip: no, unit: unit.into(), reason: reason.into() }))
}
