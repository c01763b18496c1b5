//! 活动 — calling a gathering, signing up, signing in, filing minutes.

mod chain;
mod listing;
mod off_list;

pub use chain::join_chain;
pub(super) use listing::coming_of;
pub(super) use off_list::require_no_name;

use crate::domain::decide::heard;
use crate::domain::decide::person::newcomer;
use crate::domain::decide::series::reminded_at;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, PersonId, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::place::{flat_before, same_bearer};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Side;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{
    Ask, Attendance, Attendants, Fact, Gathering, Joined, MAX_LINES, NewTime, SignUpLine, attendance_key, topic_behind,
};
use crate::domain::talk::headcount;
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Longest name, place and minutes, in characters.
const MAX_NAME: usize = 40;

const MAX_MINUTES: usize = 2000;

/// A gathering is called at most this many days ahead.
const MAX_DAYS_AHEAD: i64 = 366;

/// Lists of others somebody is told of when they first write.
const MOST_LETTERS: usize = 5;

/// Within so many hours after its beginning it can be said that a gathering did not take place.
const NOT_HELD_HOURS: i64 = 24;

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
            Some(_) if self.world.counters().gatherings == 0 => Err(say!("plain.join.none")),
            Some(no) => self.world.gathering(no).ok_or_else(|| say!("e.no_act", a = no, ex = example_of("ex.join"))),
            None if self.world.counters().gatherings == 0 => Err(say!("plain.join.none")),
            None => Err(say!("e.need_act", ex = example_of(example))),
        }
    }

    /// The gathering somebody comes to, or does not: where none is written and several are to come, it is asked which.
    fn resolve_coming(
        &self,
        written: Option<GatheringNo>,
        (example, row): (&str, &'static str),
    ) -> Result<Gathering, Say> {
        let is_said = written.is_some() || matches!(self.scene.reply, Some(Mark::Gathering(_)));
        if !is_said && self.group().is_none() && row == "decline" {
            // In private: whatever list they are on.
            let mut own = coming_of(self);
            return match own.len() {
                0 => Err(say!("e.joined_none")),
                1 => Ok(own.swap_remove(0)),
                _ => Err(which(&own, row)),
            };
        }
        let here = self.group().filter(|_| !is_said);
        let mut coming = here.map(|group| self.world.coming_gatherings(group, self.scene.now));
        if let (Some(coming), "decline") = (&mut coming, row) {
            // Only those whose list they are on can be left.
            coming.retain(|gathering| own_line(self, gathering).is_some());
        }
        match coming.as_deref() {
            Some([_, _, ..]) => Err(which(coming.as_deref().unwrap_or_default(), row)),
            // The only one there is to come, though another was called later and is off.
            Some([one]) => Ok(one.clone()),
            Some([]) | None => self.resolve_gathering(written, example),
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

/// 永远不猜 — the gatherings that may be meant, each with the line to send.
fn which(coming: &[Gathering], row: &'static str) -> Say {
    let one = |gathering: &Gathering| {
        let (no, name, when) = (gathering.no, &gathering.name, Value::Meeting(gathering.at));
        match row {
            "decline" => say!("which_act.decline", a = no, name = name, when = when),
            _ => say!("which_act.join", a = no, name = name, when = when),
        }
    };
    say!("e.which_act", rows = Value::Lines(coming.iter().map(one).collect()))
}

/// 活动 — calls a gathering; in a bound group it belongs to the bound topic.
pub fn call(ctx: &Ctx<'_>, name: &str, (at, until): (DateTime<Utc>, Option<DateTime<Utc>>), place: &str) -> Decided {
    let (name, place) = (name.trim(), place.trim());
    let bound = ctx.bound_here();
    let (place, named) = match topic_behind(place) {
        Some(behind) => named_topic(ctx, (name, (at, until)), (place, behind), bound.as_ref())?,
        None => (place, None),
    };
    let bound = bound.or(named);
    match &bound {
        Some(topic) => ctx.require_moderator(topic)?,
        None => ctx.require_moderator_of(ctx.group())?,
    }
    if name.is_empty() || place.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    within(place, MAX_NAME)?;
    if at <= ctx.scene.now || at - ctx.scene.now > Duration::days(MAX_DAYS_AHEAD) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    let is_same =
        |one: &Gathering| one.at == at && one.off.is_none() && one.name.as_str() == name && one.place.as_str() == place;
    let coming = ctx.group().map(|group| ctx.world.coming_gatherings(group, ctx.scene.now)).unwrap_or_default();
    if let Some(same) = coming.into_iter().find(is_same) {
        return Err(say!("e.act_twice", a = same.no, title = &same.name, when = Value::Meeting(at)));
    }
    Ok(Decision::fact(Event::GatheringCalled {
        gathering: GatheringNo(ctx.world.counters().gatherings + 1),
        name: name.into(),
        at,
        place: place.into(),
        topic: bound.map(|topic| topic.no),
        until: until.filter(|until| *until > at),
        remind: Some(reminded_at(ctx.settings, at)).filter(|remind| *remind > ctx.scene.now),
    }))
}

/// 永远不猜 — a number behind the place: where it is not said to be a topic, it is asked.
fn named_topic<'p>(
    ctx: &Ctx<'_>,
    (name, (at, until)): (&str, (DateTime<Utc>, Option<DateTime<Utc>>)),
    (place, (rest, no, is_said)): (&'p str, (&'p str, TopicNo, bool)),
    bound: Option<&Topic>,
) -> Result<(&'p str, Option<Topic>), Say> {
    let Some(topic) = ctx.world.topic(no) else {
        return if is_said { Err(say!("e.no_topic", no = no)) } else { Ok((place, None)) };
    };
    if bound.is_some_and(|bound| bound.no == no) {
        return Ok((rest, None));
    }
    if is_said {
        topic.require_open()?;
        return Ok((rest, Some(topic)));
    }
    let when = match until {
        Some(until) => {
            say!("when.sitting", from = Value::Moment(at), to = until.with_timezone(&ctx.settings.tz).time())
        }
        None => say!("act.when", at = Value::Moment(at)),
    };
    Err(say!("e.act_topic", no = no, title = &topic.title, name = name, when = when, r#where = rest))
}

/// What is asked about one's own place in a gathering.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Join { gathering, note } => join(ctx, *gathering, note),
        Ask::JoinAs { gathering, name, note } => join_as(ctx, *gathering, (name, note)),
        Ask::Leave { gathering, why } => leave(ctx, *gathering, why.trim()),
        Ask::LeaveAs { gathering, name, said } => off_list::leave_as(ctx, *gathering, (name, said.trim())),
        Ask::NotThere { gathering, who } => not_there(ctx, *gathering, who.as_deref()),
        Ask::Move { gathering, to, place } => move_to(ctx, *gathering, *to, place.trim()),
        Ask::CallOff { gathering, why } => call_off(ctx, *gathering, why.trim()),
        Ask::Show { gathering } => listing::show(ctx, *gathering),
        Ask::List { page } => listing::list(ctx, *page),
    }
}

/// A gathering that can still be changed, by those who may.
fn to_come(ctx: &Ctx<'_>, written: Option<GatheringNo>) -> Result<Gathering, Say> {
    let gathering = ctx.resolve_gathering(written, EXAMPLE)?;
    ctx.require_host(&gathering)?;
    still_on(&gathering)?;
    if ctx.scene.now >= gathering.at {
        return Err(say!("e.act_begun", a = gathering.no, when = Value::Meeting(gathering.at)));
    }
    Ok(gathering)
}

/// 没有开成 — one whose hour has come, while nobody is signed in and nothing is filed, for a day.
fn not_held(ctx: &Ctx<'_>, written: Option<GatheringNo>) -> Result<Gathering, Say> {
    let gathering = ctx.resolve_gathering(written, EXAMPLE)?;
    ctx.require_host(&gathering)?;
    still_on(&gathering)?;
    let (no, n) = (gathering.no, gathering.signed);
    if ctx.scene.now < gathering.at {
        return Ok(gathering);
    }
    if n > 0 || gathering.minutes {
        return Err(say!("e.act_held", a = no, n = n));
    }
    if ctx.scene.now - gathering.at > Duration::hours(NOT_HELD_HOURS) {
        return Err(say!("e.act_begun", a = no, when = Value::Meeting(gathering.at)));
    }
    Ok(gathering)
}

/// 改期 — sign-ups stay; who can no longer come says so.
fn move_to(ctx: &Ctx<'_>, written: Option<GatheringNo>, to: Option<NewTime>, place: &str) -> Decided {
    let gathering = to_come(ctx, written)?;
    within(place, MAX_NAME)?;
    let length = gathering.until.map(|until| until - gathering.at);
    let (at, until) = match to {
        None => (gathering.at, gathering.until),
        Some(to) => {
            let shift =
                if to.is_hour { ctx.settings.date(gathering.at) - ctx.settings.date(to.at) } else { Duration::zero() };
            let at = to.at + shift;
            (at, to.until.map(|until| until + shift).or(length.map(|length| at + length)))
        }
    };
    if at <= ctx.scene.now || at - ctx.scene.now > Duration::days(MAX_DAYS_AHEAD) {
        return Err(say!("e.act_past", a = gathering.no, when = Value::Meeting(at)));
    }
    require_heard(ctx, &gathering, at)?;
    let place = if place.is_empty() { gathering.place.clone() } else { place.into() };
    if (at, until, &place) == (gathering.at, gathering.until, &gathering.place) {
        return Err(say!("e.act_same", a = gathering.no, when = Value::Meeting(at), r#where = &place));
    }
    let remind = Some(reminded_at(ctx.settings, at)).filter(|remind| *remind > ctx.scene.now);
    let (was, was_place) = (gathering.at, gathering.place);
    let until = until.filter(|until| *until > at);
    let gathering = gathering.no;
    Ok(Decision::fact(Event::Gathering(Fact::Moved { gathering, at, until, place, was, was_place, remind })))
}

/// 提前 — nobody comes at an hour they could not hear of: earlier than announced it begins only where everybody is left the time.
fn require_heard(ctx: &Ctx<'_>, gathering: &Gathering, at: DateTime<Utc>) -> Result<(), Say> {
    let groups =
        gathering.group.into_iter().chain(gathering.topic.into_iter().flat_map(|no| ctx.world.bound_groups(no)));
    let heard = heard::by(ctx.world, ctx.settings, groups, ctx.scene.now, heard::to_act());
    if at >= gathering.at || at >= heard {
        return Ok(());
    }
    let (a, was) = (gathering.no, Value::Meeting(gathering.at));
    let soonest = heard::on_a_step(heard);
    Err(match soonest < gathering.at {
        true => say!("e.act_soon", a = a, was = was, n = heard::HOURS, at = Value::Moment(soonest)),
        false => say!("e.act_soon.none", a = a, was = was, n = heard::HOURS),
    })
}

/// 取消.
fn call_off(ctx: &Ctx<'_>, written: Option<GatheringNo>, why: &str) -> Decided {
    let gathering = not_held(ctx, written)?;
    within(why, MAX_MINUTES)?;
    // “/活动 1 取消 老李” may be one name of the list, or all of it.
    if let Some(line) = off_list::named(ctx, &gathering, why) {
        return Err(say!("e.act_off_name", a = gathering.no, who = &line.name, title = &gathering.name));
    }
    Ok(Decision::fact(Event::Gathering(Fact::CalledOff { gathering: gathering.no, why: why.into() })))
}

/// Whether it takes place at all.
fn still_on(gathering: &Gathering) -> Result<(), Say> {
    match &gathering.off {
        None => Ok(()),
        Some(_) => Err(say!("e.act_off", a = gathering.no, title = &gathering.name)),
    }
}

/// 不是我 — by whoever was signed in, at any time; of somebody else by whoever signed them in, and by the host.
fn not_there(ctx: &Ctx<'_>, written: Option<GatheringNo>, who: Option<&str>) -> Decided {
    let gathering = ctx.resolve_gathering(written, "ex.signin")?;
    let no = gathering.no;
    let topic = gathering.topic.and_then(|no| ctx.world.topic(no));
    let named = who.map(|name| ctx.require_person(name, topic.as_ref())).transpose()?;
    let person = named.map_or(ctx.me(), |person| person.id);
    let there: Option<Attendance> = ctx.world.get(&attendance_key(no, person));
    let Some(there) = there else {
        return Err(match who {
            Some(name) => say!("e.not_signed_in.other", a = no, who = name),
            None => say!("e.not_signed_in", a = no),
        });
    };
    if person != ctx.me() && there.by != Some(ctx.me()) {
        ctx.require_host(&gathering)?;
    }
    Ok(Decision::fact(Event::Gathering(Fact::NotThere { gathering: no, person, by: there.by })))
}

/// 代签 — whoever writes in private for the first time could not be told before where they were signed in.
pub(super) fn letters(ctx: &Ctx<'_>, facts: &[Event]) -> Vec<Say> {
    // Whoever has just taken it back has read it.
    let is_off = |no: GatheringNo| {
        facts.iter().any(|fact| matches!(fact, Event::Gathering(Fact::NotThere { gathering, .. }) if *gathering == no))
    };
    let signed = ctx.world.signed_in_by_others(ctx.me(), DateTime::UNIX_EPOCH).into_iter();
    let signed = signed.filter(|(no, _)| !is_off(*no)).take(MOST_LETTERS);
    signed.map(|(no, by)| say!("in_name.there", a = no, who = ctx.world.name_of(by))).collect()
}

/// The speaker's own line of a list. A name out of a 接龙 is whoever bears it; one that somebody signed up themselves is theirs alone.
pub(super) fn own_line(ctx: &Ctx<'_>, gathering: &Gathering) -> Option<Joined> {
    let (me, name) = (ctx.me(), &ctx.scene.who.name);
    let is_own = |line: &Joined| {
        line.person == Some(me) || (line.person.is_none() && same_bearer(line.name.as_str(), name.as_str()))
    };
    ctx.world.sign_ups(gathering.no).into_iter().find(is_own)
}

/// 不去 — while the gathering has not begun.
fn leave(ctx: &Ctx<'_>, written: Option<GatheringNo>, why: &str) -> Decided {
    let gathering = ctx.resolve_coming(written, ("ex.decline", "decline"))?;
    still_open(ctx, &gathering)?;
    within(why, MAX_NAME)?;
    // “/不去 1 老李”, said by somebody else.
    if let Some(line) = off_list::named(ctx, &gathering, why) {
        return off_list::strike(ctx, &gathering, &line);
    }
    let line = own_line(ctx, &gathering).ok_or_else(|| say!("e.not_joined", a = gathering.no))?;
    let left = Fact::Left { gathering: gathering.no, n: line.n, why: why.into(), for_good: true };
    Ok(Decision::fact(Event::Gathering(left)))
}

/// 报名; somebody on the list already who says it with another note (“3人”) changes the note.
fn join(ctx: &Ctx<'_>, written: Option<GatheringNo>, note: &str) -> Decided {
    let gathering = ctx.resolve_coming(written, ("ex.join", "join"))?;
    still_open(ctx, &gathering)?;
    within(note, MAX_NAME)?;
    let note = note.trim();
    if let Some(line) = own_line(ctx, &gathering) {
        // “+1” once more says nothing new.
        if note.is_empty() || line.note.as_str() == note {
            return Ok(Decision::answer(ctx.world.chain(gathering.no)));
        }
        // “+3” behind “2人” may be three, or three besides.
        let (known, more) = (headcount::of(line.note.as_str()), headcount::besides(note));
        if let Some(more) = more.filter(|_| known.n > 1) {
            let (was, all) = (&line.note, known.n.saturating_add(more));
            return Err(say!("e.join_plus", a = gathering.no, bad = note, was = was, n = more, all = all));
        }
        let fact = Fact::Noted { gathering: gathering.no, n: line.n, note: note.into() };
        return Ok(Decision::fact(Event::Gathering(fact)));
    }
    let line = SignUpLine { name: ctx.scene.who.name.clone(), note: note.into(), person: Some(ctx.me()) };
    signed_up(&gathering, vec![line])
}

/// 报名 李德福 — by themselves; somebody else comes by a list.
fn join_as(ctx: &Ctx<'_>, written: Option<GatheringNo>, (name, note): (&str, &str)) -> Decided {
    if same_bearer(name, ctx.scene.who.name.as_str()) {
        return join(ctx, written, note);
    }
    let gathering = ctx.resolve_coming(written, ("ex.join", "join"))?;
    still_open(ctx, &gathering)?;
    Err(say!("e.join_other", who = name, a = gathering.no))
}

pub(super) fn still_open(ctx: &Ctx<'_>, gathering: &Gathering) -> Result<(), Say> {
    still_on(gathering)?;
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

/// The gathering one signs in at: where none is said, the one of the group that is going on or was held last.
fn held(ctx: &Ctx<'_>, written: Option<GatheringNo>) -> Result<Gathering, Say> {
    let is_said = written.is_some() || matches!(ctx.scene.reply, Some(Mark::Gathering(_)));
    let here = ctx.group().filter(|_| !is_said).and_then(|group| ctx.world.gathering_held(group, ctx.scene.now));
    here.map_or_else(|| ctx.resolve_gathering(written, "ex.signin"), Ok)
}

/// 签到 — the sender alone, or everybody the host names; who is not known yet is entered as a resident. “全体报名人员” is no name: the
/// names are given back, for who did not come to be taken out.
pub fn sign_in(ctx: &Ctx<'_>, written: Option<GatheringNo>, names: &Attendants) -> Decided {
    let gathering = held(ctx, written)?;
    still_on(&gathering)?;
    // Nobody has been at what has not begun: a list counts for the words of those on it. Before, people sign up.
    if ctx.scene.now < gathering.at {
        return Err(say!("e.sign_early", a = gathering.no, when = Value::Meeting(gathering.at)));
    }
    let topic = gathering.topic.and_then(|no| ctx.world.topic(no));
    let (mut facts, mut people) = (Vec::new(), Vec::new());
    // 签到 李德福, by 李德福 themselves.
    let is_own = |name: &String| same_bearer(name, ctx.scene.who.name.as_str());
    let names = match names {
        Attendants::Named(named) if matches!(named.as_slice(), [only] if is_own(only)) => &Attendants::Myself,
        names => names,
    };
    if *names == Attendants::Myself {
        people.push(ctx.me());
    } else {
        ctx.require_host(&gathering)?;
    }
    let names = match names {
        Attendants::Myself => &[][..],
        Attendants::Named(names) => names.as_slice(),
        Attendants::AllSignedUp => return Err(all_signed_up(ctx, &gathering)),
    };
    let mut next = ctx.world.counters().people;
    let named = apart(ctx, topic.as_ref(), names)?;
    let mut entered: Vec<&str> = Vec::new();
    for name in named.iter().map(String::as_str) {
        let (flat, bare) = flat_before(name);
        let called = format!("{bare}{flat}");
        match ctx.world.find_person(&called, topic.as_ref())? {
            Some(person) => people.push(person.id),
            // Of a name with a flat it is known who is meant: nobody else is made up for them.
            None if called.chars().any(|c| c.is_ascii_digit()) => {
                return Err(say!("e.signin_flat", bad = name));
            }
            None if entered.contains(&name) => {}
            None => {
                entered.push(name);
                next += 1;
                facts.push(newcomer(PersonId(next), name, Side::Resident, "")?);
                people.push(PersonId(next));
            }
        }
    }
    people.retain(|person| !ctx.world.has(&attendance_key(gathering.no, *person)));
    // Who says that they were not there is signed in again by nobody but themselves.
    let denied = people.iter().find(|person| **person != ctx.me() && ctx.world.was_not_there(gathering.no, **person));
    if let Some(person) = denied {
        return Err(say!("e.signin_denied", a = gathering.no, who = ctx.world.name_of(*person)));
    }
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(Decision::answer(say!("act.sign", a = gathering.no, n = gathering.signed)));
    }
    facts.push(Event::Attended { gathering: gathering.no, people });
    Ok(Decision::facts(facts))
}

/// “Anna Bob” are two where either is known and nobody is called both; where neither is, it is asked.
fn apart(ctx: &Ctx<'_>, topic: Option<&Topic>, names: &[String]) -> Result<Vec<String>, Say> {
    let mut found = Vec::new();
    for name in names {
        let words: Vec<String> = name.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.len() < 2 || ctx.world.find_person(name, topic)?.is_some() {
            found.push(name.clone());
            continue;
        }
        let parted = ctx.world.whole_names(&words);
        let mut is_known = false;
        for name in &parted {
            is_known |= ctx.world.find_person(name, topic)?.is_some();
        }
        if !is_known {
            return Err(say!("e.signin_apart", bad = name.as_str(), list = words.join(", ")));
        }
        found.extend(parted);
    }
    Ok(found)
}

/// The list of those who signed up, as a line to send.
fn all_signed_up(ctx: &Ctx<'_>, gathering: &Gathering) -> Say {
    let names: Vec<Value> = ctx.world.sign_ups(gathering.no).iter().map(|line| (&line.name).into()).collect();
    if names.is_empty() {
        return say!("e.signin_nobody", a = gathering.no);
    }
    say!("e.signin_all", a = gathering.no, n = names.len(), names = Value::List(names))
}

/// 纪要.
pub fn minutes(ctx: &Ctx<'_>, written: Option<GatheringNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.minutes";
    let gathering = ctx.resolve_gathering(written, EXAMPLE)?;
    ctx.require_host(&gathering)?;
    still_on(&gathering)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_MINUTES)?;
    // Nobody has said anything where nobody has met yet.
    if ctx.scene.now < gathering.at {
        return Err(say!("e.minutes_early", a = gathering.no, when = Value::Meeting(gathering.at)));
    }
    let again = gathering.minutes;
    Ok(Decision::fact(Event::MinutesFiled { gathering: gathering.no, text: text.into(), again }))
}
