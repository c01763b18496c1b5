//! 批示、吸纳、报道 — recording what came of a brief, a proposal, a suggestion or a topic.

use crate::domain::brief::adoption::Rank;
use crate::domain::brief::fact::Fact;
use crate::domain::brief::outcome::MAX_OUTCOMES;
use crate::domain::brief::subject::Subject;
use crate::domain::decide::brief::info::MAX_LEVEL;
use crate::domain::event::Event;
use crate::domain::kernel::say::{Say, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::say;
use chrono::NaiveDate;

/// Longest headline or name of a document, and longest address, in characters.
const MAX_HEADLINE: usize = 80;

const MAX_LINK: usize = 300;

/// Something that stands.
fn require(ctx: &Ctx<'_>, subject: Subject) -> Result<(), Say> {
    match subject {
        Subject::Topic(no) => ctx.world.topic(no).map(|_| ()).ok_or_else(|| say!("e.no_topic", no = no)),
        Subject::Suggestion(reference) => {
            let missing = || say!("e.no_sug", r#ref = reference, no = reference.topic);
            ctx.world.suggestion(reference).map(|_| ()).ok_or_else(missing)
        }
        Subject::Info(no) => ctx.require_brief(no).map(|_| ()),
        Subject::Proposal(no) => ctx.require_proposal(no).map(|_| ()),
    }
}

/// Number of the next one after those that are there.
fn next(known: usize) -> Result<u32, Say> {
    if known >= MAX_OUTCOMES {
        return Err(say!("e.too_far", max = MAX_OUTCOMES));
    }
    Ok(u32::try_from(known).unwrap_or(u32::MAX).saturating_add(1))
}

/// 批示.
pub fn instruct(ctx: &Ctx<'_>, subject: Subject, who: &str, date: Option<NaiveDate>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.adopted.instruct";
    ctx.require_role(Role::Coordinator)?;
    require(ctx, subject)?;
    if matches!(subject, Subject::Topic(_) | Subject::Suggestion(_)) {
        return Err(say!("e.adopt_info", ex = example_of(EXAMPLE)));
    }
    let (who, text) = (who.trim(), text.trim());
    if who.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(who, MAX_LEVEL)?;
    within(text, MAX_REASON)?;
    let date = date.unwrap_or_else(|| ctx.settings.date(ctx.scene.now));
    let known = ctx.world.instructions(subject);
    if known.iter().any(|other| (other.who.as_str(), other.date, other.text.as_str()) == (who, date, text)) {
        return Err(say!("e.outcome_twice", what = subject.named()));
    }
    let (n, rank) = (next(known.len())?, Rank::of(who));
    Ok(Decision::fact(Event::Brief(Fact::Instructed { subject, n, who: who.into(), rank, date, text: text.into() })))
}

/// 吸纳进文件.
pub fn absorb(ctx: &Ctx<'_>, subject: Subject, document: &str) -> Decided {
    const EXAMPLE: &str = "ex.adopted.absorb";
    ctx.require_role(Role::Coordinator)?;
    require(ctx, subject)?;
    if matches!(subject, Subject::Topic(_)) {
        return Err(say!("e.absorb_topic", ex = example_of(EXAMPLE)));
    }
    let document = document.trim().trim_matches(['《', '》', '"', '“', '”']).trim();
    if document.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(document, MAX_HEADLINE)?;
    let known = ctx.world.absorptions(subject);
    if known.iter().any(|other| other.document.as_str() == document) {
        return Err(say!("e.outcome_twice", what = subject.named()));
    }
    let n = next(known.len())?;
    Ok(Decision::fact(Event::Brief(Fact::Absorbed { subject, n, document: document.into() })))
}

/// 报道.
pub fn cover(ctx: &Ctx<'_>, subject: Subject, said: (&str, &str), link: &str) -> Decided {
    const EXAMPLE: &str = "ex.coverage";
    ctx.require_role(Role::Coordinator)?;
    require(ctx, subject)?;
    let (media, title) = said;
    let (media, title, link) = (media.trim(), title.trim(), link.trim());
    let title = title.trim_matches(['《', '》', '"', '“', '”']).trim();
    if media.is_empty() || title.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(media, MAX_LEVEL)?;
    within(title, MAX_HEADLINE)?;
    within(link, MAX_LINK)?;
    let known = ctx.world.coverage(subject);
    if known.iter().any(|other| (other.media.as_str(), other.title.as_str()) == (media, title)) {
        return Err(say!("e.outcome_twice", what = subject.named()));
    }
    let n = next(known.len())?;
    Ok(Decision::fact(Event::Brief(Fact::Covered {
        subject,
        n,
        media: media.into(),
        title: title.into(),
        link: link.into(),
    })))
}
