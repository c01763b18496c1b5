//! 周报、统计 — what is answered when somebody asks for figures.

use super::office::Office;
use crate::domain::history::period::{Ask, Period, Span};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::people::town::Sort;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::figures::{About, Desk, Paper};
use crate::say;

/// Sheets in a chat are split as digests are.
fn told(texts: Vec<String>) -> Decided {
    let answer = texts.into_iter().map(|text| say!("plain", text = text)).collect();
    Ok(Decision { answer, ..Decision::default() })
}

fn plain(parts: &[Words]) -> Vec<String> {
    parts.iter().map(|part| part.as_str().to_owned()).collect()
}

impl Office {
    /// 周报 — that of a week as it was made at its end, else as it would be; without a week, this one so far.
    pub(super) fn weekly(&self, ctx: &Ctx<'_>, span: Option<Span>) -> Decided {
        let has_own = |group: &Group| matches!(group.kind, Some(GroupKind::Members | GroupKind::Town));
        let here = ctx.group().and_then(|id| ctx.world.group(id));
        let members = || ctx.world.groups().into_iter().find(|group| group.kind == Some(GroupKind::Members));
        let group = here.clone().filter(has_own).or_else(members).or(here).ok_or_else(|| say!("e.no_group"))?;
        let now = ctx.scene.now;
        let span = span.unwrap_or_else(|| Span::week(self.settings.date(now)));
        if let Some(sent) = ctx.world.issue(group.id, Period::Week, span.first) {
            return told(self.as_sent(ctx.world, &sent.parts, &group.language));
        }
        let paper = Desk::new(ctx.world, &self.settings).weekly(&group, &span, now);
        told(plain(&self.print(&Paper::Weekly(Box::new(paper)), None, false, &self.language_here(ctx))))
    }

    /// 统计, 汇报; who may ask is decided before.
    pub(super) fn statistics(&self, ctx: &Ctx<'_>, ask: &Ask) -> Decided {
        let now = ctx.scene.now;
        let span = ask.span.unwrap_or_else(|| Span::year(self.settings.date(now)));
        let about = about(ctx, ask)?;
        let note = before(ctx, &about);
        let summary = Desk::new(ctx.world, &self.settings).summary(&span, &about, now, ask.sentences);
        let texts = plain(&self.print(&Paper::Summary(Box::new(summary)), None, false, &self.language_here(ctx)));
        let mut told = told(texts)?;
        told.answer.extend(note);
        Ok(told)
    }

    fn language_here(&self, ctx: &Ctx<'_>) -> String {
        let here = ctx.group().and_then(|id| ctx.world.group(id));
        match here {
            Some(group) => group.language,
            None => ctx.world.language_of(ctx.me()).unwrap_or_else(|| self.settings.language.clone()),
        }
    }
}

fn about(ctx: &Ctx<'_>, ask: &Ask) -> Result<About, Say> {
    if let Some(side) = ask.side {
        return Ok(About::Side(side));
    }
    if let Some(kind) = ask.kind {
        return Ok(About::Kind(kind));
    }
    if let Some(tag) = ask.tag {
        return Ok(About::Tag(tag));
    }
    if ask.name.is_empty() {
        // Whoever coordinates one town is told of that town.
        let who = &ctx.scene.who;
        let own = who.office_town().filter(|_| !who.coordinates(""));
        return Ok(own.map_or(About::District, |town| About::Town(town.to_owned())));
    }
    let today = [Sort::Town, Sort::Sector].map(|sort| ctx.world.town_today(sort, &ask.name));
    let name = today.iter().find(|name| **name != ask.name).unwrap_or(&ask.name);
    About::named(ctx.world, name).ok_or_else(|| say!("stats.unknown", bad = Value::Quote(ask.name.clone())))
}

/// What became part of the town or sector that is told of: its figures hold theirs.
fn before(ctx: &Ctx<'_>, about: &About) -> Option<Say> {
    let (sort, name) = match about {
        About::Town(name) => (Sort::Town, name),
        About::Sector(name) => (Sort::Sector, name),
        About::District | About::Side(_) | About::Kind(_) | About::Campaign { .. } | About::Tag(_) => return None,
    };
    let before: Vec<Value> = ctx.world.towns_before(sort, name).into_iter().map(Value::from).collect();
    (!before.is_empty()).then(|| say!("town.with", into = name.as_str(), before = Value::List(before)))
}
