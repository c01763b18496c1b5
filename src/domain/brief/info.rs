//! 社情民意 — briefs: received with a number, passed on, adopted; the same one may be adopted at several levels.

use super::adoption::{MAX_ADOPTIONS, Rank};
use crate::domain::event::{Event, Undoable};
use crate::domain::ids::{BriefNo, PersonId};
use crate::domain::person::Role;
use crate::domain::say::example_of;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::topic::{MAX_TITLE, within};
use crate::domain::trail;
use crate::domain::words::Words;
use crate::domain::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest brief, in characters (一事一议、≤1500 字).
pub const MAX_TEXT: usize = 1500;

/// 建言.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Number.
    pub no: BriefNo,
    /// Title.
    pub title: Words,
    /// Situation, reasons, suggestion.
    pub body: Words,
    /// 反映人.
    pub by: PersonId,
    /// When it was received.
    pub at: DateTime<Utc>,
    /// Taken back.
    pub withdrawn: bool,
    /// 编发 — reviewed and passed on.
    pub issued: bool,
    /// 采用 — how often.
    pub adopted: u32,
}

/// Longest name of a level or document, in characters.
const MAX_LEVEL: usize = 40;

impl Entity for Brief {
    fn key(&self) -> Key {
        Key::new(kind::BRIEF).num(self.no.0)
    }
}

impl World<'_> {
    /// A brief that stands.
    #[must_use]
    pub fn brief(&self, no: BriefNo) -> Option<Brief> {
        self.get::<Brief>(&Key::new(kind::BRIEF).num(no.0)).filter(|brief| !brief.withdrawn)
    }
}

/// 社情民意 — a member reports what people say.
pub fn receive(ctx: &Ctx<'_>, title: &str, body: &str) -> Decided {
    const EXAMPLE: &str = "ex.info";
    ctx.require_role(Role::Member)?;
    if let Some(decision) = ctx.turned_away(title).or_else(|| ctx.turned_away(body)) {
        return Ok(decision);
    }
    let (title, body) = (title.trim(), body.trim());
    if title.is_empty() || body.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(title, MAX_TITLE)?;
    within(body, MAX_TEXT)?;
    let print = trail::print("brief", &format!("{title}\n{body}"));
    if let Some(Undoable::Brief(no)) = ctx.world.said_already(ctx.me(), print, ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = say!("ref.brief", b = i64::from(no.0))));
    }
    let brief = BriefNo(ctx.world.counters().briefs + 1);
    Ok(Decision::fact(Event::BriefReceived { brief, title: title.into(), body: body.into() }))
}

/// 采用 — a coordinator records who took a brief up. What was not passed on yet is with it.
pub fn adopt(ctx: &Ctx<'_>, no: BriefNo, level: &str) -> Decided {
    const EXAMPLE: &str = "ex.adopted";
    ctx.require_role(Role::Coordinator)?;
    let brief = ctx.world.brief(no).ok_or_else(|| say!("e.no_brief", b = i64::from(no.0)))?;
    let level = level.trim();
    if level.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(level, MAX_LEVEL)?;
    let known = ctx.world.adoptions(no);
    if known.iter().any(|adoption| adoption.level.as_str() == level) {
        return Err(say!("e.adopted", b = i64::from(no.0), lv = level));
    }
    if known.len() >= MAX_ADOPTIONS {
        return Err(say!("e.too_far", max = MAX_ADOPTIONS));
    }
    let mut facts = Vec::new();
    if !brief.issued {
        facts.push(Event::BriefIssued { brief: no });
    }
    facts.push(Event::BriefAdopted { brief: no, level: level.into(), rank: Rank::of(level) });
    Ok(Decision::facts(facts))
}
