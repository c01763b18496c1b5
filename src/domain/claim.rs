//! 认 — an account says whose it is (/我是), and somebody who knows the person says whether that is so. Until then nothing follows
//! from it, and whoever asks learns nothing: neither whether there is such a person nor where they live.

use super::event::Event;
use super::ids::{ClaimNo, PersonId, TopicNo};
use super::person::{Person, Role, Scope, Side, proper_name};
use super::roll::same_place;
use super::say::{Say, Value};
use super::scene::{Ctx, Decided, Decision};
use super::topic::Topic;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::domain::command::Mark;
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Days a claim may be confirmed.
pub const DAYS: i64 = 7;
/// Claims of one account in a day.
const MOST_A_DAY: usize = 3;
/// Claims that wait, of all accounts together.
const MOST_OPEN: usize = 300;
/// Claims of one account that are looked at.
const MOST_OF_ONE: usize = 10_000;
/// Longest flat, unit or sector, and longest shown name that is passed on, in characters.
const MAX_PLACE: usize = 40;
const MAX_SHOWN: usize = 30;
/// People of one name that are told apart for whoever confirms.
const MAX_ROWS: usize = 5;

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Nobody has said anything to it.
    Open,
    /// The account is this person's.
    Confirmed(PersonId),
    /// 不是.
    Refused,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Number.
    pub no: ClaimNo,
    /// The newcomer the account makes so far.
    pub by: PersonId,
    /// Account.
    pub account: Words,
    /// Name the platform shows.
    pub shown: Words,
    /// Name they say is theirs.
    pub name: Words,
    /// Flat, unit or sector they say is theirs; empty if none was said.
    pub place: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// What became of it.
    pub fate: Fate,
}

impl Entity for Claim {
    fn key(&self) -> Key {
        Key::new(kind::CLAIM).num(self.no.0)
    }
}

impl Claim {
    /// Whether it may still be confirmed.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.fate == Fate::Open && now - self.at < Duration::days(DAYS)
    }

    fn place_after_blank(&self) -> String {
        let place = self.place.as_str();
        if place.is_empty() { String::new() } else { format!(" {place}") }
    }
}

fn open_key(no: ClaimNo) -> Key {
    Key::new(kind::OPEN_CLAIM).num(no.0)
}

fn own_key(person: PersonId, no: ClaimNo) -> Key {
    Key::new(kind::CLAIM_BY_PERSON).num(person.0).num(no.0)
}

/// Somebody a name and a place can stand for: entered, or on a roll and never entered.
#[derive(Debug, Clone)]
pub struct Whom {
    /// Who it is, if entered.
    pub person: Option<Person>,
    /// Name.
    pub name: String,
    /// Flat; empty if unknown.
    pub room: String,
    /// Town; empty if unknown.
    pub town: String,
    /// The topics on whose roll they stand.
    pub rolls: Vec<TopicNo>,
}

impl Whom {
    /// An entered person.
    #[must_use]
    pub fn entered(world: &World<'_>, person: Person) -> Self {
        let topics = world.topics_with_roll().into_iter();
        let rolls = topics.filter(|&topic| world.voter_of(topic, &person).is_some()).collect();
        let (name, room) = (person.name.as_str().to_owned(), person.room.as_str().to_owned());
        Self { name, room, town: person.town.clone(), rolls, person: Some(person) }
    }

    /// The lowest role that may say who this is: nobody lends out more than they hold.
    fn warrant(&self) -> Role {
        let holds = |role| self.person.as_ref().is_some_and(|person| person.holds(role));
        if holds(Role::Admin) || holds(Role::Coordinator) {
            return Role::Admin;
        }
        let has_role = self.person.as_ref().is_some_and(|person| !person.grants.is_empty());
        if has_role { Role::Coordinator } else { Role::Moderator }
    }

    /// The topics whose moderator may say who this is: those of their own town, or of no town, on whose roll they stand. A roll
    /// is what a moderator writes; it gives nobody a hold on people of another town.
    fn vouching_topics<'a>(&'a self, world: &'a World<'_>) -> impl Iterator<Item = Topic> + 'a {
        let is_near =
            |topic: &Topic| [&self.town, &topic.town].iter().any(|town| town.is_empty()) || self.town == topic.town;
        self.rolls.iter().filter_map(|&no| world.topic(no)).filter(is_near)
    }

    /// Whether somebody may say that an account is this person's: a coordinator of their town, or a moderator of a topic there
    /// on whose roll they stand; for holders of a role a coordinator, for coordinators and administrators an administrator.
    #[must_use]
    pub fn may_be_vouched_for(&self, world: &World<'_>, by: &Person) -> bool {
        let moderates = || self.vouching_topics(world).any(|topic| by.moderates(&topic));
        by.holds(Role::Admin)
            || match self.warrant() {
                Role::Admin => false,
                Role::Coordinator => by.coordinates(&self.town),
                _ => by.coordinates(&self.town) || moderates(),
            }
    }

    /// The sentence for somebody who may not.
    #[must_use]
    pub fn ask(&self, ctx: &Ctx<'_>) -> Say {
        let role = if self.warrant() == Role::Admin { Role::Admin } else { Role::Coordinator };
        ctx.ask(role, &self.town)
    }

    /// Side, unit, sector, town and flat, as far as known, and whether an account is theirs already: a second one may be somebody
    /// else's.
    fn about(&self) -> Vec<Value> {
        let mut about = Vec::new();
        if let Some(person) = &self.person {
            about.push(Value::Term(person.side.term().to_owned()));
            about.extend([person.unit.as_str(), &person.sector, person.field.as_str()].map(Value::from));
        }
        about.extend([self.town.as_str(), &self.room].map(Value::from));
        about.retain(|value| *value != Value::Text(String::new()));
        if self.person.as_ref().is_some_and(|person| !person.private_chat.as_str().is_empty()) {
            about.push(say!("claim.linked").into());
        }
        about
    }

    fn row(&self) -> Say {
        match &self.person {
            Some(_) => say!("claim.known", name = self.name.as_str(), about = Value::List(self.about())),
            None => {
                let rolls = self.rolls.iter().take(MAX_ROWS).map(|&no| say!("ref.topic", no = no).into()).collect();
                let about = Value::List(self.about());
                say!("claim.roll", name = self.name.as_str(), about = about, rolls = Value::List(rolls))
            }
        }
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

impl World<'_> {
    /// A claim.
    #[must_use]
    pub fn claim(&self, no: ClaimNo) -> Option<Claim> {
        self.get(&Key::new(kind::CLAIM).num(no.0))
    }

    fn claims_of(&self, person: PersonId) -> Vec<Claim> {
        let numbers: Vec<ClaimNo> = self.list(&Key::new(kind::CLAIM_BY_PERSON).num(person.0), MOST_OF_ONE);
        numbers.into_iter().filter_map(|no| self.claim(no)).collect()
    }

    fn open_claims(&self) -> Vec<Claim> {
        let numbers: Vec<ClaimNo> = self.list(&Key::new(kind::OPEN_CLAIM), 2 * MOST_OPEN);
        numbers.into_iter().filter_map(|no| self.claim(no)).collect()
    }

    /// Everybody a name stands for; with a place only those whose flat, unit, sector or field it is.
    #[must_use]
    pub fn whom(&self, name: &str, place: &str) -> Vec<Whom> {
        let named = self.people_named(name).into_iter().filter(|person| person.enrolled);
        let mut found: Vec<Whom> = named.map(|person| Whom::entered(self, person)).collect();
        let mut unentered: Vec<Whom> = Vec::new();
        for topic in self.topics_with_roll() {
            for voter in self.voters_who(topic, name, place) {
                let is_voter = |whom: &Whom| {
                    let person = whom.person.as_ref().and_then(|person| self.voter_of(topic, person));
                    person.is_some_and(|known| known.no == voter.no)
                };
                if found.iter().any(is_voter) {
                    continue;
                }
                let room = voter.rooms.iter().find(|room| same_place(room.as_str(), place)).or(voter.rooms.first());
                let room = room.map(|room| room.as_str().to_owned()).unwrap_or_default();
                match unentered.iter_mut().find(|whom| whom.room == room) {
                    Some(known) => known.rolls.push(topic),
                    None => {
                        let town = self.topic(topic).map(|topic| topic.town).unwrap_or_default();
                        unentered.push(Whom { person: None, name: name.to_owned(), room, town, rolls: vec![topic] });
                    }
                }
            }
        }
        found.retain(|whom| place.is_empty() || self.is_of(whom, place));
        found.extend(unentered);
        found
    }

    fn is_of(&self, whom: &Whom, place: &str) -> bool {
        let Some(person) = &whom.person else { return false };
        let own = [person.room.as_str(), person.unit.as_str(), &person.sector, person.field.as_str()];
        let on_roll = |&topic: &TopicNo| self.voter_of(topic, person).is_some_and(|voter| voter.lives_in(place));
        own.iter().any(|own| same_place(own, place)) || whom.rolls.iter().any(on_roll)
    }

    /// Who is asked whether a claim is right: the coordinators of the town, else of the district, and the moderators of the
    /// topics on whose roll the person stands; for coordinators and administrators, and where the account holds a role that it
    /// would bring along, the administrators.
    #[must_use]
    pub fn asked_about(&self, claim: &Claim, whoms: &[Whom]) -> Vec<PersonId> {
        let mut asked: Vec<Person> = Vec::new();
        let brings_role = self.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty());
        let whoms = if brings_role { &[] } else { whoms };
        for whom in whoms {
            match whom.warrant() {
                Role::Admin => asked.extend(self.holders(Role::Admin)),
                _ => asked.extend(self.coordinators_reached(&whom.town)),
            }
            if whoms.len() == 1 && whom.warrant() == Role::Moderator {
                let topics = whom.vouching_topics(self);
                asked.extend(topics.filter_map(|topic| self.person(self.moderator_of(&topic)?)));
            }
        }
        if brings_role {
            asked.extend(self.holders(Role::Admin));
        } else if whoms.is_empty() {
            asked.extend(self.coordinators_reached(""));
        }
        let mut told = Vec::new();
        for person in asked.iter().filter(|person| !person.private_chat.as_str().is_empty()) {
            if !told.contains(&person.id) {
                told.push(person.id);
            }
        }
        told
    }

    fn coordinators_reached(&self, town: &str) -> Vec<Person> {
        let mut all = self.coordinators_of(town);
        all.retain(|person| !person.private_chat.as_str().is_empty());
        let is_local = |person: &Person| {
            person
                .grants
                .iter()
                .any(|grant| grant.role == Role::Coordinator && grant.scope == Scope::Town(town.to_owned()))
        };
        let local: Vec<Person> = all.iter().filter(|person| is_local(person)).cloned().collect();
        if !local.is_empty() {
            return local;
        }
        if all.is_empty() { self.holders(Role::Admin) } else { all }
    }

    /// The letter to those who are asked.
    #[must_use]
    pub fn claim_letter(&self, claim: &Claim, whoms: &[Whom]) -> Say {
        let whom = match whoms {
            [] => say!("claim.nobody", name = &claim.name),
            [only] => only.row(),
            several => {
                let rows = several.iter().take(MAX_ROWS).map(|whom| whom.row().into()).collect();
                say!("claim.several", n = several.len(), rows = Value::List(rows), c = claim.no)
            }
        };
        say!(
            "claim.push",
            c = claim.no,
            shown = &claim.shown,
            name = &claim.name,
            place = claim.place_after_blank(),
            whom = whom,
            at = Value::Moment(claim.at),
            days = DAYS,
        )
    }
}

/// A claim as it is kept. Those nobody settled in time are taken off the list of open ones.
pub fn put(world: &mut World<'_>, claim: &Claim) {
    world.count(|counters| counters.claims = claim.no.0);
    for old in world.open_claims().into_iter().filter(|old| !old.is_open(claim.at)) {
        world.remove(open_key(old.no));
    }
    world.put_at(open_key(claim.no), &claim.no);
    world.put_at(own_key(claim.by, claim.no), &claim.no);
    world.put(claim);
}

/// A claim is settled.
pub fn close(world: &mut World<'_>, no: ClaimNo, person: Option<PersonId>) {
    let Some(mut claim) = world.claim(no) else { return };
    claim.fate = person.map_or(Fate::Refused, Fate::Confirmed);
    world.put(&claim);
    world.remove(open_key(no));
}

/// An account has become a person's: nothing else it claimed is asked any more.
pub fn close_all_of(world: &mut World<'_>, newcomer: PersonId, person: PersonId) {
    for claim in world.claims_of(newcomer).into_iter().filter(|claim| claim.fate == Fate::Open) {
        close(world, claim.no, Some(person));
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
    super::topic::within(&place, MAX_PLACE)?;
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
    if ctx.world.open_claims().iter().filter(|claim| claim.is_open(now)).count() >= MOST_OPEN {
        return Err(say!("e.claim_full"));
    }
    let caller = &ctx.scene.caller;
    Ok(Decision::fact(Event::ClaimMade {
        claim: ClaimNo(ctx.world.counters().claims + 1),
        account: caller.account.as_str().into(),
        private_chat: caller.private_chat.as_str().into(),
        shown: one_line(&caller.shown).chars().take(MAX_SHOWN).collect::<String>().into(),
        name: name.into(),
        place: place.into(),
    }))
}

/// The claims the speaker may settle: a letter may have come before they could be written to.
fn waiting(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    let is_for_me = |claim: &Claim| {
        let whoms = ctx.world.whom(claim.name.as_str(), claim.place.as_str());
        claim.is_open(ctx.scene.now)
            && (whoms.iter().any(|whom| whom.may_be_vouched_for(ctx.world, who))
                || (whoms.is_empty() && ctx.require_role(Role::Coordinator).is_ok()))
    };
    let rows: Vec<Say> =
        ctx.world.open_claims().iter().filter(|claim| is_for_me(claim)).take(MAX_ROWS).map(row).collect();
    if rows.is_empty() { say!("claim.none") } else { say!("claim.list", rows = Value::Lines(rows)) }
}

fn row(claim: &Claim) -> Say {
    let (c, name, at) = (claim.no, &claim.name, Value::Moment(claim.at));
    say!("claim.row", c = c, name = name, place = claim.place_after_blank(), shown = &claim.shown, at = at)
}

/// 确认, 不是 — whether a claim is right. Who it is about is looked up again: they may have been entered meanwhile.
pub fn settle(ctx: &Ctx<'_>, written: Option<ClaimNo>, is_right: bool, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if ![Role::Moderator, Role::Coordinator, Role::Admin].into_iter().any(|role| who.holds(role)) {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    let replied = match ctx.scene.reply {
        Some(Mark::Claim(no)) => Some(no),
        _ => None,
    };
    let Some(no) = written.or(replied) else { return Ok(Decision::answer(waiting(ctx))) };
    let claim = ctx.world.claim(no).ok_or_else(|| say!("e.no_claim", c = no))?;
    let place = if place.is_empty() { claim.place.as_str() } else { place };
    let whoms = ctx.world.whom(claim.name.as_str(), place);
    let may = |whom: &&Whom| whom.may_be_vouched_for(ctx.world, who);
    if whoms.is_empty() {
        ctx.require_role(Role::Coordinator)?;
    } else if let Some(first) = whoms.first().filter(|_| !whoms.iter().any(|whom| may(&whom))) {
        return Err(first.ask(ctx));
    }
    if ctx.world.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty()) && !who.holds(Role::Admin) {
        return Err(ctx.ask(Role::Admin, ""));
    }
    if claim.fate != Fate::Open || ctx.world.person_by_account(claim.account.as_str()) != Some(claim.by) {
        return Err(say!("e.claim_done", c = no));
    }
    if !claim.is_open(ctx.scene.now) {
        return Err(say!("e.claim_old", c = no, days = DAYS));
    }
    if !is_right {
        return Ok(Decision::fact(Event::ClaimSettled { claim: no, person: None }));
    }
    match whoms.as_slice() {
        [] => Err(say!("e.claim_nobody", c = no, name = &claim.name)),
        [only] => {
            let (person, mut facts) = joined(ctx.world, claim.by, &claim.account, only);
            facts.push(Event::ClaimSettled { claim: no, person: Some(person) });
            Ok(Decision::facts(facts))
        }
        several => {
            let rows = several.iter().filter(may).take(MAX_ROWS).map(|whom| whom.row().into()).collect();
            Err(say!("e.claim_several", c = no, name = &claim.name, rows = Value::List(rows)))
        }
    }
}

/// The facts that make an account a person's, with everything the account did so far.
#[must_use]
pub fn joined(world: &World<'_>, from: PersonId, account: &Words, whom: &Whom) -> (PersonId, Vec<Event>) {
    let (person, entered) = whom.enter(world);
    let private_chat = world.person(from).map(|person| person.private_chat).unwrap_or_default();
    let known = world.person(person).map(|person| person.private_chat).unwrap_or_default();
    let before = if known == private_chat { Words::default() } else { known };
    let mut facts: Vec<Event> = entered.into_iter().collect();
    facts.push(Event::AccountLinked { person, account: account.clone(), private_chat, before });
    facts.push(Event::PersonJoined { from, into: person });
    (person, facts)
}
