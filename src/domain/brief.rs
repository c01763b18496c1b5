//! 社情民意 — briefs: for now received, with a number; review and adoption come with the process.

use super::event::{Event, Undoable};
use super::ids::{BriefNo, PersonId};
use super::person::Role;
use super::say::example_of;
use super::scene::{Ctx, Decided, Decision};
use super::topic::{MAX_TITLE, within};
use super::trail;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
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
}

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
