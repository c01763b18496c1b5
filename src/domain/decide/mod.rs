//! 决定 — who may, what must be there, what follows: one arm a command here, one file a noun below.
//!
//! Nothing else makes facts of what people ask. What the clock brings about stands in [`due`](super::due).

pub mod absence;
pub mod account;
pub mod ballot;
pub mod binding;
pub mod brief;
pub mod campaign;
pub mod category;
pub mod charity;
pub mod clock;
pub mod conflict;
pub mod course;
pub mod duty;
pub mod electors;
pub mod enrolment;
pub mod erasure;
pub mod export;
pub mod gathering;
pub mod group;
pub mod halt;
pub mod handover;
mod heard;
pub mod hearsay;
pub mod hiding;
pub mod identity_claim;
pub mod identity_claims;
pub mod invitation_code;
pub mod invitation_sheet;
pub mod limits;
pub mod mandate;
pub mod mine;
pub mod notice;
pub mod nudge;
mod one;
pub mod outcome;
pub mod pact;
mod paging;
pub mod person;
pub mod plain;
pub mod plan;
pub mod poll;
pub mod qr;
pub mod reach;
pub mod review;
pub mod roll;
pub mod series;
pub mod slip;
pub mod standstill;
pub mod station;
pub mod steps;
pub mod suggestion;
pub mod take_back;
pub mod task;
pub mod tier;
pub mod todo;
pub mod topic;
pub mod topic_card;
pub mod town;
pub mod word;

use crate::domain::command::Command;
use crate::domain::decide::brief::ask;
use crate::domain::decide::poll::fact;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PollNo, TopicNo, VoterNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people;
use crate::domain::people::person::Role;
use crate::domain::people::undoable::Undoable;
use crate::domain::scene::{Ctx, Decided, Decision, Told};
use crate::domain::vote::absence::Fact as AbsenceFact;
use crate::domain::vote::mandate::Fact as MandateFact;
use crate::say;

/// Who may confirm somebody, to be named.
const MOST_BACKERS: usize = 3;

/// Decides a command. Pure: world + scene + command → facts, an answer, or a refusal.
///
/// # Errors
/// The sentence that says what is missing and what to type next.
pub fn decide(ctx: &Ctx<'_>, command: &Command) -> Decided {
    let notes = reach::require(ctx, command)?;
    let mut decision = with_consequences(ctx, of_command(ctx, command)?)?;
    if !decision.facts.is_empty() {
        decision.answer.extend(notes);
    }
    let papers = paper_letters(ctx, command, &decision.facts);
    decision.answer.extend(papers);
    Ok(decision)
}

/// 一并办 — what is told of a command that was decided as several: how many were done, and of each that was not why.
#[must_use]
pub fn receipt_of_all(told: Told, done: usize, left: Vec<Say>) -> Say {
    match told {
        Told::Enrolled => enrolment::receipt(done, left),
        Told::Confirmed => identity_claims::receipt(done, left),
    }
}

/// 纸质票 — whoever writes in private for the first time could not be told before what was entered for them.
fn paper_letters(ctx: &Ctx<'_>, command: &Command, facts: &[Event]) -> Vec<Say> {
    let who = &ctx.scene.who;
    if ctx.scene.way != Way::Private || !who.enrolled || ctx.world.confides(who.id) {
        return Vec::new();
    }
    // 我 lists where they were signed in; whoever votes is not interrupted, and finds it there.
    let is_ballot = facts.iter().any(|fact| matches!(fact, Event::BallotCast { .. }));
    let mut letters = if is_ballot || *command == Command::Me { Vec::new() } else { gathering::letters(ctx, facts) };
    // Whoever has just voted has put it right.
    let is_cast = |no: PollNo| facts.iter().any(|fact| matches!(fact, Event::BallotCast { poll, .. } if *poll == no));
    let papers = ctx.world.papers_for(who).into_iter().filter(|(poll, _)| !is_cast(poll.no));
    letters.extend(papers.map(|(poll, voter)| ctx.world.paper_letter(&poll, voter)));
    letters
}

/// What every ballot, every opening and every joining brings with it, whichever command they come from; and what none may do.
fn with_consequences(ctx: &Ctx<'_>, mut decision: Decision) -> Decided {
    decision.facts.iter().try_for_each(|fact| require_reach(ctx, fact))?;
    let mut more = Vec::new();
    for fact in &decision.facts {
        if let Event::BallotCast { poll, voter, .. } = fact
            && let Some(poll) = ctx.world.poll(*poll)
        {
            more.extend(absence::attend(ctx.world, &poll, *voter)?);
            more.extend(mandate::ended_by(ctx.world, &poll, *voter, &decision.facts));
        }
        more.extend(nudge::planned(ctx.settings, fact, ctx.scene.now));
        more.extend(mandate::lapsed_by(ctx.world, fact));
    }
    more.extend(electors::unfit_trustees(ctx.world, &decision.facts));
    decision.facts.extend(more);
    decision.facts.splice(0..0, ballot::joining(ctx, &decision.facts));
    ballot::within(ctx, &decision.facts)?;
    word::within(ctx, &decision.facts)?;
    decision.facts.extend(electors::kept(ctx.world, &decision.facts)?);
    Ok(decision)
}

/// 另一个账号 — whichever command it comes from, nothing of an open vote is changed from an account that joined it too late.
fn require_reach(ctx: &Ctx<'_>, fact: &Event) -> Result<(), Say> {
    let Some((topic, voter)) = of_own_vote(ctx, fact) else { return Ok(()) };
    require_backed(ctx, topic, voter)?;
    let Some(poll) = ctx.world.topic(topic).and_then(|topic| ctx.world.poll(topic.poll?)) else { return Ok(()) };
    let is_own = ctx.world.elector_no(&poll, &ctx.scene.who) == Some(voter);
    if is_own { ctx.require_own_account(&poll, voter) } else { Ok(()) }
}

/// 外镇认的人 — from an account that only officials of other towns vouched for nothing is done here about a vote of the roll.
fn require_backed(ctx: &Ctx<'_>, no: TopicNo, voter: VoterNo) -> Result<(), Say> {
    let who = &ctx.scene.who;
    let Some(topic) = ctx.world.topic(no) else { return Ok(()) };
    let Some(account) = ctx.world.account(&ctx.scene.caller.account) else { return Ok(()) };
    let is_own = || ctx.world.voter_of(no, who).is_some_and(|own| own.no == voter);
    if !ctx.world.is_unbacked(&account, who, &topic) || !is_own() {
        return Ok(());
    }
    let backers = ctx.world.backers(no, who);
    let names: Vec<Value> = backers.iter().take(MOST_BACKERS).map(|by| (&by.name).into()).collect();
    let ask = if names.is_empty() { say!("unbacked.nobody") } else { say!("unbacked.ask", who = Value::List(names)) };
    Err(say!("e.unbacked", no = no, ask = ask, name = ctx.world.written_apart(who)))
}

/// The topic and the voter of what somebody does about their own vote.
fn of_own_vote(ctx: &Ctx<'_>, fact: &Event) -> Option<(TopicNo, VoterNo)> {
    if let Event::BallotCast { poll, voter, proxy: false, .. } = fact {
        return Some((ctx.world.poll(*poll)?.topic, *voter));
    }
    if let Event::Mandate(fact) = fact {
        return match fact {
            MandateFact::Given { topic, voter, .. }
            | MandateFact::Withdrawn { topic, voter, .. }
            | MandateFact::Ended { topic, voter, .. } => Some((*topic, *voter)),
            MandateFact::Used { .. } | MandateFact::Lapsed { .. } => None,
        };
    }
    if let Event::Absence(fact) = fact {
        return match fact {
            AbsenceFact::OnLeave { topic, seat, .. }
            | AbsenceFact::Recused { topic, seat, .. }
            | AbsenceFact::Withdrawn { topic, seat, .. }
            | AbsenceFact::Contested { topic, seat, .. }
            | AbsenceFact::Present { topic, seat } => Some((*topic, seat.voter())),
            AbsenceFact::Settled { .. }
            | AbsenceFact::Lapsed { .. }
            | AbsenceFact::Counted { .. }
            | AbsenceFact::Struck { .. } => None,
        };
    }
    let Event::Undone { what } = fact else { return None };
    match what {
        Undoable::Mandate(topic, voter) => Some((*topic, *voter)),
        Undoable::Absence(topic, seat) => Some((*topic, seat.voter())),
        Undoable::Topic(_)
        | Undoable::Second(_)
        | Undoable::Suggestion(_)
        | Undoable::Reply(..)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Duty(..) => None,
    }
}

#[allow(clippy::too_many_lines, reason = "one arm a command; the compiler points here when one is missing")]
fn of_command(ctx: &Ctx<'_>, command: &Command) -> Decided {
    match command {
        // What the catalogue and the digest answer is asked of the loop, which knows the wording.
        Command::Help(_) | Command::Digest(_) | Command::Weekly(_) => Ok(Decision::silent()),
        Command::Statistics(_) => {
            ctx.require_role(Role::Coordinator)?;
            Ok(Decision::silent())
        }
        Command::Plain(plain) => Ok(plain::answer(ctx, plain)),
        Command::TopicList(page) => topic_card::list(ctx, *page),
        Command::TopicCard(no) => topic_card::card(ctx, *no),
        Command::LookUp(what) => topic_card::look_up(ctx, *what),
        Command::TopicNew { text, force } => topic::order(ctx, text, *force),
        Command::Sort { topic, category } => category::sort(ctx, *topic, category),
        Command::Second(no) => topic::second(ctx, *no),
        Command::Suggest { topic, text } => suggestion::suggest(ctx, *topic, text),
        Command::SuggestionList(no, page) => suggestion::list(ctx, *no, *page),
        Command::SuggestionShow(reference) => suggestion::show(ctx, *reference),
        Command::Like(arg) => suggestion::like(ctx, *arg),
        Command::Reply { to, text } => suggestion::reply(ctx, *to, text),
        Command::Ballot { topic, choice } => poll::cast(ctx, *topic, *choice),
        Command::BareChoice(choice) => poll::bare_choice(ctx, *choice),
        Command::Gathering(ask) => gathering::ask(ctx, ask),
        Command::Chain(chain) => gathering::join_chain(ctx, chain),
        Command::Undo => mine::undo(ctx),
        Command::TakeBack(ask) => take_back::ask(ctx, *ask),
        Command::Me => mine::me(ctx),
        Command::Claim { name, place } => identity_claim::make(ctx, name, place),
        Command::UsePass(code) => invitation_code::redeem(ctx, code),
        Command::MakePasses(topic) => invitation_sheet::make(ctx, *topic),
        Command::MakePass { name, place } => invitation_code::make(ctx, name, place),
        Command::ClaimWord { is_right, is_talk } => identity_claim::word(ctx, *is_right, *is_talk),
        Command::SettleClaims => identity_claims::settle_all(ctx),
        Command::SettleClaim { claim, is_right, place } => identity_claim::settle(ctx, *claim, *is_right, place),
        Command::Take { topic, who, reason } => topic::take(ctx, *topic, who, reason),
        Command::Advance { topic, reason } => halt::advance(ctx, *topic, reason),
        Command::Bind(no) => topic::bind(ctx, *no),
        Command::Invite { topic, guests } => topic::invite(ctx, *topic, guests),
        Command::Relay { topic, name, text } => suggestion::relay(ctx, *topic, name, text),
        Command::OpenPoll { topic, rule, ends, title } => poll::open(ctx, *topic, *rule, *ends, title),
        Command::Poll(ask) => fact::ask(ctx, ask),
        Command::ProxyBallots { topic, lines } => poll::proxy(ctx, *topic, lines),
        Command::LimitTalk { topic, until } => course::limit(ctx, *topic, *until),
        Command::Address { topic, units } => course::address(ctx, *topic, units),
        Command::Conflict(ask) => conflict::except(ctx, ask),
        Command::Course(ask) => course::set(ctx, ask),
        Command::Absence(ask) => absence::ask(ctx, ask),
        Command::Mandate(ask) => mandate::ask(ctx, ask),
        Command::Remind(ask) => nudge::ask(ctx, *ask),
        Command::Plan { topic, text } => plan::draft(ctx, *topic, text),
        Command::Hide(ask) => hiding::hide(ctx, ask),
        Command::Judge { suggestion, verdict, reason } => suggestion::judge(ctx, *suggestion, *verdict, reason),
        Command::Notice { topic, days } => notice::post(ctx, *topic, *days),
        Command::Object { topic, text } => notice::object(ctx, *topic, text),
        Command::Answer { topic, n, text } => notice::answer(ctx, *topic, *n, text),
        Command::Review { topic, opinion, text } => review::review(ctx, *topic, *opinion, text),
        Command::Pact { topic, text } => pact::draft(ctx, *topic, text),
        Command::Back { topic, reason } => halt::back(ctx, *topic, reason),
        Command::Pause { topic, reason } => halt::pause(ctx, *topic, reason),
        Command::End { topic, reason } => halt::end(ctx, *topic, reason),
        Command::Split(ask) => course::split(ctx, ask),
        Command::Part(topic) => halt::part(ctx, *topic),
        Command::Merge { topic, into, reason } => halt::merge(ctx, *topic, *into, reason),
        Command::Assign { topic, unit, handler, term, what } => task::assign(ctx, *topic, (unit, handler), *term, what),
        Command::Ack { task, is_talk } => task::ack(ctx, *task, *is_talk),
        Command::Progress { task, class, text } => task::progress(ctx, *task, *class, text),
        Command::Delay { task, term, reason } => task::delay(ctx, *task, *term, reason),
        Command::DelayUnsure { task, unsure } => task::delay_unsure(ctx, *task, unsure),
        Command::Handover(ask) => handover::decide(ctx, ask),
        Command::Urge(no) => task::urge(ctx, *no),
        Command::CardWords { task, said, is_reason: true, .. } => task::answered_why(ctx, *task, said),
        Command::CardWords { task, said, is_talk, is_reason: false } => task::asked_back(ctx, *task, said, *is_talk),
        Command::Rate { task, grade, reason } => task::rate(ctx, *task, *grade, reason),
        Command::Close { topic, outcomes, note } => outcome::close(ctx, *topic, outcomes, note),
        Command::Tally(no) => poll::tally(ctx, *no),
        Command::CallGathering { name, at, until, place } => gathering::call(ctx, name, (*at, *until), place),
        Command::SignIn { gathering, names } => gathering::sign_in(ctx, *gathering, names),
        Command::Minutes { gathering, text } => gathering::minutes(ctx, *gathering, text),
        Command::Duty(ask) => duty::ask(ctx, ask),
        Command::Brief(ask) => ask::decide(ctx, ask),
        Command::GroupSet(patch) => group::set(ctx, patch),
        Command::Account(ask) => account::ask(ctx, ask),
        Command::Grant { name, role, scope, withdraw } => person::grant(ctx, name, *role, scope.as_ref(), *withdraw),
        Command::EnrolAll(rows) => enrolment::enrol_all(ctx, rows),
        Command::Enrol { name, side, unit, loose: _, sector, town, level, room, marks, another, same } => {
            let (side, level, another, same) = (*side, *level, *another, *same);
            let entry = people::person::Entry { name, side, unit, sector, town, level, room, marks, another, same };
            person::enrol(ctx, &entry)
        }
        Command::Accept { slip, town, kind, template } => slip::accept(ctx, *slip, town.as_deref(), (*kind, *template)),
        Command::Reject { slip, ground, reason } => slip::reject(ctx, *slip, *ground, reason),
        Command::Refer { slip, unit, reason } => slip::refer(ctx, *slip, unit, reason),
        Command::OrderFor { channel, name, text, force } => hearsay::order_for(ctx, *channel, name, (text, *force)),
        Command::LoadRoll { topic, sheet } => roll::load(ctx, *topic, sheet),
        Command::ShowRoll { topic, page } => roll::show(ctx, *topic, *page),
        Command::Attached { name, rows } => roll::attached(ctx, name, *rows),
        Command::Station(ask) => station::decide(ctx, ask),
        Command::Town(ask) => town::ask(ctx, ask),
        Command::Tier(ask) => tier::decide(ctx, ask),
        Command::Campaign(ask) => campaign::decide(ctx, ask),
        Command::Qr(ask) => qr::decide(ctx, ask),
        Command::Series(ask) => series::decide(ctx, ask),
        Command::Export(ask) => export::decide(ctx, *ask),
        Command::Clock(ask) => clock::decide(ctx, *ask),
        Command::Charity(ask) => charity::decide(ctx, ask),
        Command::Personal(ask) => erasure::ask(ctx, ask),
        Command::Slip { title, text } => slip::hand_in(ctx, title, text),
    }
}
