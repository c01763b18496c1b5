//! 隐藏 — taking what breaks the rules of the group out of sight, with a reason; objecting to it, and settling that.

mod target;
mod words;

pub(super) use self::words::waits_for_word;

use self::target::Whose;
use crate::domain::decide::gathering;
use crate::domain::event::Event;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::namesake::UNPROVEN;
use crate::domain::people::person::Role;
use crate::domain::process::conflict::{Settling, Stake};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::{Act, Ask, Fact, Hiding, Shown, Target, hidden, upheld_by_ruling};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::{MAX_REASON, Reply};
use crate::say;

const EXAMPLE: &str = "ex.hide";

/// Replies that are named where it is asked which is meant.
const MOST_NAMED: usize = 5;

/// 隐藏, 取消隐藏, 维持隐藏, and the objection of whoever said it.
pub fn hide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let (target, reason, act) = match ask {
        Ask::Contest { no, text } => return contest(ctx, *no, text),
        Ask::Disown(suggestion) => return words::disown(ctx, *suggestion),
        Ask::DisownTopic(topic) => return words::disown_topic(ctx, *topic),
        Ask::Own(suggestion) => return words::own(ctx, *suggestion),
        Ask::Set { target, reason, act } => (target, reason.trim(), *act),
    };
    let whole = target::whole_name(ctx, target, reason);
    let (target, reason) = whole.as_ref().map_or((target, reason), |(target, reason)| (target, reason.as_str()));
    if act == Act::Uphold {
        return uphold(ctx, target, reason);
    }
    let (what, whose) = ctx.target(target)?;
    ctx.may_hide(&whose)?;
    if let (Act::Hide, Shown::Gathering(no)) = (act, what) {
        gathering::require_no_name(ctx, no, reason)?;
    }
    if act == Act::Hide {
        ctx.require_one_thing(target, what, reason)?;
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
        (Act::Hide, _) if !ctx.may_hide_anew(what) => Err(ctx.ask(Role::Coordinator, &ctx.town_of_hiding(what))),
        (Act::Hide | Act::Uphold, _) => {
            require_reason(reason)?;
            let reason = reason.into();
            match what {
                Shown::Suggestion(suggestion) => fact(Fact::Hidden { suggestion, reason }),
                Shown::Person(id) => {
                    Ok(Decision { answer: ctx.of_one_name(id), ..fact(Fact::Covered { what, reason })? })
                }
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

/// 异议 — once, by whoever said it.
fn contest(ctx: &Ctx<'_>, no: u32, text: &str) -> Decided {
    let hiding = standing(ctx, no)?;
    if hiding.author != Some(ctx.me()) && !ctx.world.reasons_of(hiding.what).contains(&ctx.me()) {
        return Err(say!("e.hiding.author", h = no));
    }
    match (&hiding.contest, &hiding.upheld) {
        (_, Some(why)) => {
            let who = hiding.settled_by.map(|by| ctx.world.name_of(by)).unwrap_or_default();
            return Err(say!("e.hiding.settled", h = no, who = who, why = why));
        }
        (Some(_), None) => return Err(say!("e.hiding.once", h = no)),
        (None, None) => {}
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
    /// 同名的 — whose name it is besides stays as it is: said, where somebody registered bears what an account shows.
    fn of_one_name(&self, account: PersonId) -> Vec<Say> {
        let Some(shown) = self.world.person(account) else { return Vec::new() };
        let name = shown.name.as_str().trim_end_matches(UNPROVEN);
        let is_there = self.world.people_named(name).iter().any(|person| person.enrolled);
        if is_there { vec![say!("hide.name.stays", name = name)] } else { Vec::new() }
    }

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
        if let Some(hiding) = self.world.hiding_of(what).filter(|hiding| hiding.upheld.is_some()) {
            return upheld_by_ruling(self.world, &hiding);
        }
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
        let topic = self.world.last_hiding(what).and_then(|hiding| self.world.topic(hiding.topic?));
        topic.map(|topic| topic.town).unwrap_or_default()
    }

    /// What a coordinator has settled, or hid, is undone by a coordinator, not by whoever moderates; and what somebody has objected to
    /// by whoever hid it, who thinks better of it, or whoever settles that.
    fn may_reverse(&self, what: Shown) -> bool {
        let town = self.town_of_hiding(what);
        let is_coordinators = |hiding: &Hiding| {
            let by_coordinator = |by| self.world.coordinators_of(&town).iter().any(|one| one.id == by);
            hiding.upheld.is_some()
                || hiding.by.is_some_and(|by| by != self.me() && (hiding.contest.is_some() || by_coordinator(by)))
        };
        let is_settled = self.world.hiding_of(what).is_some_and(|hiding| is_coordinators(&hiding));
        !is_settled || self.coordinates(&town) || town.is_empty() && self.require_role(Role::Coordinator).is_ok()
    }

    /// What was shown again after an objection is hidden again by a coordinator, not by whoever moderates.
    fn may_hide_anew(&self, what: Shown) -> bool {
        let is_settled = self.world.last_hiding(what).is_some_and(|hiding| hiding.lifted && hiding.contest.is_some());
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

    /// “/隐藏 1 骂人” about topic 1, where no topic is the group's own: whether its first suggestion is meant or the topic, nobody knows.
    fn require_one_thing(&self, target: &Target, what: Shown, reason: &str) -> Result<(), Say> {
        match (target, what) {
            (Target::Suggestion(Some(SuggestionArg::Short(n))), Shown::Suggestion(at))
                if *n == at.topic.0 && self.bound_here().is_none() =>
            {
                Err(say!("e.hide_number", no = at.topic, r#ref = at, why = reason))
            }
            _ => Ok(()),
        }
    }

    /// 正要定的 — what people are asked to decide on is not taken from before their eyes meanwhile: a notice or a vote that may not go
    /// on is sent back or voided.
    fn require_closed(&self, what: Shown) -> Result<(), Say> {
        let of_poll = |no| self.world.poll(no).map(|poll| poll.topic);
        let (asked, poll) = match what {
            Shown::Poll(no) | Shown::Reasons(no) => (of_poll(no), Some(no)),
            Shown::Plan(no, _) | Shown::Pact(no, _) => (Some(no), None),
            Shown::Topic(_)
            | Shown::Suggestion(_)
            | Shown::Reply(..)
            | Shown::Objection(_)
            | Shown::Answer(_)
            | Shown::Review(..)
            | Shown::Closure(_)
            | Shown::Halt(_)
            | Shown::Task(_)
            | Shown::Gathering(_)
            | Shown::Minutes(_)
            | Shown::SignUp(..)
            | Shown::Person(_)
            | Shown::Station(_)
            | Shown::Slip(_)
            | Shown::Brief(_)
            | Shown::Proposal(_) => return Ok(()),
        };
        let Some(topic) = asked.and_then(|no| self.world.topic(no)) else { return Ok(()) };
        let is_open = topic.poll.is_some() && (poll.is_none() || poll == topic.poll);
        if is_open || poll.is_none() && self.world.poll_plan(topic.no).is_some() {
            return Err(say!("e.hide_vote", no = topic.no, what = what.name()));
        }
        match matches!(what, Shown::Plan(..)) && topic.step == Step::Noticing {
            true => Err(say!("e.hide_notice", no = topic.no, what = what.name())),
            false => Ok(()),
        }
    }
}
