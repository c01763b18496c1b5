//! 批示、吸纳进文件、报道 — what came of a brief, a proposal, a suggestion or a topic beside 采用; each is recorded by a coordinator.

use super::adoption::Rank;
use super::fact::Fact;
use super::info::MAX_LEVEL;
use super::subject::Subject;
use crate::domain::event::Event;
use crate::domain::person::Role;
use crate::domain::say::{Say, example_of};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::suggestion::MAX_REASON;
use crate::domain::topic::within;
use crate::domain::words::Words;
use crate::domain::world::{Entity, Key, World, kind};
use crate::say;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Of one kind of one thing.
const MAX_OUTCOMES: usize = 50;
/// Longest headline or name of a document, and longest address, in characters.
const MAX_HEADLINE: usize = 80;
const MAX_LINK: usize = 300;

/// 批示.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// Of what.
    pub subject: Subject,
    /// Which of its instructions.
    pub n: u32,
    /// By whom, as it was said.
    pub who: Words,
    /// At which level that is; `None` where the name does not say.
    pub rank: Option<Rank>,
    /// Of which day.
    pub date: NaiveDate,
    /// What it says; may be empty.
    pub text: Words,
}

impl Entity for Instruction {
    fn key(&self) -> Key {
        self.subject.key(kind::INSTRUCTION).num(self.n)
    }
}

/// 吸纳进文件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorption {
    /// What was taken in.
    pub subject: Subject,
    /// Which of its documents.
    pub n: u32,
    /// Name of the document.
    pub document: Words,
}

impl Entity for Absorption {
    fn key(&self) -> Key {
        self.subject.key(kind::ABSORPTION).num(self.n)
    }
}

/// 报道.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// About what.
    pub subject: Subject,
    /// Which of its reports.
    pub n: u32,
    /// Paper, station or site.
    pub media: Words,
    /// Headline.
    pub title: Words,
    /// Address; may be empty.
    pub link: Words,
}

impl Entity for Coverage {
    fn key(&self) -> Key {
        self.subject.key(kind::COVERAGE).num(self.n)
    }
}

impl World<'_> {
    /// The instructions given on something.
    #[must_use]
    pub fn instructions(&self, subject: Subject) -> Vec<Instruction> {
        self.list(&subject.key(kind::INSTRUCTION), MAX_OUTCOMES)
    }

    /// The documents something was taken into.
    #[must_use]
    pub fn absorptions(&self, subject: Subject) -> Vec<Absorption> {
        self.list(&subject.key(kind::ABSORPTION), MAX_OUTCOMES)
    }

    /// Whether no 批示, 吸纳 or 报道 is recorded of something.
    #[must_use]
    pub fn is_without_outcome(&self, subject: Subject) -> bool {
        self.instructions(subject).is_empty()
            && self.absorptions(subject).is_empty()
            && self.coverage(subject).is_empty()
    }

    /// The reports about something.
    #[must_use]
    pub fn coverage(&self, subject: Subject) -> Vec<Coverage> {
        self.list(&subject.key(kind::COVERAGE), MAX_OUTCOMES)
    }
}

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
