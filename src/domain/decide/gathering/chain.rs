//! 接龙 — a list pasted from WeChat: for which gathering it is, and what becomes of each of its lines.

use super::{MAX_NAME, signed_up, still_open, which};
use crate::domain::event::Event;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::place::same_bearer;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::chain::Chain;
use crate::domain::talk::gathering::{Coming, Fact, Gathering, Joined, SignUp, SignUpLine};
use crate::say;

/// A 接龙 pasted from WeChat: who is not on the list yet is added, the same name once; a changed note is taken, and who does not come
/// is taken off. A line somebody signed up themselves is theirs alone. Once the day of the gathering is over, or where the list says
/// that it is for something else, it is not ours.
pub fn join_chain(ctx: &Ctx<'_>, chain: &Chain) -> Decided {
    let Some(gathering) = gathering_of(ctx, chain)? else { return Ok(Decision::silent()) };
    still_open(ctx, &gathering)?;
    let mut outcome = Outcome::of(ctx, &gathering, chain)?;
    if !outcome.new.is_empty() {
        outcome.facts.extend(signed_up(&gathering, std::mem::take(&mut outcome.new))?.facts);
    }
    let told = outcome.told(ctx, chain, &gathering);
    if outcome.facts.is_empty() {
        let list = ctx.world.chain(gathering.no);
        return Ok(Decision { answer: std::iter::once(list).chain(told).collect(), ..Decision::default() });
    }
    Ok(Decision { facts: outcome.facts, answer: told, ..Decision::default() })
}

/// Whether a list is for a gathering, by its title: in the words of its name and its place, and on its day.
fn fits(ctx: &Ctx<'_>, chain: &Chain, gathering: &Gathering) -> bool {
    let (name, place) = (gathering.name.as_str(), gathering.place.as_str());
    chain.is_about(name, place) && !is_of_another_day(ctx, chain, gathering)
}

fn is_of_another_day(ctx: &Ctx<'_>, chain: &Chain, gathering: &Gathering) -> bool {
    let today = ctx.settings.date(ctx.scene.now);
    chain.is_of_another_day(gathering.name.as_str(), ctx.settings.date(gathering.at), today)
}

/// The gathering a list is for; none where it is for something else. One that bears the whole name of a gathering and says more is asked
/// about: what it is for can be told by nobody but those who wrote it.
fn gathering_of(ctx: &Ctx<'_>, chain: &Chain) -> Result<Option<Gathering>, Say> {
    let here = |gathering: &Gathering| gathering.group.is_some() && gathering.group == ctx.group();
    let named = chain.gathering.and_then(|no| ctx.world.gathering(no)).filter(here);
    let coming = ctx.group().map(|group| ctx.world.coming_gatherings(group, ctx.scene.now)).unwrap_or_default();
    let about: Vec<&Gathering> = coming.iter().filter(|gathering| fits(ctx, chain, gathering)).collect();
    // By its title, where that says which of several it is for.
    let titled = about.iter().copied().filter(|gathering| chain.is_titled(gathering.name.as_str()));
    let titled: Vec<Gathering> = titled.cloned().collect();
    let mut candidates = if titled.is_empty() { about.into_iter().cloned().collect() } else { titled };
    if named.is_none() && candidates.len() > 1 {
        return Err(which(&candidates, "join"));
    }
    let latest = || ctx.group().and_then(|group| ctx.world.latest_gathering(group));
    let Some(gathering) = named.clone().or_else(|| candidates.pop()).or_else(latest) else {
        return if chain.is_of_a_gathering() { Err(say!("e.no_chain")) } else { Ok(None) };
    };
    let is_past = ctx.settings.date(gathering.at) < ctx.settings.date(ctx.scene.now);
    if !is_past && (named.is_some() || fits(ctx, chain, &gathering)) {
        return Ok(Some(gathering));
    }
    let is_named = chain.is_titled(gathering.name.as_str()) && !is_of_another_day(ctx, chain, &gathering);
    match is_named && still_open(ctx, &gathering).is_ok() {
        true => Err(say!("e.chain_title", bad = chain.title.as_str(), a = gathering.no)),
        false => Ok(None),
    }
}

/// What becomes of the lines of a list.
#[derive(Default)]
struct Outcome {
    facts: Vec<Event>,
    new: Vec<SignUpLine>,
    /// Who signed up themselves and stays.
    theirs: Vec<Value>,
    /// Who left by their own word, and stays off.
    left: Vec<Value>,
    /// Who was struck off, and stays off, with who struck them.
    struck: Vec<(Value, PersonId)>,
    /// Who is undecided.
    unsure: Vec<Value>,
    /// Whose own note stays as it is, with what the list says instead.
    noted: Vec<(Value, String)>,
}

impl Outcome {
    fn of(ctx: &Ctx<'_>, gathering: &Gathering, chain: &Chain) -> Result<Self, Say> {
        let known = ctx.world.sign_ups(gathering.no);
        let off: Vec<Joined> =
            ctx.world.sign_up_lines(gathering.no).into_iter().filter(|line| line.off.is_some()).collect();
        let mut outcome = Self::default();
        for (at, line) in (1_u32..).zip(&chain.lines) {
            if line.name.chars().count() > MAX_NAME || line.note.chars().count() > MAX_NAME {
                return Err(say!("e.chain_line", i = at));
            }
            match known.iter().find(|other| same_bearer(other.name.as_str(), &line.name)) {
                None if outcome.stays_off(ctx, &off, line) => {}
                None => outcome.comes_new(ctx, line),
                Some(known) => outcome.changes(ctx, gathering, known, line),
            }
        }
        Ok(outcome)
    }

    /// A list that is passed on carries the old names: whoever took one off brings it back, and whoever bears it.
    fn stays_off(&mut self, ctx: &Ctx<'_>, off: &[Joined], line: &SignUp) -> bool {
        let is_own = same_bearer(&line.name, ctx.scene.who.name.as_str());
        let known = off.iter().rev().find(|other| same_bearer(other.name.as_str(), &line.name));
        let Some((known, by)) = known.and_then(|known| Some((known, known.off?))) else { return false };
        if line.comes != Coming::Yes || is_own || by == ctx.me() {
            return false;
        }
        let is_by_themselves = known.person == Some(by)
            || ctx.world.person(by).is_some_and(|person| same_bearer(person.name.as_str(), known.name.as_str()));
        match is_by_themselves {
            true => self.left.push((&known.name).into()),
            false => self.struck.push(((&known.name).into(), by)),
        }
        true
    }

    fn comes_new(&mut self, ctx: &Ctx<'_>, line: &SignUp) {
        match line.comes {
            Coming::Unsure => self.unsure.push(line.name.as_str().into()),
            Coming::Yes if !self.new.iter().any(|other| same_bearer(other.name.as_str(), &line.name)) => {
                // Whoever posts the list stands on it themselves.
                let is_own = same_bearer(&line.name, ctx.scene.who.name.as_str());
                let person = Some(ctx.me()).filter(|_| is_own && !self.new.iter().any(|other| other.person.is_some()));
                self.new.push(SignUpLine { person, ..SignUpLine::from(line.clone()) });
            }
            Coming::Yes | Coming::No => {}
        }
    }

    fn changes(&mut self, ctx: &Ctx<'_>, gathering: &Gathering, known: &Joined, line: &SignUp) {
        let is_theirs = known.person.is_some_and(|person| person != ctx.me());
        let (gathering, n) = (gathering.no, known.n);
        let is_own = known.person == Some(ctx.me()) || same_bearer(known.name.as_str(), ctx.scene.who.name.as_str());
        let fact = Fact::Left { gathering, n, why: "".into(), for_good: is_own };
        let mut left = || self.facts.push(Event::Gathering(fact.clone()));
        match line.comes {
            Coming::No | Coming::Unsure if is_theirs => self.theirs.push((&known.name).into()),
            Coming::No => left(),
            Coming::Unsure => {
                left();
                self.unsure.push((&known.name).into());
            }
            Coming::Yes if line.note.is_empty() || known.note.as_str() == line.note => {}
            Coming::Yes if is_theirs => self.noted.push(((&known.name).into(), line.note.clone())),
            Coming::Yes => {
                let fact = Fact::Noted { gathering, n, note: line.note.as_str().into() };
                self.facts.push(Event::Gathering(fact));
            }
        }
    }

    /// What was not done as the list says, and why.
    fn told(&mut self, ctx: &Ctx<'_>, chain: &Chain, gathering: &Gathering) -> Vec<Say> {
        let mut told = Vec::new();
        let a = gathering.no;
        if !self.theirs.is_empty() {
            told.push(say!("join.theirs", names = Value::List(std::mem::take(&mut self.theirs)), a = a));
        }
        if !self.left.is_empty() {
            told.push(say!("join.left", names = Value::List(std::mem::take(&mut self.left)), a = a));
        }
        if let Some((_, by)) = self.struck.first().cloned() {
            let names = std::mem::take(&mut self.struck).into_iter().map(|(name, _)| name).collect();
            told.push(say!("join.struck", names = Value::List(names), by = ctx.world.name_of(by), a = a));
        }
        if let Some((_, note)) = self.noted.first().cloned() {
            let names = std::mem::take(&mut self.noted).into_iter().map(|(name, _)| name).collect();
            told.push(say!("join.theirs.note", names = Value::List(names), note = note, a = a));
        }
        if !chain.nobody.is_empty() {
            let names = chain.nobody.iter().map(|name| Value::Quote(name.clone())).collect();
            told.push(say!("join.nobody", names = Value::List(names), a = a));
        }
        if !self.unsure.is_empty() {
            told.push(say!("join.unsure", names = Value::List(std::mem::take(&mut self.unsure)), a = a));
        }
        told
    }
}
