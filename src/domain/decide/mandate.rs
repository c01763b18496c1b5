//! 委托 — giving, taking back and using a mandate.

use crate::domain::decide::poll::{filling, no_poll};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::World;
use crate::domain::people::account::Fact as AccountFact;
use crate::domain::people::erasure;
use crate::domain::people::person::Person;
use crate::domain::process::conflict::Part;
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::vote::mandate::{Ask, Fact, Lapse, MOST_ASKED, Mandate};
use crate::domain::vote::poll::{Ballot, Poll, household};
use crate::domain::vote::roll::Voter;
use crate::domain::vote::tally::Choice;
use crate::say;

/// Whoever votes in person, or on paper, ends the mandate; a ballot cast by it does not.
#[must_use]
pub fn ended_by(world: &World<'_>, poll: &Poll, voter: VoterNo, facts: &[Event]) -> Option<Event> {
    let mandate = poll.voters.and_then(|_| world.mandate(poll.topic, voter))?;
    let by_it = facts.iter().any(|fact| matches!(fact, Event::Mandate(Fact::Used { voter: of, .. }) if *of == voter));
    let replaced = Some(mandate.trustee).filter(|_| mandate.used == Some(poll.no));
    let (topic, trustee) = (mandate.topic, Some(mandate.trustee));
    (!by_it).then_some(Event::Mandate(Fact::Ended { topic, voter, replaced, trustee }))
}

/// 失效 — with the last account of somebody goes what they hold for others, and what they gave away from a chat themselves; paper
/// holds. With a vote that a topic goes back from goes every mandate for it.
#[must_use]
pub fn lapsed_by(world: &World<'_>, fact: &Event) -> Vec<Event> {
    if let Event::Account(fact) = fact {
        return match fact {
            AccountFact::Unlinked { account, person, .. } | AccountFact::Parted { account, person, .. } => {
                let is_last = world.accounts_of(*person).iter().all(|known| known.no == *account);
                if is_last { lapsed_with(world, *person) } else { Vec::new() }
            }
            AccountFact::Left { person, .. } => lapsed_with(world, *person),
            AccountFact::Asked { .. }
            | AccountFact::Vouched { .. }
            | AccountFact::Unvouched { .. }
            | AccountFact::Denied { .. }
            | AccountFact::Backed { .. }
            | AccountFact::Lapsed { .. }
            | AccountFact::Listed { .. }
            | AccountFact::Delisted { .. }
            | AccountFact::Language { .. } => Vec::new(),
        };
    }
    let Event::Erasure(erasure::Fact::Ordered { person, .. }) = fact else { return Vec::new() };
    lapsed_with(world, *person)
}

/// With somebody who can be reached no more.
fn lapsed_with(world: &World<'_>, person: PersonId) -> Vec<Event> {
    let Some(known) = world.person(person) else { return Vec::new() };
    let is_theirs = |mandate: &Mandate| {
        let own = world.voter_of(mandate.topic, &known).filter(|voter| voter.no == mandate.voter);
        let is_alone = || own.is_some_and(|voter| world.people_of(&voter).iter().all(|one| one.id == person));
        // Of a household that shares a ballot the one who gave it; what stands on paper needs no account.
        let is_giver = || match world.principal(mandate.topic, mandate.voter) {
            Some(principal) => principal == person,
            None => is_alone(),
        };
        !mandate.written && is_giver()
    };
    let why = |mandate: &Mandate| match mandate.trustee == person {
        true => Some(Lapse::TrusteeGone),
        false => is_theirs(mandate).then_some(Lapse::PrincipalGone),
    };
    let all = world.all_mandates().into_iter();
    all.filter_map(|mandate| Some(lapsed(&mandate, why(&mandate)?))).collect()
}

/// 主持中立 — whoever comes to moderate a topic holds no ballot of others in it any more.
#[must_use]
pub fn lapsed_with_chair(world: &World<'_>, topic: &Topic, chair: PersonId) -> Vec<Event> {
    let held = world.mandates_of(topic.no, chair);
    held.iter().map(|mandate| lapsed(mandate, Lapse::TrusteeModerates)).collect()
}

/// 作废 of a vote — no mandate is left for it.
#[must_use]
pub fn lapsed_with_vote(world: &World<'_>, topic: TopicNo) -> Vec<Event> {
    world.mandates(topic).iter().map(|mandate| lapsed(mandate, Lapse::VoteVoided)).collect()
}

fn lapsed(mandate: &Mandate, why: Lapse) -> Event {
    let Mandate { topic, voter, trustee, .. } = *mandate;
    Event::Mandate(Fact::Lapsed { topic, voter, trustee, why })
}

/// 委托.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Give { topic, principal, trustee, written } => give(ctx, *topic, principal, trustee, *written),
        Ask::Withdraw { topic, principal } => withdraw(ctx, *topic, principal),
        Ask::Cast { topic, principal, choice } => cast(ctx, *topic, principal, *choice),
    }
}

const EXAMPLE: &str = "ex.mandate";

/// Mandates listed where it is asked which is meant.
const MOST_LISTED: usize = 10;

impl Ctx<'_> {
    /// For whom an official has taken the account away nothing is entered on paper.
    pub(super) fn require_not_taken(&self, topic: &Topic, seat: Seat) -> Result<(), Say> {
        let Some(taken) = self.world.is_taken(topic.no, seat) else { return Ok(()) };
        let by = taken.by.map(|by| self.world.name_of(by)).unwrap_or_default();
        let (no, hh, at) = (topic.no, self.world.seat_called(topic.no, seat), Value::Moment(taken.at));
        Err(match taken.left {
            true => say!("e.taken.left", no = no, hh = hh, by = by, at = at),
            false => say!("e.taken", no = no, hh = hh, by = by, at = at),
        })
    }

    fn topic_with_roll(&self, written: Option<TopicNo>) -> Result<Topic, Say> {
        let topic = self.resolve_topic(written, EXAMPLE)?;
        topic.require_going()?;
        if topic.step == Step::Closed {
            return Err(topic.is_over("step.closed"));
        }
        if self.world.roll(topic.no).is_none() {
            return Err(say!("e.mandate.no_roll", no = topic.no));
        }
        Ok(topic)
    }

    /// The poll that is open, which must take mandates.
    fn open_to_mandates(&self, topic: &Topic) -> Result<Option<Poll>, Say> {
        let open = topic.poll.and_then(|no| self.world.poll(no));
        match open {
            Some(poll) if poll.voters.is_none() => Err(say!("e.mandate.no_roll", no = topic.no)),
            Some(poll) if !poll.rule.takes_mandates() => {
                Err(say!("e.mandate.rule", no = topic.no, rule = Value::Term(poll.rule.term().to_owned())))
            }
            // What is chosen there is for the voter alone, or more than one word.
            Some(poll) if self.world.poll_terms(poll.no).is_some() => Err(say!("e.mandate.form", no = topic.no)),
            other => Ok(other),
        }
    }

    fn own_voter(&self, topic: &Topic) -> Result<Voter, Say> {
        let r#mod = moderator_name(self.world, topic);
        let not_there = || self.unless_unlinked(say!("e.roll", no = topic.no, r#mod = r#mod));
        let voter = self.world.voter_of(topic.no, &self.scene.who).ok_or_else(not_there)?;
        self.require_own_account_in(topic.no, voter.no)?;
        Ok(voter)
    }

    fn voter_named(&self, topic: &Topic, called: &str) -> Result<Voter, Say> {
        self.world.voter_called(topic.no, called).ok_or_else(|| say!("e.no_voter", no = topic.no, who = called))
    }
}

/// Whose ballot it is: one's own, or, for the moderator with the paper in hand, anybody's on the roll.
fn principal_of(ctx: &Ctx<'_>, topic: &Topic, principal: &str, written: bool) -> Result<(Voter, bool), Say> {
    if principal.is_empty() {
        return Ok((ctx.own_voter(topic)?, false));
    }
    let voter = ctx.voter_named(topic, principal)?;
    if ctx.world.voter_of(topic.no, &ctx.scene.who).is_some_and(|own| own.no == voter.no) {
        ctx.require_own_account_in(topic.no, voter.no)?;
        return Ok((voter, false));
    }
    ctx.require_moderator(topic)?;
    if !written {
        return Err(say!("e.mandate.paper", no = topic.no));
    }
    Ok((voter, true))
}

fn give(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str, trustee: &str, written: bool) -> Decided {
    if trustee.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let topic = ctx.topic_with_roll(written_no)?;
    let open = ctx.open_to_mandates(&topic)?;
    let (voter, on_paper) = principal_of(ctx, &topic, principal, written)?;
    // 主持中立: whoever may not vote sends nobody, either, on paper or not.
    if !on_paper {
        ctx.require_fit(&ctx.scene.who, &topic, Part::Voter, None)?;
    }
    ctx.require_ballot_fit(&topic, Seat::Roll(voter.no), principal)?;
    if on_paper {
        ctx.require_not_taken(&topic, Seat::Roll(voter.no))?;
    }
    let has_voted = open.is_some_and(|poll| ctx.world.ballot(poll.no, voter.no).is_some());
    if has_voted {
        return Err(say!("e.mandate.voted", no = topic.no, hh = household(&voter)));
    }
    if on_paper && ctx.world.mandate(topic.no, voter.no).is_some_and(|mandate| !mandate.written) {
        return Err(say!("e.mandate.own_first", no = topic.no, hh = household(&voter)));
    }
    // Of a household that shares a ballot it is the one who gives it: what another of them holds for others is theirs.
    let holds = |person: &Person| {
        let gives = on_paper || person.id == ctx.me();
        gives && !ctx.world.mandates_of(topic.no, person.id).is_empty()
    };
    if ctx.world.people_of(&voter).iter().any(holds) {
        return Err(say!("e.mandate.holds", no = topic.no, hh = household(&voter)));
    }
    let found = ctx.require_person(trustee, Some(&topic));
    let fit = found.and_then(|person| fit_to_be_trusted(ctx, &topic, &voter, &person).map(|()| person));
    let person = match fit {
        Ok(person) => person,
        Err(why) if on_paper => return Err(why),
        // 不透露 — who is registered, moderates or holds whose mandates is not to be had by trying names.
        Err(_) => return Err(say!("e.mandate.unfit", no = topic.no, who = trustee, max = most(ctx))),
    };
    let asked = ctx.world.asked_lately(topic.no, voter.no, ctx.scene.now);
    if asked.len() >= MOST_ASKED && !asked.contains(&person.id) && !on_paper {
        return Err(say!("e.mandate.often", no = topic.no, n = asked.len()));
    }
    let moved = ctx.world.mandate(topic.no, voter.no).map(|mandate| mandate.trustee);
    let before = moved.filter(|trustee| *trustee != person.id);
    let named = |one: &Person| name_sign(one.name.as_str()) == name_sign(principal);
    let named = ctx.world.people_of(&voter).into_iter().find(named).map(|one| one.id).filter(|_| on_paper);
    let (no, trustee) = (topic.no, person.id);
    let fact = Fact::Given { topic: no, voter: voter.no, trustee, written: on_paper, before, principal: named };
    Ok(Decision::fact(Event::Mandate(fact)))
}

/// Not the same household, not the neutral moderator, nobody whose own ballot is given away, and not too many.
fn fit_to_be_trusted(ctx: &Ctx<'_>, topic: &Topic, voter: &Voter, trustee: &Person) -> Result<(), Say> {
    let (no, who) = (topic.no, || Value::from(&trustee.name));
    let own = ctx.world.voter_of(no, trustee);
    if own.as_ref().is_some_and(|own| own.no == voter.no) {
        return Err(say!("e.mandate.same", no = no, who = who()));
    }
    if ctx.require_fit(trustee, topic, Part::Trustee, None).is_err() {
        return Err(say!("e.mandate.moderator", no = no, who = who()));
    }
    let gave = |own: Voter| ctx.world.mandate(no, own.no).is_some() && ctx.world.is_principal(no, own.no, trustee.id);
    if own.is_some_and(gave) {
        return Err(say!("e.mandate.chain", no = no, who = who()));
    }
    let others = ctx.world.mandates_of(no, trustee.id).iter().filter(|mandate| mandate.voter != voter.no).count();
    if others >= most(ctx) {
        return Err(say!("e.mandate.many", no = no, who = who(), max = most(ctx)));
    }
    Ok(())
}

fn most(ctx: &Ctx<'_>) -> usize {
    usize::try_from(ctx.settings.mandates).unwrap_or(usize::MAX)
}

/// 推掉 — nobody named by somebody who has given no mandate and holds some: it is asked whose, as it may be meant as one of their own.
fn none_held(ctx: &Ctx<'_>, topic: &Topic) -> Result<(), Say> {
    let own = ctx.world.voter_of(topic.no, &ctx.scene.who);
    if own.is_some_and(|voter| ctx.world.mandate(topic.no, voter.no).is_some()) {
        return Ok(());
    }
    let held = ctx.world.mandates_of(topic.no, ctx.me());
    let Some(first) = held.first() else { return Ok(()) };
    let voters = held.iter().take(MOST_LISTED).filter_map(|mandate| ctx.world.voter(topic.no, mandate.voter));
    let list = Value::List(voters.map(|voter| household(&voter)).collect());
    let name = ctx.world.written_for(topic.no, Seat::Roll(first.voter));
    Err(say!("e.mandate.which", no = topic.no, list = list, name = name))
}

/// 取消 — the principal, the trustee, or the moderator. A ballot that was cast stands until the principal votes.
fn withdraw(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str) -> Decided {
    let topic = ctx.topic_with_roll(written_no)?;
    if principal.is_empty() {
        none_held(ctx, &topic)?;
    }
    let voter = if principal.is_empty() { ctx.own_voter(&topic)? } else { ctx.voter_named(&topic, principal)? };
    let is_own = ctx.world.voter_of(topic.no, &ctx.scene.who).is_some_and(|own| own.no == voter.no);
    let none = || match is_own {
        true => say!("e.mandate.none.own", no = topic.no),
        false => say!("e.mandate.none", no = topic.no, hh = household(&voter)),
    };
    let mandate = ctx.world.mandate(topic.no, voter.no);
    let is_trustee = mandate.as_ref().is_some_and(|mandate| mandate.trustee == ctx.me());
    // Whether there is one is not to be had by trying names.
    if !is_own && !is_trustee {
        ctx.require_moderator(&topic)?;
    }
    let mandate = mandate.ok_or_else(none)?;
    if is_own {
        // Of a household the one who gave it: to the others it is none, and they simply vote.
        if !ctx.world.is_principal(topic.no, voter.no, ctx.me()) {
            return Err(none());
        }
        ctx.require_own_account_in(topic.no, voter.no)?;
    } else if !is_trustee && !mandate.written {
        // What somebody has given away themselves is theirs, and the trustee's, to end.
        return Err(say!("e.mandate.theirs", no = topic.no, hh = household(&voter)));
    }
    Ok(Decision::fact(Event::Mandate(Fact::Withdrawn {
        topic: topic.no,
        voter: voter.no,
        trustee: Some(mandate.trustee),
    })))
}

/// 代的是谁 — of a household that shares a ballot nobody's name stands for another's word.
fn require_its_giver(ctx: &Ctx<'_>, voter: &Voter, mandate: &Mandate, called: &str) -> Result<(), Say> {
    let giver = ctx.world.principal(mandate.topic, voter.no).and_then(|id| ctx.world.person(id));
    let Some(giver) = giver else { return Ok(()) };
    let is_of = |one: &Person| name_sign(one.name.as_str()) == name_sign(called);
    let is_another = ctx.world.people_of(voter).iter().any(|one| one.id != giver.id && is_of(one));
    match is_another && !is_of(&giver) {
        true => Err(say!(
            "e.mandate.co_owner",
            no = mandate.topic,
            hh = household(voter),
            who = &giver.name,
            other = called
        )),
        false => Ok(()),
    }
}

/// 投 1号 1 代 周涛 — the trustee casts the ballot of the principal, who may still replace it in person.
fn cast(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str, choice: Choice) -> Decided {
    if ctx.scene.way != Way::Private {
        return Err(say!("e.private"));
    }
    let topic = ctx.topic_with_roll(written_no)?;
    let not_open = || no_poll(&topic);
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(not_open)?;
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        return Err(say!("e.closed", no = topic.no, end = Value::Moment(poll.ends)));
    }
    ctx.open_to_mandates(&topic)?;
    ctx.require_fit(&ctx.scene.who, &topic, Part::Voter, None)?;
    let voter = ctx.voter_named(&topic, principal)?;
    ctx.require_ballot_fit(&topic, Seat::Roll(voter.no), principal)?;
    let held = ctx.world.mandate(topic.no, voter.no).filter(|mandate| mandate.trustee == ctx.me());
    let before = ctx.world.ballot(poll.no, voter.no);
    let mandate = held.ok_or_else(|| {
        let is_over = ctx.world.has_entrusted(topic.no, voter.no, ctx.me());
        match is_over && before.as_ref().is_some_and(|ballot| !ballot.proxy) {
            true => say!("e.mandate.over", no = topic.no, hh = household(&voter)),
            false => say!("e.mandate.not_yours", no = topic.no, hh = household(&voter)),
        }
    })?;
    require_its_giver(ctx, &voter, &mandate, principal)?;
    if mandate.written {
        ctx.require_not_taken(&topic, Seat::Roll(voter.no))?;
    }
    let is_elsewhere = |ballot: &Ballot| ctx.world.is_cast_elsewhere(&ctx.scene.caller.account, &poll, ballot.account);
    if before.as_ref().is_some_and(is_elsewhere) {
        return Err(ctx.done_elsewhere(&poll, voter.no));
    }
    if before.as_ref().is_some_and(|ballot| !ballot.proxy || mandate.used != Some(poll.no)) {
        return Err(say!("e.mandate.voted", no = topic.no, hh = household(&voter)));
    }
    let cast = Event::BallotCast {
        poll: poll.no,
        voter: voter.no,
        person: None,
        proxy: true,
        private: true,
        changed: before.is_some(),
        choice: filling::choice(ctx, &poll, choice, "")?.choice,
    };
    let used = Event::Mandate(Fact::Used { poll: poll.no, voter: voter.no, trustee: ctx.me() });
    Ok(Decision::facts(vec![cast, used]))
}
