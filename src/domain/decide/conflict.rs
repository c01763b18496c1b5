//! 角色相斥 — what somebody is in a topic, and whether they can be more; 另定 — what a coordinator says in the open where there is
//! nobody else.

use crate::domain::event::Event;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::text::within;
use crate::domain::people::person::{Person, Role};
use crate::domain::process::conflict::{Ask, Fact, Fit, MAX_EXCEPTIONS, Part, Settling, Stake, fit, settles};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::work::rater::{has_part, party_in, stands_in_way};
use crate::domain::work::task::Task;
use crate::say;

/// Administrators named in a sentence.
const MOST_ADMINS: usize = 3;

impl Ctx<'_> {
    /// Lets somebody be what the table does not exclude, and what a coordinator has said in the open.
    ///
    /// # Errors
    /// `e.conflict`, `e.conflict.ask` with what they are already, and what to do.
    pub fn require_fit(&self, person: &Person, topic: &Topic, asked: Part, task: Option<&Task>) -> Result<(), Say> {
        for held in Part::ALL {
            let excluded = fit(held, asked);
            if excluded == Fit::Together || !stands_in_way(self.world, person, topic, (held, asked), task) {
                continue;
            }
            if excluded == Fit::Excepted && self.world.is_excepted(topic.no, asked, person.id) {
                continue;
            }
            return Err(self.excluded(person, topic, (held, asked)));
        }
        Ok(())
    }

    /// 主持中立 — of whoever a ballot would be, whoever enters it and on whatever paper: who may not vote has none. Of a household
    /// the others may vote.
    ///
    /// # Errors
    /// `e.neutral.other`, `e.neutral`.
    pub fn require_ballot_fit(&self, topic: &Topic, seat: Seat, called: &str) -> Result<(), Say> {
        let Some(person) = self.world.moderator_of(topic).and_then(|id| self.world.person(id)) else { return Ok(()) };
        let is_theirs = match seat {
            Seat::Person(id) => id == person.id,
            Seat::Roll(no) => {
                self.world.voter_of(topic.no, &person).filter(|voter| voter.no == no).is_some_and(|voter| {
                    let is_alone = voter.names.iter().all(|name| *name == person.name);
                    is_alone || person.name.as_str() == called || person.id == self.me()
                })
            }
        };
        match is_theirs {
            true => self.require_fit(&person, topic, Part::Voter, None).map_err(|say| match person.id == self.me() {
                true => say,
                false => say!("e.neutral.other", no = topic.no, who = &person.name),
            }),
            false => Ok(()),
        }
    }

    /// 名册上的人 — somebody who is entered nowhere yet and bears the name of a voter is taken for that voter: nobody reviews what they vote
    /// on.
    ///
    /// # Errors
    /// `e.conflict.expert`.
    pub(super) fn require_not_on_roll(&self, name: &str, topic: &Topic) -> Result<(), Say> {
        if self.world.voters_who(topic.no, name, "").is_empty() {
            return Ok(());
        }
        let is = Value::Term(Part::Voter.term().to_owned());
        Err(say!(
            "e.conflict.expert",
            no = topic.no,
            who = name,
            held = is,
            ask = self.uninvolved(topic, Settling::Expert)
        ))
    }

    /// The coordinators of a topic's town that are no party to it.
    fn uninvolved(&self, topic: &Topic, settling: Settling) -> Value {
        let coordinators = self.world.coordinators_of(&topic.town).into_iter();
        let names = coordinators.filter(|one| party_in(self.world, one, topic, None, settling).is_none());
        Value::List(names.take(3).map(|one| (&one.name).into()).collect())
    }

    /// Lets an official settle something of a topic, or of a task of it, who is no party to it.
    ///
    /// # Errors
    /// `e.party`, `e.party.alone`: as what they are, and who settles it.
    pub fn require_no_party(&self, topic: &Topic, task: Option<&Task>, what: Settling) -> Result<(), Say> {
        match party_in(self.world, &self.scene.who, topic, task, what) {
            Some(stake) => Err(self.party(topic, stake, what)),
            None => Ok(()),
        }
    }

    /// The same of a person, or of an act: whether it is about the speaker, or their own doing.
    #[must_use]
    pub fn is_party(&self, held: &[(Stake, bool)], what: Settling) -> bool {
        held.iter().any(|(stake, is_held)| *is_held && !settles(*stake, what))
    }

    /// The same of words of the speaker's own: a suggestion, an objection.
    ///
    /// # Errors
    /// `e.own_words`, `e.own_words.alone`: which, and who settles it.
    pub(super) fn require_others(
        &self,
        topic: &Topic,
        author: PersonId,
        what: Settling,
        named: Value,
    ) -> Result<(), Say> {
        if !self.is_party(&[(Stake::Concerned, author == self.me())], what) {
            return Ok(());
        }
        let (no, who) = (topic.no, self.settlers(topic, what));
        Err(match who.is_empty() {
            true => say!("e.own_words.alone", no = no, what = named, another = self.another_coordinator(&topic.town)),
            false => say!("e.own_words", no = no, what = named, who = Value::List(who)),
        })
    }

    /// 另授一位 — who names another coordinator of a town, and by which line.
    pub(super) fn another_coordinator(&self, town: &str) -> Say {
        let all = self.world.holders(Role::Admin).into_iter().take(MOST_ADMINS);
        let admin = Value::List(all.map(|one| (&one.name).into()).collect());
        let town =
            if town.is_empty() { Value::Term("scope.district".to_owned()) } else { Value::Text(town.to_owned()) };
        say!("another.coordinator", admin = admin, town = town)
    }

    fn party(&self, topic: &Topic, stake: Stake, what: Settling) -> Say {
        let (held, who) = (Value::Term(stake.term().to_owned()), self.settlers(topic, what));
        match who.is_empty() {
            true => say!("e.party.alone", no = topic.no, held = held, another = self.another_coordinator(&topic.town)),
            false => say!("e.party", no = topic.no, held = held, who = Value::List(who)),
        }
    }

    /// Who else may settle it, as far as they are no party to it.
    fn settlers(&self, topic: &Topic, what: Settling) -> Vec<Value> {
        let is_free =
            |person: &Person| person.id != self.me() && party_in(self.world, person, topic, None, what).is_none();
        let (by_lead, by_moderator) = match what {
            Settling::Verdict => (true, true),
            Settling::Halt | Settling::Reply => (false, true),
            Settling::Rater
            | Settling::Expert
            | Settling::Recusal
            | Settling::Hiding
            | Settling::Showing
            | Settling::Force
            | Settling::Brief
            | Settling::Answer
            | Settling::Grade
            | Settling::Account => (false, false),
        };
        let lead = self.world.lead_of(topic).filter(|_| by_lead).and_then(|id| self.world.person(id));
        let moderators = self.world.holders(Role::Moderator).into_iter();
        let moderators = moderators.filter(|person| by_moderator && person.moderates(topic));
        let officials = self.world.coordinators_of(&topic.town).into_iter().chain(self.world.holders(Role::Admin));
        let mut names: Vec<Value> = Vec::new();
        for person in moderators.chain(lead).chain(officials).filter(is_free) {
            let name = Value::from(&person.name);
            if names.len() < 3 && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Who else can do what a moderator does for a vote.
    fn other_hands(&self, topic: &Topic, person: &Person) -> Vec<Value> {
        let moderators = self.world.moderator_of(topic).and_then(|id| self.world.person(id)).into_iter();
        let all = moderators.chain(self.world.coordinators_of(&topic.town));
        let mut names: Vec<Value> = Vec::new();
        let is_free = |other: &Person| other.id != person.id && self.may_tell(other, topic);
        for other in all.filter(is_free) {
            let name = Value::from(&other.name);
            if names.len() < 3 && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether somebody may do for a vote what a moderator does.
    fn may_tell(&self, person: &Person, topic: &Topic) -> bool {
        Part::ALL.into_iter().all(|held| match fit(held, Part::Teller) {
            Fit::Together => true,
            Fit::Excepted if self.world.is_excepted(topic.no, Part::Teller, person.id) => true,
            Fit::Excepted | Fit::Never => !stands_in_way(self.world, person, topic, (held, Part::Teller), None),
        })
    }

    fn excluded(&self, person: &Person, topic: &Topic, (held, asked): (Part, Part)) -> Say {
        let (no, who) = (topic.no, || Value::from(&person.name));
        let (is, part) = (Value::Term(held.term().to_owned()), Value::Term(asked.term().to_owned()));
        let settling = if asked == Part::Rater { Settling::Rater } else { Settling::Expert };
        let ask = self.uninvolved(topic, settling);
        match asked {
            Part::Voter | Part::Trustee if held == Part::Teller => say!("e.teller.vote", no = no, who = who()),
            Part::Voter | Part::Trustee => say!(
                "e.neutral",
                no = no,
                act = Value::Term("act.vote".to_owned()),
                how = say!("neutral.proxy", no = no)
            ),
            Part::Teller => self.no_teller(person, topic, held),
            Part::Rater => say!("e.conflict.rater", no = no, who = who(), held = is, ask = ask),
            Part::Expert => say!("e.conflict.expert", no = no, who = who(), held = is, ask = ask),
            Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Handler => {
                say!("e.conflict", no = no, who = who(), held = is, part = part)
            }
        }
    }
}

impl Ctx<'_> {
    /// Why somebody has no hand in the vote of others, and who has.
    fn no_teller(&self, person: &Person, topic: &Topic, held: Part) -> Say {
        let (no, who) = (topic.no, self.other_hands(topic, person));
        let is = Value::Term(held.term().to_owned());
        match (held, who.is_empty()) {
            (Part::Voter | Part::Trustee, false) => say!("e.teller.act", no = no, who = Value::List(who)),
            (_, false) => say!("e.teller.party", no = no, held = is, who = Value::List(who)),
            (_, true) => say!("e.teller.alone", no = no, held = is, another = self.another_coordinator(&topic.town)),
        }
    }
}

/// 另定 — by a coordinator, for somebody else, with a reason, in the open.
pub fn except(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    const EXAMPLE: &str = "ex.appoint";
    let topic = ctx.resolve_topic(ask.topic, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    topic.require_going()?;
    let settling = if ask.part == Part::Rater { Settling::Rater } else { Settling::Expert };
    match ask.part {
        // Whose matter it is names nobody who does it for them.
        Part::Teller => ctx.require_fit(&ctx.scene.who, &topic, Part::Teller, None)?,
        _ => ctx.require_no_party(&topic, None, settling)?,
    }
    let person = ctx.require_person(&ask.who, Some(&topic))?;
    let part = Value::Term(ask.part.term().to_owned());
    if person.id == ctx.me() {
        return Err(say!("e.appoint.own", no = topic.no, part = part));
    }
    let reason = ask.reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    // What is never possible stays so, whoever says it.
    let is_never = |held: Part| fit(held, ask.part) == Fit::Never;
    let is_held = |held: &Part| is_never(*held) && has_part(ctx.world, &person, &topic, *held, None);
    if let Some(held) = Part::ALL.into_iter().find(is_held) {
        let is = Value::Term(held.term().to_owned());
        return Err(say!("e.conflict", no = topic.no, who = &person.name, held = is, part = part));
    }
    if ask.part == Part::Rater {
        require_nobody_else(ctx, &topic, &person)?;
    }
    if ctx.world.exceptions(topic.no).len() >= MAX_EXCEPTIONS {
        return Err(say!("e.too_far", max = MAX_EXCEPTIONS));
    }
    let fact = Fact::Excepted { topic: topic.no, person: person.id, part: ask.part, reason: reason.into() };
    Ok(Decision::fact(Event::Conflict(fact)))
}

/// 没有别人时 — whoever asked, refused a task or seconded it says whether it is done, as long as one of them can: nobody is named in
/// their place, whoever that would be.
fn require_nobody_else(ctx: &Ctx<'_>, topic: &Topic, person: &Person) -> Result<(), Say> {
    let can = ctx.world.who_can_rate(topic);
    if can.is_empty() || can.contains(&person.id) {
        return Ok(());
    }
    let names = can.iter().take(3).map(|id| ctx.world.name_of(*id).into()).collect();
    Err(say!("e.appoint.rater", no = topic.no, who = Value::List(names)))
}
