//! 隐藏 — taking what breaks the rules of the group out of sight, with a reason; objecting to it, and settling that.

use crate::domain::event::Event;
use crate::domain::kernel::ids::{GroupId, ObjectionRef, PollNo, SuggestionRef, TopicNo};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::namesake::UNPROVEN;
use crate::domain::people::person::{Person, Role};
use crate::domain::process::conflict::{Settling, Stake};
use crate::domain::process::hiding::{Act, Ask, Fact, Hiding, Part, Shown, Target, hidden};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::{MAX_REASON, Reply, Suggestion};
use crate::say;

const EXAMPLE: &str = "ex.hide";

/// Replies that are named where it is asked which is meant.
const MOST_NAMED: usize = 5;

/// Who may hide something.
enum Whose {
    /// Whoever moderates the topic, and the coordinators of its town.
    Topic(Box<Topic>),
    /// Whoever moderates in the group.
    Group(Option<GroupId>),
    /// The coordinators of a town.
    Town(String),
}

/// 隐藏, 取消隐藏, 维持隐藏, and the objection of whoever said it.
pub fn hide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let (target, reason, act) = match ask {
        Ask::Contest { no, text } => return contest(ctx, *no, text),
        Ask::Disown(suggestion) => return disown(ctx, *suggestion),
        Ask::Own(suggestion) => return own(ctx, *suggestion),
        Ask::Set { target, reason, act } => (target, reason.trim(), *act),
    };
    if act == Act::Uphold {
        return uphold(ctx, target, reason);
    }
    let (what, whose) = ctx.target(target)?;
    ctx.may_hide(&whose)?;
    if act == Act::Hide {
        ctx.require_clear(target, what, reason)?;
        ctx.require_closed(what)?;
    }
    let known = ctx.is_hidden(what);
    match (act, what) {
        (Act::Show, _) if !known => Err(not_hidden(what)),
        (Act::Show, _) if ctx.is_disowned(what) => Err(ctx.still_hidden(what)),
        (Act::Show, _) if ctx.is_own_words(what) => Err(ctx.not_own_words(what)),
        (Act::Show, _) if !ctx.may_reverse(what) => Err(ctx.ask(Role::Coordinator, &ctx.town_of_hiding(what))),
        (Act::Show, Shown::Suggestion(suggestion)) => fact(Fact::Shown { suggestion }),
        (Act::Show, _) => fact(Fact::Uncovered { what }),
        (Act::Hide | Act::Uphold, _) if known => Err(ctx.still_hidden(what)),
        (Act::Hide | Act::Uphold, _) => {
            require_reason(reason)?;
            let reason = reason.into();
            match what {
                Shown::Suggestion(suggestion) => fact(Fact::Hidden { suggestion, reason }),
                _ => fact(Fact::Covered { what, reason }),
            }
        }
    }
}

fn fact(fact: Fact) -> Decided {
    Ok(Decision::fact(Event::Hiding(fact)))
}

fn not_hidden(what: Shown) -> Say {
    match what {
        Shown::Suggestion(reference) => say!("e.shown", r#ref = reference),
        _ => say!("e.shown.other", what = what.name()),
    }
}

fn require_reason(reason: &str) -> Result<(), Say> {
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)
}

/// A suggestion that was written down for the speaker by somebody else.
fn written_for_me(ctx: &Ctx<'_>, reference: SuggestionRef) -> Result<Suggestion, Say> {
    let (_, suggestion) = ctx.resolve_kept(Some(SuggestionArg::Full(reference)), "ex.undo")?;
    if suggestion.author != ctx.me() || suggestion.recorder.is_none() || suggestion.recorder == Some(ctx.me()) {
        return Err(say!("e.relay_not_yours", r#ref = reference));
    }
    Ok(suggestion)
}

/// 不是我说的 — by whom it was written down for.
fn disown(ctx: &Ctx<'_>, reference: SuggestionRef) -> Decided {
    let suggestion = written_for_me(ctx, reference)?;
    match () {
        () if ctx.is_disowned(Shown::Suggestion(reference)) => Err(say!("e.disowned.again", r#ref = reference)),
        () if suggestion.hidden => Err(hidden(ctx.world, reference)),
        () => fact(Fact::Disowned { suggestion: reference }),
    }
}

/// 是我说的 — by the same; also after they had said that it was not.
fn own(ctx: &Ctx<'_>, reference: SuggestionRef) -> Decided {
    let suggestion = written_for_me(ctx, reference)?;
    match () {
        () if ctx.world.is_owned(reference) => Err(say!("e.owned.again", r#ref = reference)),
        () if suggestion.hidden && !ctx.is_disowned(Shown::Suggestion(reference)) => Err(hidden(ctx.world, reference)),
        () => fact(Fact::Owned { suggestion: reference }),
    }
}

/// 异议 — once, by whoever said it.
fn contest(ctx: &Ctx<'_>, no: u32, text: &str) -> Decided {
    let hiding = standing(ctx, no)?;
    if hiding.author != Some(ctx.me()) {
        return Err(say!("e.hiding.author", h = no));
    }
    if hiding.contest.is_some() {
        return Err(say!("e.hiding.once", h = no));
    }
    require_reason(text.trim())?;
    fact(Fact::Contested { no, text: text.trim().into() })
}

/// 维持 — by a coordinator who did not hide it.
fn uphold(ctx: &Ctx<'_>, target: &Target, reason: &str) -> Decided {
    let hiding = match target {
        Target::Number(no) => standing(ctx, *no)?,
        _ => {
            let what = ctx.target(target)?.0;
            ctx.world.hiding_of(what).ok_or_else(|| not_hidden(what))?
        }
    };
    let town = hiding.topic.and_then(|no| ctx.world.topic(no)).map(|topic| topic.town).unwrap_or_default();
    if !(ctx.coordinates(&town) || town.is_empty() && ctx.require_role(Role::Coordinator).is_ok()) {
        return Err(ctx.ask(Role::Coordinator, &town));
    }
    if ctx.is_party(&[(Stake::Concerned, hiding.author == Some(ctx.me()))], Settling::Hiding) {
        return Err(ctx.not_own_words(hiding.what));
    }
    if ctx.is_party(&[(Stake::Doer, hiding.by == Some(ctx.me()))], Settling::Hiding) {
        return Err(say!("e.hiding.own", h = hiding.no));
    }
    if hiding.contest.is_none() || hiding.upheld.is_some() {
        return Err(say!("e.hiding.none", h = hiding.no));
    }
    require_reason(reason)?;
    fact(Fact::Upheld { no: hiding.no, reason: reason.into() })
}

fn standing(ctx: &Ctx<'_>, no: u32) -> Result<Hiding, Say> {
    ctx.world.hiding(no).filter(|hiding| !hiding.lifted).ok_or_else(|| say!("e.hiding", h = no))
}

impl Ctx<'_> {
    fn is_hidden(&self, what: Shown) -> bool {
        match what {
            // Hidden by an earlier release, a suggestion has no number of its own.
            Shown::Suggestion(at) => self.world.suggestion_kept(at).is_some_and(|kept| kept.hidden),
            _ => self.world.hiding_of(what).is_some(),
        }
    }

    fn is_disowned(&self, what: Shown) -> bool {
        self.world.hiding_of(what).is_some_and(|hiding| hiding.is_disowned())
    }

    fn still_hidden(&self, what: Shown) -> Say {
        match what {
            Shown::Suggestion(reference) => hidden(self.world, reference),
            _ => say!("e.hidden.other", what = what.name(), h = self.world.hiding_of(what).map_or(0, |one| one.no)),
        }
    }

    /// Whether somebody else hid words of the speaker: they object, and somebody else shows them again.
    fn is_own_words(&self, what: Shown) -> bool {
        let hiding = self.world.hiding_of(what).filter(|hiding| hiding.by != Some(self.me()));
        let is_theirs = hiding.is_some_and(|hiding| hiding.author == Some(self.me()));
        self.is_party(&[(Stake::Concerned, is_theirs)], Settling::Showing)
    }

    fn not_own_words(&self, what: Shown) -> Say {
        match self.world.hiding_of(what) {
            Some(hiding) if hiding.contest.is_none() => say!("e.hiding.yours", h = hiding.no, what = what.name()),
            hiding => say!("e.hiding.yours.wait", h = hiding.map_or(0, |one| one.no), what = what.name()),
        }
    }

    fn town_of_hiding(&self, what: Shown) -> String {
        let topic = self.world.hiding_of(what).and_then(|hiding| self.world.topic(hiding.topic?));
        topic.map(|topic| topic.town).unwrap_or_default()
    }

    /// What a coordinator has settled is undone by a coordinator, not by whoever moderates.
    fn may_reverse(&self, what: Shown) -> bool {
        let is_settled = self.world.hiding_of(what).is_some_and(|hiding| hiding.upheld.is_some());
        let town = self.town_of_hiding(what);
        !is_settled || self.coordinates(&town) || town.is_empty() && self.require_role(Role::Coordinator).is_ok()
    }

    fn may_hide(&self, whose: &Whose) -> Result<(), Say> {
        match whose {
            Whose::Topic(topic) => self.require_moderator(topic),
            Whose::Group(group) => self.require_moderator_of(*group),
            Whose::Town(town) if self.coordinates(town) => Ok(()),
            Whose::Town(town) if town.is_empty() => self.require_role(Role::Coordinator),
            Whose::Town(town) => Err(self.ask(Role::Coordinator, town)),
        }
    }

    /// 是哪一条 — what is replied to may be the receipt of a reply as well: where there are any, it is asked which is meant.
    fn require_clear(&self, target: &Target, what: Shown, reason: &str) -> Result<(), Say> {
        let (Target::Quoted(_), Shown::Suggestion(at)) = (target, what) else { return Ok(()) };
        let replies = self.world.replies_kept(at);
        if replies.is_empty() {
            return Ok(());
        }
        require_reason(reason)?;
        let of_reply = |reply: &Reply| {
            let who = self.world.name_of(reply.author);
            say!("hide.which.reply", r#ref = at, n = reply.n, why = reason, who = who)
        };
        let author = self.world.suggestion_kept(at).map(|kept| self.world.name_of(kept.author)).unwrap_or_default();
        let own = say!("hide.which.own", r#ref = at, why = reason, who = author);
        // The latest replies: it is one of those that is answered.
        let latest = replies.iter().rev().take(MOST_NAMED).map(of_reply);
        let rows = latest.chain([own]).collect();
        Err(say!("e.hide_reply", r#ref = at, rows = Value::Lines(rows)))
    }

    /// 正在表决 — what people vote on, and why they do, is not changed under their hands: a vote that may not go on is voided.
    fn require_closed(&self, what: Shown) -> Result<(), Say> {
        let (Shown::Poll(no) | Shown::Reasons(no)) = what else { return Ok(()) };
        match self.world.poll(no).and_then(|poll| self.world.topic(poll.topic)) {
            Some(topic) if topic.poll == Some(no) => Err(say!("e.hide_vote", no = topic.no, what = what.name())),
            _ => Ok(()),
        }
    }

    fn of_topic(&self, no: TopicNo, what: Shown) -> Result<(Shown, Whose), Say> {
        let topic = self.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no))?;
        Ok((what, Whose::Topic(Box::new(topic))))
    }

    /// What is meant, which must be there, and who may hide it.
    fn target(&self, target: &Target) -> Result<(Shown, Whose), Say> {
        match target {
            Target::Suggestion(arg) => {
                let (topic, suggestion) = self.resolve_kept(*arg, EXAMPLE)?;
                Ok((Shown::Suggestion(suggestion.reference), Whose::Topic(Box::new(topic))))
            }
            Target::Quoted(arg) => self.target(&Target::Suggestion(Some(*arg))),
            Target::Reply(arg, n) => self.reply_target(*arg, *n),
            Target::Objection(written, n, of_answer) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let at = ObjectionRef { topic: topic.no, n: *n };
                let missing = || say!("e.no_objection", r#ref = at.named());
                let objection = self.world.objection(at).ok_or_else(missing)?;
                let what = if *of_answer { Shown::Answer(at) } else { Shown::Objection(at) };
                if *of_answer && objection.answer.is_none() {
                    return Err(nothing(what));
                }
                Ok((what, Whose::Topic(Box::new(topic))))
            }
            Target::Topic(written, part) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let what = self.part(&topic, *part)?;
                Ok((what, Whose::Topic(Box::new(topic))))
            }
            Target::Review(written, name) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let expert = self.require_person(name, Some(&topic))?;
                let what = Shown::Review(topic.no, topic.round, expert.id);
                let is_there = self.world.reviews(&topic).iter().any(|review| review.expert == expert.id);
                if is_there { Ok((what, Whose::Topic(Box::new(topic)))) } else { Err(nothing(what)) }
            }
            Target::SignUp(no, n) => {
                let what = Shown::SignUp(*no, *n);
                // People count the rows they see.
                let row = usize::try_from(*n).ok().and_then(|n| n.checked_sub(1));
                let line = row.and_then(|row| self.world.sign_ups(*no).into_iter().nth(row));
                self.place_of(Shown::SignUp(*no, line.ok_or_else(|| nothing(what))?.n))
            }
            Target::Shown(what) => self.place_of(*what),
            Target::Person(name) => Ok((Shown::Person(self.unproven(name)?.id), Whose::Group(self.group()))),
            Target::Station(name) => {
                let station = self.world.station_named(name).ok_or_else(|| say!("e.no_station_named"))?;
                Ok((Shown::Station(station.id), Whose::Town(station.town)))
            }
            Target::Number(no) => {
                let what = standing(self, *no)?.what;
                self.place_of(what)
            }
        }
    }

    fn reply_target(&self, arg: SuggestionArg, n: u32) -> Result<(Shown, Whose), Say> {
        let reference = match arg {
            SuggestionArg::Full(reference) => reference,
            SuggestionArg::Short(n) => SuggestionRef { topic: self.resolve_topic(None, EXAMPLE)?.no, n },
        };
        let what = Shown::Reply(reference, n);
        self.world.reply_kept(reference, n).ok_or_else(|| nothing(what))?;
        self.of_topic(reference.topic, what)
    }

    fn part(&self, topic: &Topic, part: Part) -> Result<Shown, Say> {
        let latest = topic.last_poll.or(topic.poll);
        let poll = latest.unwrap_or(PollNo(0));
        let (what, is_there) = match part {
            Part::Title => (Shown::Topic(topic.no), true),
            Part::Plan => (Shown::Plan(topic.no, topic.plans), topic.plans > 0),
            Part::Pact => (Shown::Pact(topic.no, topic.pacts), topic.pacts > 0),
            Part::Poll => (Shown::Poll(poll), latest.is_some()),
            Part::Reasons => (Shown::Reasons(poll), latest.is_some()),
            Part::Closure => (Shown::Closure(topic.no), self.world.closure(topic.no).is_some()),
            Part::Halt => (Shown::Halt(topic.no), topic.halt.is_some()),
        };
        if is_there { Ok(what) } else { Err(nothing(what)) }
    }

    /// Who may hide a thing that has a number of its own.
    fn place_of(&self, what: Shown) -> Result<(Shown, Whose), Say> {
        match what {
            Shown::Topic(no)
            | Shown::Plan(no, _)
            | Shown::Pact(no, _)
            | Shown::Review(no, ..)
            | Shown::Closure(no)
            | Shown::Halt(no) => self.of_topic(no, what),
            Shown::Suggestion(at) | Shown::Reply(at, _) => self.of_topic(at.topic, what),
            Shown::Objection(at) | Shown::Answer(at) => self.of_topic(at.topic, what),
            Shown::Poll(no) | Shown::Reasons(no) => {
                let poll = self.world.poll(no).ok_or_else(|| nothing(what))?;
                self.of_topic(poll.topic, what)
            }
            Shown::Task(no) => {
                let task = self.world.task(no).ok_or_else(|| say!("e.no_task", t = no))?;
                self.of_topic(task.topic, what)
            }
            Shown::Gathering(no) | Shown::Minutes(no) | Shown::SignUp(no, _) => {
                let gathering = self.world.gathering(no).ok_or_else(|| say!("e.no_act", a = no))?;
                if matches!(what, Shown::Minutes(_)) && !gathering.minutes {
                    return Err(nothing(what));
                }
                match gathering.topic {
                    Some(topic) => self.of_topic(topic, what),
                    None => Ok((what, Whose::Group(gathering.group))),
                }
            }
            Shown::Person(_) => Ok((what, Whose::Group(self.group()))),
            Shown::Station(id) => {
                let town = self.world.station(id).map(|station| station.town).unwrap_or_default();
                Ok((what, Whose::Town(town)))
            }
            Shown::Slip(no) => {
                let slip = self.world.slip(no).ok_or_else(|| nothing(what))?;
                let station = slip.station.and_then(|id| self.world.station(id));
                Ok((what, Whose::Town(station.map(|station| station.town).unwrap_or_default())))
            }
            Shown::Brief(no) => {
                let by = self.world.brief(no).ok_or_else(|| nothing(what))?.by;
                Ok((what, Whose::Town(self.town_of(by))))
            }
            Shown::Proposal(no) => {
                let by = self.world.proposal(no).ok_or_else(|| nothing(what))?.by;
                Ok((what, Whose::Town(self.town_of(by))))
            }
        }
    }

    /// Somebody nobody has registered, by the name they show; a registered one is put right by 登记.
    fn unproven(&self, name: &str) -> Result<Person, Say> {
        let name = name.trim().trim_end_matches(UNPROVEN).trim();
        let mut found = self.world.people_named(name);
        if found.is_empty() {
            return Err(say!("e.no_person", name = name));
        }
        found.retain(|person| !person.enrolled);
        match found.len() {
            0 => Err(say!("e.hiding.registered")),
            1 => found.pop().ok_or_else(|| say!("e.no_person", name = name)),
            _ => Err(say!("e.who_many", name = name)),
        }
    }
}

fn nothing(what: Shown) -> Say {
    say!("e.hiding.nothing", what = what.name())
}
