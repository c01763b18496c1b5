//! 活动 — calling a gathering, signing up, signing in, filing minutes.

use crate::domain::decide::person::newcomer;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, PersonId};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Side;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{Ask, Fact, Gathering, Joined, MAX_LINES, SignUp, SignUpLine, attendance_key};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeSet;

/// Longest name, place and minutes, in characters.
const MAX_NAME: usize = 40;

const MAX_MINUTES: usize = 2000;

/// A gathering is called at most this many days ahead.
const MAX_DAYS_AHEAD: i64 = 366;

const EXAMPLE: &str = "ex.event";

impl Ctx<'_> {
    fn resolve_gathering(&self, written: Option<GatheringNo>, example: &str) -> Result<Gathering, Say> {
        let replied = match self.scene.reply {
            Some(Mark::Gathering(no)) => Some(no),
            _ => None,
        };
        let no = match written.or(replied) {
            Some(no) => Some(no),
            None => self.group().and_then(|group| self.world.latest_gathering(group)).map(|latest| latest.no),
        };
        match no {
            Some(no) => self.world.gathering(no).ok_or_else(|| say!("e.no_act", a = no)),
            None => Err(say!("e.need_act", ex = example_of(example))),
        }
    }

    /// Those who may sign others in and file minutes: who called it and still holds an office, the moderator of its topic, coordinators
    /// of its town.
    fn require_host(&self, gathering: &Gathering) -> Result<(), Say> {
        if gathering.by == self.me() && self.scene.who.has_office() {
            return Ok(());
        }
        match gathering.topic.and_then(|no| self.world.topic(no)) {
            Some(topic) => self.require_moderator(&topic),
            None => self.require_moderator_of(gathering.group),
        }
    }
}

/// 活动 — calls a gathering; in a bound group it belongs to the bound topic.
pub fn call(ctx: &Ctx<'_>, name: &str, (at, until): (DateTime<Utc>, Option<DateTime<Utc>>), place: &str) -> Decided {
    let bound = ctx.bound_here();
    match &bound {
        Some(topic) => ctx.require_moderator(topic)?,
        None => ctx.require_moderator_of(ctx.group())?,
    }
    let (name, place) = (name.trim(), place.trim());
    if name.is_empty() || place.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    within(place, MAX_NAME)?;
    if at <= ctx.scene.now || at - ctx.scene.now > Duration::days(MAX_DAYS_AHEAD) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    Ok(Decision::fact(Event::GatheringCalled {
        gathering: GatheringNo(ctx.world.counters().gatherings + 1),
        name: name.into(),
        at,
        place: place.into(),
        topic: bound.map(|topic| topic.no),
        until: until.filter(|until| *until > at),
    }))
}

/// What is asked about one's own place in a gathering.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Join { gathering, note } => join(ctx, *gathering, note),
        Ask::Leave { gathering, why } => leave(ctx, *gathering, why.trim()),
    }
}

/// The speaker's own line of a list. A name out of a 接龙 is whoever bears it; one that somebody signed up themselves is theirs alone.
fn own_line(ctx: &Ctx<'_>, gathering: &Gathering) -> Option<Joined> {
    let (me, name) = (ctx.me(), &ctx.scene.who.name);
    let is_own = |line: &Joined| line.person == Some(me) || (line.person.is_none() && line.name == *name);
    ctx.world.sign_ups(gathering.no).into_iter().find(is_own)
}

/// 不去 — while the gathering has not begun.
fn leave(ctx: &Ctx<'_>, written: Option<GatheringNo>, why: &str) -> Decided {
    let gathering = ctx.resolve_gathering(written, "ex.decline")?;
    still_open(ctx, &gathering)?;
    within(why, MAX_NAME)?;
    let line = own_line(ctx, &gathering).ok_or_else(|| say!("e.not_joined", a = gathering.no))?;
    Ok(Decision::fact(Event::Gathering(Fact::Left { gathering: gathering.no, n: line.n, why: why.into() })))
}

/// 报名; somebody on the list already who says it with another note (“3人”) changes the note.
fn join(ctx: &Ctx<'_>, written: Option<GatheringNo>, note: &str) -> Decided {
    let gathering = ctx.resolve_gathering(written, "ex.join")?;
    still_open(ctx, &gathering)?;
    within(note, MAX_NAME)?;
    let note = note.trim();
    if let Some(line) = own_line(ctx, &gathering) {
        // “+1” once more says nothing new.
        if note.is_empty() || line.note.as_str() == note {
            return Ok(Decision::answer(ctx.world.chain(gathering.no)));
        }
        let fact = Fact::Noted { gathering: gathering.no, n: line.n, note: note.into() };
        return Ok(Decision::fact(Event::Gathering(fact)));
    }
    let line = SignUpLine { name: ctx.scene.who.name.clone(), note: note.into(), person: Some(ctx.me()) };
    signed_up(&gathering, vec![line])
}

/// A 接龙 pasted from WeChat: names that are not on the list yet are added, the same name once. Once the day of the latest
/// gathering is over it is about something else.
pub fn join_chain(ctx: &Ctx<'_>, lines: &[SignUp]) -> Decided {
    let Some(gathering) = ctx.group().and_then(|group| ctx.world.latest_gathering(group)) else {
        return Err(say!("e.no_chain"));
    };
    if ctx.settings.date(gathering.at) < ctx.settings.date(ctx.scene.now) {
        return Ok(Decision::silent());
    }
    still_open(ctx, &gathering)?;
    let mut known: BTreeSet<String> =
        ctx.world.sign_ups(gathering.no).iter().map(|line| line.name.as_str().to_owned()).collect();
    let mut new = Vec::new();
    for line in lines {
        let fits = line.name.chars().count() <= MAX_NAME && line.note.chars().count() <= MAX_NAME;
        if fits && known.insert(line.name.clone()) {
            new.push(SignUpLine::from(line.clone()));
        }
    }
    if new.is_empty() {
        return Ok(Decision::answer(ctx.world.chain(gathering.no)));
    }
    signed_up(&gathering, new)
}

fn still_open(ctx: &Ctx<'_>, gathering: &Gathering) -> Result<(), Say> {
    if ctx.scene.now < gathering.at {
        return Ok(());
    }
    Err(say!("e.act_closed", a = gathering.no, when = Value::Meeting(gathering.at)))
}

fn signed_up(gathering: &Gathering, lines: Vec<SignUpLine>) -> Decided {
    let total = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(gathering.last_line);
    if total > MAX_LINES {
        return Err(say!("e.too_far", max = MAX_LINES));
    }
    Ok(Decision::fact(Event::SignedUp { gathering: gathering.no, first: gathering.last_line + 1, lines }))
}

/// 签到 — the sender alone, or everybody the host names; who is not known yet is entered as a resident.
pub fn sign_in(ctx: &Ctx<'_>, written: Option<GatheringNo>, names: &[String]) -> Decided {
    let gathering = ctx.resolve_gathering(written, "ex.signin")?;
    // Nobody has been at what has not begun: a list counts for the words of those on it. Before, people sign up.
    if ctx.scene.now < gathering.at {
        return Err(say!("e.sign_early", a = gathering.no, when = Value::Meeting(gathering.at)));
    }
    let topic = gathering.topic.and_then(|no| ctx.world.topic(no));
    let (mut facts, mut people) = (Vec::new(), Vec::new());
    if names.is_empty() {
        people.push(ctx.me());
    } else {
        ctx.require_host(&gathering)?;
    }
    let mut next = ctx.world.counters().people;
    for name in ctx.world.whole_names(names).iter().take(MAX_LINES as usize) {
        match ctx.world.find_person(name, topic.as_ref())? {
            Some(person) => people.push(person.id),
            None => {
                next += 1;
                facts.push(newcomer(PersonId(next), name, Side::Resident, "")?);
                people.push(PersonId(next));
            }
        }
    }
    people.retain(|person| !ctx.world.has(&attendance_key(gathering.no, *person)));
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(Decision::answer(say!("act.sign", a = gathering.no, n = gathering.signed)));
    }
    facts.push(Event::Attended { gathering: gathering.no, people });
    Ok(Decision::facts(facts))
}

/// 纪要.
pub fn minutes(ctx: &Ctx<'_>, written: Option<GatheringNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.minutes";
    let gathering = ctx.resolve_gathering(written, EXAMPLE)?;
    ctx.require_host(&gathering)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_MINUTES)?;
    Ok(Decision::fact(Event::MinutesFiled { gathering: gathering.no, text: text.into() }))
}
