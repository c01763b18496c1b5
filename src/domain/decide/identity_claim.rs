//! 认 — saying whose an account is, and settling it.

use crate::domain::decide::{account, hiding, identity_claims};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::text;
use crate::domain::kernel::text::proper_name;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::account::{Fact, Joining, MOST_ASKING, VOUCHERS};
use crate::domain::people::identity_claim::{Claim, Fate, MAX_ROWS, row};
use crate::domain::people::person::{Person, Role, Side};
use crate::domain::people::reach::Act;
use crate::domain::process::conflict::Part;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::whom::Whom;
use crate::say;
use chrono::Duration;

/// Claims of one account in a day.
const MOST_A_DAY: usize = 3;

/// Longest flat, unit or sector, and longest shown name that is passed on, in characters.
const MAX_PLACE: usize = 40;

const MAX_SHOWN: usize = 30;

impl Whom {
    /// The sentence for somebody who may not.
    #[must_use]
    pub fn ask(&self, ctx: &Ctx<'_>) -> Say {
        let role = if self.warrant() == Role::Admin { Role::Admin } else { Role::Coordinator };
        if let Some((topic, part)) = self.vote_in_hand(ctx.world, &ctx.scene.who) {
            let may = |person: &Person| self.may_be_vouched_for(ctx.world, person);
            let others = ctx.world.coordinators_of(&self.town).into_iter().filter(may).take(3);
            let who: Vec<Value> = others.map(|person| (&person.name).into()).collect();
            let held = Value::Term(part.term().to_owned());
            return match (part, who.is_empty()) {
                (_, true) => {
                    say!("e.vouch_alone", no = topic.no, held = held, another = ctx.another_coordinator(&topic.town))
                }
                (Part::Moderator, false) => say!("e.vouch_vote", no = topic.no, who = Value::List(who)),
                (_, false) => say!("e.vouch_part", no = topic.no, held = held, who = Value::List(who)),
            };
        }
        let is_near = ctx.scene.who.may(Act::Vouch, self.person.as_ref(), &self.town);
        if let Some(topic) = self.roll_out_of_reach(ctx.world, &ctx.scene.who).filter(|_| is_near) {
            let may = |person: &Person| self.may_be_vouched_for(ctx.world, person);
            return ctx.on_roll(&self.name, &topic, may);
        }
        ctx.ask(role, &self.town)
    }

    /// The person, and the fact that enters them if they only stand on a roll: a resident, with the flat that is theirs there.
    #[must_use]
    pub fn enter(&self, world: &World<'_>) -> (PersonId, Option<Event>) {
        if let Some(person) = &self.person {
            return (person.id, None);
        }
        let person = PersonId(world.counters().people + 1);
        let entered = Event::PersonEnrolled {
            person,
            name: self.name.as_str().into(),
            side: Side::Resident,
            unit: Words::default(),
            sector: String::new(),
            town: self.town.clone(),
            level: None,
            field: Words::default(),
            room: self.room.as_str().into(),
            enrolled: true,
        };
        (person, Some(entered))
    }
}

impl Ctx<'_> {
    /// 在别处名册上 — somebody stands on the roll of a topic out of reach, and who may: its coordinators, else the administrators.
    pub(super) fn on_roll(&self, name: &str, topic: &Topic, may: impl Fn(&Person) -> bool) -> Say {
        let mut who = self.world.coordinators_of(&topic.town);
        who.retain(&may);
        if who.is_empty() {
            who = self.world.holders(Role::Admin);
        }
        let who: Vec<Value> = who.iter().take(3).map(|person| (&person.name).into()).collect();
        say!("e.vouch_roll", who = name, no = topic.no, ask = Value::List(who))
    }
}

/// Somebody's words on one line: in the letter about a claim every line but theirs is ours.
fn one_line(said: &str) -> String {
    let visible: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What somebody nobody has entered is told of how to be joined; their account only while there is no administrator who could be
/// asked: it belongs into the configuration then.
#[must_use]
pub fn how(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    let is_first = who.grants.is_empty() && ctx.world.holders(Role::Admin).is_empty();
    let account =
        if is_first { say!("claim.account", account = ctx.scene.caller.account.as_str()) } else { say!("none") };
    say!("claim.how", account = account)
}

/// 我是 — who an account is said to be. The answer is the same whether there is such a person or not.
pub fn make(ctx: &Ctx<'_>, name: &str, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if who.enrolled {
        return Ok(Decision::answer(say!("claim.already", who = &who.name)));
    }
    if name.is_empty() {
        return Ok(Decision::answer(how(ctx)));
    }
    proper_name(name)?;
    if name.chars().count() < 2 {
        return Err(say!("e.name", bad = name));
    }
    let place = one_line(place);
    text::within(&place, MAX_PLACE)?;
    let now = ctx.scene.now;
    let mut own = ctx.world.claims_of(ctx.me());
    let is_same = |claim: &Claim| claim.name.as_str() == name && claim.place.as_str() == place && claim.is_open(now);
    if own.iter().any(is_same) {
        return Ok(Decision::answer(say!("claim.sent")));
    }
    own.retain(|claim| now - claim.at < Duration::days(1));
    if own.len() >= MOST_A_DAY {
        return Err(say!("e.claim_many", max = MOST_A_DAY));
    }
    if ctx.world.open_claims().iter().filter(|claim| claim.is_open(now)).count() >= ctx.settings.retention.claims {
        return Err(say!("e.claim_full"));
    }
    let made = claimed(ctx, name, &place);
    let asked = match ctx.world.whom(name, &place).as_slice() {
        [only] => only.person.as_ref().and_then(|person| ask_them(ctx, person)),
        _ => None,
    };
    Ok(Decision::facts([made].into_iter().chain(asked).collect()))
}

/// The fact that the speaker's account says whose it is.
#[must_use]
pub fn claimed(ctx: &Ctx<'_>, name: &str, place: &str) -> Event {
    let caller = &ctx.scene.caller;
    Event::ClaimMade {
        claim: ClaimNo(ctx.world.counters().claims + 1),
        account: caller.account.as_str().into(),
        private_chat: caller.private_chat.as_str().into(),
        shown: one_line(&caller.shown).chars().take(MAX_SHOWN).collect::<String>().into(),
        name: name.into(),
        place: place.into(),
        until: Some(ctx.scene.now + Duration::days(i64::from(ctx.settings.retention.claim_days))),
    }
}

/// The fact that somebody who has an account is asked whether the speaker's is theirs as well.
fn ask_them(ctx: &Ctx<'_>, person: &Person) -> Option<Event> {
    let has_account = !ctx.world.accounts_of(person.id).is_empty();
    let may_ask = has_account && ctx.world.joinings_of(person.id) < MOST_ASKING;
    let claim = ClaimNo(ctx.world.counters().claims + 1);
    may_ask.then_some(Event::Account(Fact::Asked { claim, person: person.id }))
}

/// The claims that wait for the speaker's word: a letter may have come before they could be written to. What they have confirmed, and
/// what two have, does not wait for them any more.
#[must_use]
pub fn to_confirm(ctx: &Ctx<'_>) -> Vec<Claim> {
    let who = &ctx.scene.who;
    if !who.has_office() {
        return Vec::new();
    }
    let is_confirmed = |claim: &Claim| {
        let joining = ctx.world.joining(claim.no);
        joining.is_some_and(|joining| joining.until.is_some() || joining.by.contains(&who.id))
    };
    let is_for_me = |claim: &Claim| {
        let whoms = ctx.world.whom(claim.name.as_str(), claim.place.as_str());
        claim.is_open(ctx.scene.now)
            && !is_confirmed(claim)
            && (whoms.iter().any(|whom| whom.may_be_vouched_for(ctx.world, who))
                || (whoms.is_empty() && ctx.require_role(Role::Coordinator).is_ok()))
    };
    ctx.world.open_claims().into_iter().filter(is_for_me).collect()
}

fn waiting(ctx: &Ctx<'_>) -> Say {
    let rows: Vec<Say> = to_confirm(ctx).iter().map(row).collect();
    let rows = match rows.is_empty() {
        true => return say!("claim.none"),
        false => Value::Lines(rows),
    };
    match identity_claims::sure(ctx) {
        0 | 1 => say!("claim.list", rows = rows),
        n => say!("claim.list.all", rows = rows, n = n),
    }
}

/// 确认, 不是 — whether a claim is right; behind 不是 stands why. Who it is about is looked up again: they may have been entered meanwhile.
pub fn settle(ctx: &Ctx<'_>, written: Option<ClaimNo>, is_right: bool, place: &str) -> Decided {
    let who = &ctx.scene.who;
    let replied = match ctx.scene.reply {
        Some(Mark::Claim(no)) => Some(no),
        _ => None,
    };
    let no = written.or(replied);
    if let Some(claim) = no.and_then(|no| ctx.world.claim(no))
        && let Some(own) = own_word(ctx, &claim, is_right, place)
    {
        return own;
    }
    if !who.has_office() {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    let Some(no) = no else { return Ok(Decision::answer(waiting(ctx))) };
    let claim = ctx.world.claim(no).ok_or_else(|| match no.0 > ctx.world.counters().claims {
        true => say!("e.no_claim", c = no),
        // It lapsed, and is not kept.
        false => too_old(ctx, no),
    })?;
    if let (Fate::Confirmed(person), false) = (claim.fate, is_right) {
        return account::parted_by_office(ctx, &claim, person, place);
    }
    let named = if place.is_empty() || !is_right { claim.place.as_str() } else { place };
    let whoms = ctx.world.whom(claim.name.as_str(), named);
    let may = |whom: &&Whom| whom.may_be_vouched_for(ctx.world, who);
    if whoms.is_empty() {
        ctx.require_role(Role::Coordinator)?;
    } else if let Some(first) = whoms.first().filter(|_| !whoms.iter().any(|whom| may(&whom))) {
        return Err(first.ask(ctx));
    }
    if ctx.world.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty()) && !who.holds(Role::Admin) {
        return Err(ctx.ask(Role::Admin, ""));
    }
    require_waiting(ctx, &claim)?;
    if !is_right {
        let reason = one_line(place);
        text::within(&reason, MAX_REASON)?;
        return Ok(Decision::facts(refused(ctx.world, &claim, &reason)));
    }
    require_one_claim(ctx, &claim)?;
    match whoms.as_slice() {
        [] => Err(nobody_there(ctx, &claim)),
        [only] => vouched(ctx, &claim, only),
        several => {
            let rows = several.iter().filter(may).take(MAX_ROWS).map(|whom| whom.row().into()).collect();
            Err(say!("e.claim_several", c = no, name = &claim.name, rows = Value::List(rows)))
        }
    }
}

/// 一个账号两个人 — what officials have confirmed already that the same account is somebody else is settled first: it would come to nothing
/// in silence.
fn require_one_claim(ctx: &Ctx<'_>, claim: &Claim) -> Result<(), Say> {
    let is_vouched = |one: &Claim| ctx.world.joining(one.no).is_some_and(|joining| !joining.by.is_empty());
    let is_other =
        |one: &Claim| one.by == claim.by && one.no != claim.no && one.name != claim.name && one.is_open(ctx.scene.now);
    let other = ctx.world.open_claims().into_iter().find(|one| is_other(one) && is_vouched(one));
    let Some(other) = other else { return Ok(()) };
    let by = ctx.world.joining(other.no).map(|joining| joining.by).unwrap_or_default();
    let by = by.into_iter().map(|one| ctx.world.name_of(one).into()).collect();
    Err(say!(
        "e.claim_two",
        c = claim.no,
        shown = &claim.shown,
        other = other.no,
        who = &other.name,
        by = Value::List(by)
    ))
}

/// 没有这一位 — nobody of that name and place; where there are others of the name, it is said that the place fits none of them.
fn nobody_there(ctx: &Ctx<'_>, claim: &Claim) -> Say {
    let (c, name) = (claim.no, claim.name.as_str());
    let others = ctx.world.whom(name, "");
    if others.is_empty() {
        return say!("e.claim_nobody", c = c, name = name);
    }
    let row = |whom: &Whom| match whom.may_be_vouched_for(ctx.world, &ctx.scene.who) {
        true => whom.row(),
        false => whom.row_from_afar(),
    };
    let rows = others.iter().take(MAX_ROWS).map(|whom| row(whom).into()).collect();
    say!("e.claim_elsewhere", c = c, name = name, place = claim.place_after_blank(), rows = Value::List(rows))
}

/// Nobody has settled it, the account is still whose it was, and it is not too old.
fn require_waiting(ctx: &Ctx<'_>, claim: &Claim) -> Result<(), Say> {
    if claim.fate != Fate::Open || ctx.world.person_by_account(claim.account.as_str()) != Some(claim.by) {
        return Err(say!("e.claim_done", c = claim.no));
    }
    if !claim.is_open(ctx.scene.now) {
        return Err(too_old(ctx, claim.no));
    }
    Ok(())
}

fn too_old(ctx: &Ctx<'_>, no: ClaimNo) -> Say {
    say!("e.claim_old", c = no, days = ctx.settings.retention.claim_days)
}

/// 是, 不是 — the word of an account that is joined already, on one that wants to be; and, once it is, that it was wrong.
fn own_word(ctx: &Ctx<'_>, claim: &Claim, is_right: bool, said: &str) -> Option<Decided> {
    let me = ctx.me();
    let asked = ctx.world.joining(claim.no).is_some_and(|joining| joining.person == me);
    match (claim.fate, is_right) {
        (Fate::Open, _) if !asked => None,
        (Fate::Open, true) => {
            Some(require_waiting(ctx, claim).map(|()| Decision::facts(confirmed(ctx.world, claim, me))))
        }
        (Fate::Open, false) => Some(require_waiting(ctx, claim).and_then(|()| {
            let reason = one_line(said);
            text::within(&reason, MAX_REASON)?;
            Ok(Decision::facts(refused(ctx.world, claim, &reason)))
        })),
        (Fate::Confirmed(person), false) if person == me => Some(account::parted(ctx, claim, me, said)),
        (Fate::Confirmed(person), true) if person == me => {
            Some(Ok(Decision::answer(say!("claim.joined", c = claim.no, shown = &claim.shown))))
        }
        (Fate::Confirmed(_) | Fate::Refused, _) => None,
    }
}

/// 是, 不是 alone — an answer to whatever was read last, which only the reader knows: an account is joined or dropped by it only in reply
/// to the letter that asks, or by its number. Where something waits for the speaker (an account that asks to be theirs, a claim they are
/// asked about, for a day after it an account that was joined to them) it is asked back, with the lines; else it is talk.
///
/// 不是 joins nothing: where one account alone waits for the speaker's word, and nothing else that such a word could answer, it is taken.
pub fn word(ctx: &Ctx<'_>, is_right: bool, is_talk: bool) -> Decided {
    let mut waiting: Vec<Claim> = ctx.world.open_claims();
    waiting.retain(|claim| claim.is_open(ctx.scene.now) && is_asked_of_speaker(ctx, claim));
    if let ([only], false) = (waiting.as_slice(), is_right)
        && joined_lately(ctx).is_empty()
        && !hiding::waits_for_word(ctx)
    {
        return settle(ctx, Some(only.no), false, "");
    }
    waiting.extend(joined_lately(ctx));
    match waiting.as_slice() {
        [] if is_talk => Ok(Decision::silent()),
        [] => Err(say!("e.claim_word")),
        several => {
            let rows = several.iter().map(|claim| say!("claim.word", c = claim.no, shown = &claim.shown));
            Err(say!("e.claim_words", which = Value::Lines(rows.collect())))
        }
    }
}

fn is_asked_of_speaker(ctx: &Ctx<'_>, claim: &Claim) -> bool {
    let is_own = ctx.world.joining(claim.no).is_some_and(|joining| joining.person == ctx.me());
    let is_official = || {
        let whoms = ctx.world.whom(claim.name.as_str(), claim.place.as_str());
        ctx.world.asked_about(claim, &whoms).contains(&ctx.me())
    };
    is_own && ctx.scene.who.enrolled || is_official()
}

/// What the other accounts of the speaker were told of within a day: they may say that it was wrong.
fn joined_lately(ctx: &Ctx<'_>) -> Vec<Claim> {
    let is_late = |at| ctx.scene.now - at < Duration::days(1);
    let accounts = ctx.world.accounts_of(ctx.me()).into_iter();
    let others = accounts.filter(|account| account.address.as_str() != ctx.scene.caller.account);
    let late = others.filter(|account| account.since.is_some_and(is_late));
    late.filter_map(|account| ctx.world.claim(account.claim?)).collect()
}

/// The facts that settle a claim: the account is this person's.
fn confirmed(world: &World<'_>, claim: &Claim, person: PersonId) -> Vec<Event> {
    let Some(known) = world.person(person) else { return refused(world, claim, "") };
    let (_, mut facts) = joined(world, claim.by, &claim.account, &Whom::entered(world, known));
    facts.push(settled(claim.no, Some(person), ""));
    facts
}

fn settled(claim: ClaimNo, person: Option<PersonId>, reason: &str) -> Event {
    Event::ClaimSettled { claim, person, reason: (!reason.is_empty()).then(|| reason.into()) }
}

/// The facts that settle a claim: it is somebody else.
fn refused(world: &World<'_>, claim: &Claim, reason: &str) -> Vec<Event> {
    let denied = world
        .joining(claim.no)
        .map(|joining| Event::Account(Fact::Denied { claim: claim.no, person: joining.person, vouched: joining.by }));
    denied.into_iter().chain([settled(claim.no, None, reason)]).collect()
}

/// 删除信息、注销 — the claims that end with somebody who is erased or seen off: those about them, and their own.
pub(super) fn ended_with(ctx: &Ctx<'_>, person: &Person) -> Vec<Event> {
    let is_about = |claim: &Claim| {
        let is_asked = ctx.world.joining(claim.no).is_some_and(|joining| joining.person == person.id);
        let is_named = || {
            let whoms = ctx.world.whom(claim.name.as_str(), claim.place.as_str());
            matches!(whoms.as_slice(), [only] if only.person.as_ref().is_some_and(|known| known.id == person.id))
        };
        claim.by == person.id || is_asked || is_named()
    };
    let open = ctx.world.open_claims().into_iter().filter(is_about);
    open.flat_map(|claim| refused(ctx.world, &claim, "")).collect()
}

/// An official says that a claim is right. Somebody who never had an account has one by it; for a further one, and for the next after
/// one was taken away, two officials must say so, and then whoever hears of it has some time to say no: else whoever takes an account
/// away could give the next one to anybody.
fn vouched(ctx: &Ctx<'_>, claim: &Claim, whom: &Whom) -> Decided {
    if whom.is_first() {
        let (person, mut facts) = joined(ctx.world, claim.by, &claim.account, whom);
        facts.push(settled(claim.no, Some(person), ""));
        return Ok(Decision::facts(facts));
    }
    let (person, entered) = whom.enter(ctx.world);
    // Nobody vouches for themselves: that is the word of an account of theirs.
    if person == ctx.me() {
        return Ok(Decision::facts(confirmed(ctx.world, claim, person)));
    }
    let joining = ctx.world.joining(claim.no).filter(|joining| joining.person == person);
    let by = joining.as_ref().map(|joining| joining.by.clone()).unwrap_or_default();
    if let Some(until) = joining.as_ref().and_then(|joining| joining.until) {
        return Ok(Decision::answer(ctx.world.waits(claim.no, person, until)));
    }
    if by.contains(&ctx.me()) {
        return Ok(Decision::answer(ctx.world.second(claim.no, person, ctx.me())));
    }
    let asked = Event::Account(Fact::Asked { claim: claim.no, person });
    let hours = Duration::hours(i64::from(ctx.settings.join_hours));
    let until = (by.len() + 1 >= VOUCHERS).then(|| ctx.scene.now + hours);
    let fact = Event::Account(Fact::Vouched { claim: claim.no, person, by: ctx.me(), until });
    let before = entered.into_iter().chain(joining.is_none().then_some(asked));
    Ok(Decision::facts(before.chain([fact]).collect()))
}

/// 作废 — the time in which somebody could have said something to it is over.
#[must_use]
pub fn lapsed(claim: &Claim) -> Event {
    Event::Account(Fact::Lapsed { claim: claim.no, by: claim.by, at: claim.at })
}

/// The waiting time is over and nobody said no: whoever vouched must still be entitled to.
#[must_use]
pub fn waited(world: &World<'_>, joining: &Joining) -> Vec<Event> {
    let Some(claim) = world.claim(joining.claim) else {
        return vec![settled(joining.claim, None, "")];
    };
    let whom = world.person(joining.person).filter(|person| person.enrolled).map(|known| Whom::entered(world, known));
    let may = |by: &PersonId| {
        let by = world.person(*by);
        by.is_some_and(|by| whom.as_ref().is_some_and(|whom| whom.may_be_vouched_for(world, &by)))
    };
    let is_still_theirs = world.person_by_account(claim.account.as_str()) == Some(claim.by);
    if is_still_theirs && joining.by.iter().all(may) {
        confirmed(world, &claim, joining.person)
    } else {
        refused(world, &claim, "")
    }
}

/// The facts that make an account a person's, with everything the account did so far.
#[must_use]
pub fn joined(world: &World<'_>, from: PersonId, account: &Words, whom: &Whom) -> (PersonId, Vec<Event>) {
    let (person, entered) = whom.enter(world);
    let private_chat = world.person(from).map(|person| person.private_chat).unwrap_or_default();
    let before = Words::default();
    let mut facts: Vec<Event> = entered.into_iter().collect();
    facts.push(Event::AccountLinked { person, account: account.clone(), private_chat, before });
    facts.push(Event::PersonJoined { from, into: person });
    (person, facts)
}
