//! 社情民意 — receiving, reviewing, passing on, reporting and adopting a brief.

use crate::domain::brief::adoption::{MAX_ADOPTIONS, Rank};
use crate::domain::brief::ask::Deal;
use crate::domain::brief::fact::Fact;
use crate::domain::brief::info::{Brief, MAX_TEXT, State};
use crate::domain::brief::subject::Subject;
use crate::domain::decide::brief::proposal;
use crate::domain::decide::brief::source::sourced;
use crate::domain::event::Event;
use crate::domain::kernel::ids::BriefNo;
use crate::domain::kernel::say::{Say, example_of};
use crate::domain::kernel::text::{longest_title, within};
use crate::domain::kernel::words::Words;
use crate::domain::people::lately;
use crate::domain::people::person::Role;
use crate::domain::people::undoable::Undoable;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::say;

/// Longest name of a level, unit or document, in characters.
pub(super) const MAX_LEVEL: usize = 40;

/// To how many a brief is reported.
const MAX_REPORTED: usize = 10;

impl Ctx<'_> {
    /// # Errors
    /// `e.no_brief`.
    pub(super) fn require_brief(&self, no: BriefNo) -> Result<Brief, Say> {
        self.world.brief(no).ok_or_else(|| say!("e.no_brief", b = no))
    }
}

/// What is answered where only a brief will do.
pub(super) fn only() -> Say {
    say!("e.only_info", ex = example_of("ex.vet"))
}

/// What a member writes, if it may be kept: `then` is given title and text.
pub(super) fn written(
    ctx: &Ctx<'_>,
    (title, body): (&str, &str),
    example: &str,
    then: impl FnOnce(&str, &str) -> Decided,
) -> Decided {
    if let Some(decision) = ctx.turned_away(title).or_else(|| ctx.turned_away(body)) {
        return Ok(decision);
    }
    let (title, body) = (title.trim(), body.trim());
    if title.is_empty() || body.is_empty() {
        return Err(say!("e.empty", ex = example_of(example)));
    }
    within(title, longest_title(title))?;
    within(body, MAX_TEXT)?;
    then(title, body)
}

/// 社情民意 — a member reports what people say.
pub fn receive(ctx: &Ctx<'_>, title: &str, body: &str, sources: &[Subject]) -> Decided {
    ctx.require_role(Role::Member)?;
    written(ctx, (title, body), "ex.info", |title, body| {
        let fingerprint = lately::fingerprint("brief", &format!("{title}\n{body}"));
        if let Some(Undoable::Brief(no)) = ctx.world.said_already(ctx.me(), fingerprint, ctx.scene.now) {
            return Err(say!("e.repeat", r#ref = say!("ref.brief", b = no)));
        }
        let brief = BriefNo(ctx.world.counters().briefs + 1);
        let mut facts = vec![Event::BriefReceived { brief, title: title.into(), body: body.into() }];
        facts.extend(sourced(ctx, Subject::Info(brief), sources)?);
        Ok(Decision::facts(facts))
    })
}

/// What was returned for change, sent again. In reply to a message about another brief it is a new one.
pub fn again(ctx: &Ctx<'_>, of: (BriefNo, bool), title: &str, body: &str, sources: &[Subject]) -> Decided {
    let (no, is_quoted) = of;
    ctx.require_role(Role::Member)?;
    let known = ctx.world.brief(no);
    let is_own = known.as_ref().is_some_and(|brief| brief.by == ctx.me());
    if is_quoted && !known.as_ref().is_some_and(|brief| is_own && brief.state == State::Returned) {
        return receive(ctx, title, body, sources);
    }
    let brief = ctx.require_brief(no)?;
    if !is_own {
        return Err(say!("e.brief_other", b = no, who = ctx.world.name_of(brief.by)));
    }
    brief.require(&[State::Returned])?;
    written(ctx, (title, body), "ex.info", |title, body| {
        let mut facts = vec![Event::Brief(Fact::Resent { brief: no, title: title.into(), body: body.into() })];
        facts.extend(sourced(ctx, Subject::Info(no), sources)?);
        Ok(Decision::facts(facts))
    })
}

/// 审核, 退改, 编发, 报送, 留存, 转办.
pub fn deal(ctx: &Ctx<'_>, no: BriefNo, deal: Deal, text: &str) -> Decided {
    use State::{Issued, Received, Reported, Reviewed};
    ctx.require_role(Role::Coordinator)?;
    let brief = ctx.require_brief(no)?;
    let text = text.trim();
    within(text, MAX_REASON)?;
    let fact = match deal {
        Deal::Review => {
            brief.require(&[Received])?;
            Event::Brief(Fact::Reviewed { subject: Subject::Info(no) })
        }
        Deal::Return => {
            brief.require(&[Received, Reviewed])?;
            if text.is_empty() {
                return Err(say!("e.brief_why", b = no));
            }
            Event::Brief(Fact::Returned { brief: no, reason: text.into() })
        }
        Deal::Issue => {
            brief.require(&[Received, Reviewed])?;
            return Ok(Decision::facts(on_the_way(&brief)));
        }
        Deal::Report => return report(&brief, text),
        Deal::Keep => {
            brief.require(&[Received, Reviewed, Issued, Reported])?;
            Event::Brief(Fact::Kept { brief: no, reason: text.into() })
        }
        Deal::Refer => {
            if brief.state == State::Returned {
                return Err(brief.wrong_state());
            }
            if text.is_empty() {
                return Err(say!("e.brief_unit", b = no));
            }
            within(text, MAX_LEVEL)?;
            Event::Brief(Fact::Referred { brief: no, unit: text.into() })
        }
        Deal::File | Deal::Decline | Deal::Recast | Deal::Close => return Err(proposal::only()),
    };
    Ok(Decision::fact(fact))
}

/// The steps as far as 编发 that were not recorded yet.
fn on_the_way(brief: &Brief) -> Vec<Event> {
    let mut facts = Vec::new();
    if brief.state == State::Received {
        facts.push(Event::Brief(Fact::Reviewed { subject: Subject::Info(brief.no) }));
    }
    if brief.state < State::Issued {
        facts.push(Event::BriefIssued { brief: brief.no });
    }
    facts
}

/// The bodies a text names, one or several.
fn bodies(text: &str, is_parted_by_blanks: bool) -> impl Iterator<Item = &str> {
    let is_between =
        move |c: char| (is_parted_by_blanks && c.is_whitespace()) || matches!(c, '、' | '，' | ',' | '；' | ';');
    text.split(is_between).map(str::trim).filter(|name| !name.is_empty())
}

/// 报送 — to one or several; whom it has gone to already is not named again.
fn report(brief: &Brief, text: &str) -> Decided {
    if brief.state == State::Returned {
        return Err(brief.wrong_state());
    }
    let mut to: Vec<Words> = Vec::new();
    // English names have blanks of their own.
    for name in bodies(text, !text.is_ascii()) {
        within(name, MAX_LEVEL)?;
        let name = Words::from(name);
        if !brief.reported.contains(&name) && !to.contains(&name) {
            to.push(name);
        }
    }
    if to.is_empty() {
        let sent = !brief.reported.is_empty() && !text.is_empty();
        return Err(if sent {
            say!("e.brief_sent", b = brief.no, to = text)
        } else {
            say!("e.brief_to", b = brief.no)
        });
    }
    if brief.reported.len() + to.len() > MAX_REPORTED {
        return Err(say!("e.too_far", max = MAX_REPORTED));
    }
    let mut facts = on_the_way(brief);
    facts.push(Event::Brief(Fact::Reported { brief: brief.no, to }));
    Ok(Decision::facts(facts))
}

/// 采用 — a coordinator records who took a brief up, each body by itself. What was not passed on yet is with it.
pub fn adopt(ctx: &Ctx<'_>, subject: Subject, level: &str) -> Decided {
    const EXAMPLE: &str = "ex.adopted";
    ctx.require_role(Role::Coordinator)?;
    let Subject::Info(no) = subject else { return Err(say!("e.adopt_info", ex = example_of(EXAMPLE))) };
    let brief = ctx.require_brief(no)?;
    if brief.state == State::Returned {
        return Err(brief.wrong_state());
    }
    let known = ctx.world.adoptions(no);
    let is_same = |level: &str, other: &str| level.to_lowercase() == other.to_lowercase();
    let (mut new, mut before): (Vec<&str>, Option<&str>) = (Vec::new(), None);
    for level in bodies(level.trim_end_matches(['。', '！', '!']), false) {
        let bare = level.strip_prefix('被').unwrap_or(level);
        let level = bare.strip_suffix("采用").unwrap_or(bare);
        within(level, MAX_LEVEL)?;
        if known.iter().any(|adoption| is_same(adoption.level.as_str(), level)) {
            before = Some(level);
        } else if !level.is_empty() && !new.iter().any(|other| is_same(other, level)) {
            new.push(level);
        }
    }
    match (new.is_empty(), before) {
        (true, Some(level)) => return Err(say!("e.adopted", b = no, lv = level)),
        (true, None) => return Err(say!("e.empty", ex = example_of(EXAMPLE))),
        _ => {}
    }
    if known.len() + new.len() > MAX_ADOPTIONS {
        return Err(say!("e.too_far", max = MAX_ADOPTIONS));
    }
    let mut facts = on_the_way(&brief);
    let adopted = |level: &str| Event::BriefAdopted { brief: no, level: level.into(), rank: Rank::of(level) };
    facts.extend(new.into_iter().map(adopted));
    Ok(Decision::facts(facts))
}
