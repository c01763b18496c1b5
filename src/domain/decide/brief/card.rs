//! 清单和卡片 — who may look at which briefs and proposals.

use crate::domain::brief::card::{next_of_info, next_of_proposal};
use crate::domain::brief::info::Brief;
use crate::domain::brief::info::State as InfoState;
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::{BriefNo, PersonId, ProposalNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::group::GroupKind;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::domain::work::task;
use crate::say;

fn is_office(ctx: &Ctx<'_>) -> bool {
    ctx.require_role(Role::Coordinator).is_ok()
}

/// Members may look, and coordinators as far as they reach; so may whoever it concerns.
fn may_look(ctx: &Ctx<'_>, subject: Subject, concerned: &[Option<PersonId>]) -> Result<(), Say> {
    if concerned.contains(&Some(ctx.me())) || ctx.scene.who.holds(Role::Member) {
        return Ok(());
    }
    ctx.require_role(Role::Coordinator).or_else(|_| ctx.require_role(Role::Member))?;
    ctx.require_coordinator_of(&ctx.town_of_subject(subject).unwrap_or_default())
}

/// Whether what it says is shown here, and in full.
fn body_here(ctx: &Ctx<'_>, body: &str) -> Option<Value> {
    match ctx.scene.place {
        Place::Private => Some(Value::Text(body.lines().map(str::trim).collect::<Vec<_>>().join(" "))),
        Place::Group(group) => {
            let kind = ctx.world.group(group).and_then(|group| group.kind);
            (kind == Some(GroupKind::Members)).then(|| Value::Quote(body.to_owned()))
        }
        Place::Page { .. } => None,
    }
}

/// 社情民意, alone.
pub fn infos(ctx: &Ctx<'_>) -> Decided {
    let (is_office, mut found) = listed(ctx)?;
    found.retain(|subject| matches!(subject, Subject::Info(_)));
    let mut briefs: Vec<Brief> = found
        .into_iter()
        .filter_map(|subject| match subject {
            Subject::Info(no) => ctx.world.brief(no),
            _ => None,
        })
        .collect();
    if is_office {
        briefs.sort_by_key(|brief| (brief.state, brief.no));
    } else {
        briefs.reverse();
    }
    let n = briefs.len();
    let row = |brief: &Brief| {
        let state = Value::Term(brief.term().to_owned());
        say!("brief.row", b = brief.no, of = &brief.title, state = state)
    };
    let rows = Value::Lines(briefs.iter().map(row).collect());
    Ok(Decision::answer(match (is_office, n) {
        (true, 0) => say!("brief.list.idle"),
        (false, 0) => say!("brief.list.none"),
        (true, _) => say!("brief.list.wait", n = n, rows = rows),
        (false, _) => say!("brief.list.own", n = n, rows = rows),
    }))
}

/// 提案, alone.
pub fn proposals(ctx: &Ctx<'_>) -> Decided {
    let (is_office, found) = listed(ctx)?;
    let mut proposals: Vec<Proposal> = found
        .into_iter()
        .filter_map(|subject| match subject {
            Subject::Proposal(no) => ctx.world.proposal(no),
            _ => None,
        })
        .collect();
    if is_office {
        proposals.sort_by_key(|proposal| (proposal.state, proposal.due, proposal.no));
    } else {
        proposals.reverse();
    }
    let n = proposals.len();
    let row = |proposal: &Proposal| {
        let state = Value::Term(proposal.term().to_owned());
        match proposal.due.filter(|_| proposal.is_owed()) {
            Some(due) => say!("prop.row.due", b = proposal.no, of = &proposal.title, state = state, due = due),
            None => say!("prop.row", b = proposal.no, of = &proposal.title, state = state),
        }
    };
    let rows = Value::Lines(proposals.iter().map(row).collect());
    Ok(Decision::answer(match (is_office, n) {
        (true, 0) => say!("prop.list.idle"),
        (false, 0) => say!("prop.list.none"),
        (true, _) => say!("prop.list.wait", n = n, rows = rows),
        (false, _) => say!("prop.list.own", n = n, rows = rows),
    }))
}

impl Ctx<'_> {
    /// The briefs that wait, as far as the speaker's office reaches.
    pub(super) fn waiting_here(&self) -> Vec<Subject> {
        let mut waiting = self.world.waiting_briefs();
        waiting.retain(|subject| self.town_of_subject(*subject).is_some_and(|town| self.coordinates(&town)));
        waiting
    }
}

/// What waits, for the office; one's own, for members.
fn listed(ctx: &Ctx<'_>) -> Result<(bool, Vec<Subject>), Say> {
    if is_office(ctx) {
        return Ok((true, ctx.waiting_here()));
    }
    ctx.require_role(Role::Member)?;
    Ok((false, ctx.world.written_by(ctx.me())))
}

fn names(subjects: &[Subject]) -> Vec<Value> {
    subjects.iter().map(|source| source.named().into()).collect()
}

/// 批示、吸纳、报道, as far as there are any.
fn counts(ctx: &Ctx<'_>, subject: Subject) -> Option<Say> {
    let world = ctx.world;
    let parts: Vec<Say> = [
        (world.instructions(subject).len(), "card.instructed"),
        (world.absorptions(subject).len(), "card.absorbed"),
        (world.coverage(subject).len(), "card.covered"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, key)| Say::new(key).with("n", n))
    .collect();
    (!parts.is_empty()).then(|| say!("card.outcomes", what = Value::Commas(parts)))
}

/// What to send next; to an official who wrote it, whom to ask, unless it is the author's turn (`is_theirs`) or over.
fn next_for(ctx: &Ctx<'_>, subject: Subject, is_theirs: bool, next: Say) -> Say {
    match ctx.require_no_author(subject) {
        Err(own) if !is_theirs => own,
        Err(_) | Ok(()) => next,
    }
}

/// 社情民意 编号.
pub fn info(ctx: &Ctx<'_>, no: BriefNo) -> Decided {
    let brief = ctx.require_brief(no)?;
    may_look(ctx, Subject::Info(no), &[Some(brief.by)])?;
    let mut rows = Vec::new();
    let mut sources = names(&brief.sources);
    sources.extend(brief.from.map(|from| Value::from(Subject::Proposal(from).named())));
    if !sources.is_empty() {
        rows.push(say!("card.source", what = Value::List(sources)));
    }
    let mut sent: Vec<Value> = brief.reported.iter().map(Value::from).collect();
    if !brief.referred.as_str().is_empty() {
        sent.push(say!("card.referred", unit = &brief.referred).into());
    }
    if !sent.is_empty() {
        rows.push(say!("card.reported", what = Value::List(sent)));
    }
    let levels: Vec<Value> = ctx.world.adoptions(no).iter().map(|adoption| (&adoption.level).into()).collect();
    if !levels.is_empty() {
        rows.push(say!("card.adopted", what = Value::List(levels)));
    } else if matches!(brief.state, InfoState::Returned | InfoState::Kept) && !brief.why.as_str().is_empty() {
        rows.push(say!("card.why", why = &brief.why));
    }
    rows.extend(counts(ctx, Subject::Info(no)));
    rows.extend(body_here(ctx, brief.body.as_str()).map(|text| say!("card.body", says = text)));
    Ok(Decision::answer(say!(
        "brief.card",
        b = no,
        title = &brief.title,
        who = ctx.world.name_of(brief.by),
        at = ctx.settings.date(brief.at),
        state = Value::Term(brief.term().to_owned()),
        rows = Value::Lines(rows),
        next = next_for(ctx, Subject::Info(no), brief.state == InfoState::Returned, next_of_info(&brief)),
    )))
}

/// 提案 编号.
pub fn proposal(ctx: &Ctx<'_>, no: ProposalNo) -> Decided {
    let proposal = ctx.require_proposal(no)?;
    may_look(ctx, Subject::Proposal(no), &[Some(proposal.by), proposal.handler])?;
    let mut rows = Vec::new();
    if !proposal.sources.is_empty() {
        rows.push(say!("card.source", what = Value::List(names(&proposal.sources))));
    }
    if let (Some(handler), Some(due)) = (proposal.handler, proposal.due) {
        let mut units = vec![Value::from(&proposal.unit)];
        units.extend(proposal.helpers.iter().map(Value::from));
        rows.push(say!("card.unit", unit = Value::List(units), who = ctx.world.name_of(handler), due = due));
    }
    if let Some(class) = proposal.class {
        let grade = proposal.grade.map_or("grade.none", task::Grade::term);
        rows.push(say!(
            "card.answer",
            cls = Value::Term(class.term().to_owned()),
            clsname = Value::Term(format!("{}.name", class.term())),
            op = Value::Term(grade.to_owned()),
            says = Value::Quote(proposal.answer.as_str().to_owned()),
        ));
    }
    if !proposal.why.as_str().is_empty() {
        rows.push(say!("card.why", why = &proposal.why));
    }
    let is_theirs = match proposal.state {
        State::Answered => !proposal.is_answered_by_author(),
        State::Done | State::Recast => true,
        State::Received
        | State::Reviewing
        | State::Filed
        | State::Declined
        | State::Assigned
        | State::Acked
        | State::Contested => false,
    };
    rows.extend(counts(ctx, Subject::Proposal(no)));
    rows.extend(body_here(ctx, proposal.body.as_str()).map(|text| say!("card.body", says = text)));
    Ok(Decision::answer(say!(
        "prop.card",
        b = no,
        title = &proposal.title,
        who = ctx.world.name_of(proposal.by),
        at = ctx.settings.date(proposal.at),
        state = Value::Term(proposal.term().to_owned()),
        rows = Value::Lines(rows),
        next = next_for(ctx, Subject::Proposal(no), is_theirs, next_of_proposal(&proposal)),
    )))
}
