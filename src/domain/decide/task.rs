//! 交办件 — assigning, signing for, reporting, answering, putting off, urging, rating; lights.

use crate::domain::decide::one::Takes;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{TaskNo, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said;
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::within;
use crate::domain::people::person::{Person, Role};
use crate::domain::process::conflict::Part;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Topic, need_no};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::work::task::{Class, Grade, MAX_TASKS, State, Task, Unsure, lamp_after};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};

/// Days a unit has to do again what was not satisfactory.
const REWORK_DAYS: u32 = 7;

/// Most tasks that are shown for one to be chosen.
const MAX_SHOWN: usize = 5;

/// How often a task may be put off.
const MAX_DELAYS: u32 = 2;

/// Longest term of a task, in days.
const MAX_DAYS: u32 = 731;

/// Most days somebody puts off at once what they are to do themselves; for more they ask a coordinator.
const HANDLER_DAYS: u32 = 30;

/// Longest matter, answer and unit, in characters.
pub(super) const MAX_TEXT: usize = 500;

pub(super) const MAX_UNIT: usize = 40;

/// The fact that a light is on today.
#[must_use]
pub fn lit(settings: &Settings, task: &Task, now: DateTime<Utc>) -> Event {
    Event::TaskLit { task: task.no, date: settings.date(now), lamp: lamp_after(settings, task.due, now) }
}

impl Ctx<'_> {
    /// The task a command is about: written, replied to, or the only one of the topic that is under way.
    pub(super) fn resolve_task(&self, written: Option<TaskNo>, example: &str) -> Result<(Topic, Task), Say> {
        let replied = match self.scene.reply {
            Some(Mark::Task(no)) => Some(no),
            _ => None,
        };
        let no = match written.or(replied) {
            Some(no) => no,
            None => self.only_task(example)?,
        };
        let task = self.world.task(no).ok_or_else(|| say!("e.no_task", t = no))?;
        let topic = self.require_topic(task.topic)?;
        topic.require_step(&[Step::Tracking])?;
        Ok((topic, task))
    }

    /// The task that is put off, by whoever may. Where it is none of theirs and the number is that of an open vote they moderate, the vote is
    /// meant: that is 延长.
    fn resolve_delayed(&self, written: Option<TaskNo>, example: &str) -> Result<(Topic, Task), Say> {
        let found = self.resolve_task(written, example);
        let refusal = match found {
            Ok((topic, task)) => match self.require_handler(&topic, &task) {
                Ok(()) => return Ok((topic, task)),
                Err(refusal) => refusal,
            },
            Err(refusal) => refusal,
        };
        let topic = match written {
            Some(no) => self.world.topic(TopicNo(no.0)),
            None => self.resolve_topic(None, example).ok(),
        };
        let open = topic.filter(|topic| topic.poll.is_some() && self.require_moderator(topic).is_ok());
        Err(open.map_or(refusal, |topic| say!("e.delay_vote", no = topic.no)))
    }

    fn only_task(&self, example: &str) -> Result<TaskNo, Say> {
        let topic = self.resolve_topic(None, example)?;
        let mut tasks = self.world.tasks(topic.no);
        tasks.retain(|task| task.state != State::Done);
        match tasks.as_slice() {
            [only] => Ok(only.no),
            [] => Err(say!("e.empty", ex = example_of(example))),
            several => {
                let rows = several.iter().take(5).map(|task| say!("need.task", t = task.no, what = &task.what).into());
                Err(need_no(self.group().is_some(), "what.task", rows.collect(), example))
            }
        }
    }

    /// Lets the one in charge pass, and coordinators for them.
    pub(super) fn require_handler(&self, topic: &Topic, task: &Task) -> Result<(), Say> {
        if task.handler == self.me() || self.coordinates(&topic.town) {
            return Ok(());
        }
        if task.state == State::Returned {
            let names = self.world.coordinators_of(&topic.town).into_iter().take(3);
            let names = Value::List(names.map(|one| (&one.name).into()).collect());
            return Err(say!("e.task_vacant", t = task.no, who = names));
        }
        let role = Value::Term(Role::Handler.term().to_owned());
        Err(say!("e.role.task", t = task.no, role = role, who = self.world.name_of(task.handler)))
    }

    pub(super) fn require_coordinator(&self, topic: &Topic) -> Result<(), Say> {
        if self.coordinates(&topic.town) { Ok(()) } else { Err(self.ask(Role::Coordinator, &topic.town)) }
    }
}

/// What is answered where a task does not stand at the right point.
pub(super) fn wrong_state(task: &Task) -> Say {
    say!("e.task_state", t = task.no, state = Value::Term(state_of(task).to_owned()))
}

/// How far a task is, in words.
pub(super) fn state_of(task: &Task) -> &'static str {
    match task.state {
        State::Assigned => "task.assigned",
        State::Acked => "task.acked",
        State::Answered => "task.answered",
        State::Done if task.forced => "task.explained",
        State::Done => "task.closed",
        State::Returned => "task.returned",
    }
}

/// 时限 — the days it is, and its last day: today does not count.
pub(super) fn days_of(ctx: &Ctx<'_>, term: Term) -> Result<(u32, NaiveDate), Say> {
    let today = ctx.settings.date(ctx.scene.now);
    let days = match term {
        Term::Days(days) => days,
        Term::Months(..) | Term::Until(_) => u32::try_from((term.last_day(today) - today).num_days()).unwrap_or(0),
    };
    if days == 0 || days > MAX_DAYS {
        return Err(say!("e.task_days", max = MAX_DAYS));
    }
    Ok((days, ctx.settings.last_day(today, days)))
}

/// Whether a task of this unit can be this person's: whoever is known to be of another is named by mistake.
pub(super) fn is_of(unit: &str, handler: &Person) -> bool {
    let own = handler.unit.as_str();
    own.is_empty() || own.contains(unit.trim()) || unit.contains(own)
}

/// 交办.
pub fn assign(ctx: &Ctx<'_>, written: Option<TopicNo>, to: (&str, &str), term: Term, what: &str) -> Decided {
    const EXAMPLE: &str = "ex.assign";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    topic.require_step(&[Step::Tracking])?;
    let unit = to.0;
    let what = what.trim();
    if what.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(unit, MAX_UNIT)?;
    within(what, MAX_TEXT)?;
    let handler = ctx.require_handler_named(to, Some(&topic))?;
    ctx.require_fit(&handler, &topic, Part::Handler, None)?;
    let (days, due) = days_of(ctx, term)?;
    if !is_of(unit, &handler) {
        let (no, own) = (topic.no, &handler.unit);
        return Err(say!("e.assign_unit", no = no, unit = own, who = &handler.name, days = days, what = what));
    }
    // One that was given back still waits for somebody, and its topic with it: it is not forgotten over another.
    if let Some(back) = ctx.world.tasks(topic.no).into_iter().find(|task| task.state == State::Returned) {
        let (t, matter, who) = (back.no, &back.what, &handler.name);
        if what == matter.as_str() {
            return Err(say!(
                "e.assign_back",
                t = t,
                matter = matter,
                unit = unit,
                who = who,
                days = days,
                what = what
            ));
        }
        let no = topic.no;
        return Err(say!(
            "e.assign_back.other",
            t = t,
            matter = matter,
            no = no,
            unit = unit,
            who = who,
            days = days,
            what = what,
        ));
    }
    let is_same = |task: &Task| task.is_owed() && task.handler == handler.id && task.what.as_str() == what;
    if let Some(same) = ctx.world.tasks(topic.no).into_iter().find(is_same) {
        let (no, who) = (topic.no, &handler.name);
        return Err(say!("e.assign_twice", t = same.no, no = no, who = who, unit = unit, days = days, what = what));
    }
    if ctx.world.tasks(topic.no).len() >= MAX_TASKS {
        return Err(say!("e.too_far", max = MAX_TASKS));
    }
    Ok(Decision::fact(Event::TaskAssigned {
        task: TaskNo(ctx.world.counters().tasks + 1),
        topic: topic.no,
        unit: unit.into(),
        handler: handler.id,
        what: what.into(),
        days,
        due,
        lamp: lamp_after(ctx.settings, due, ctx.scene.now),
    }))
}

/// 签收 — by the one in charge. “收到” in reply to the card is ordinary talk from anybody else.
pub fn ack(ctx: &Ctx<'_>, written: Option<TaskNo>, is_talk: bool) -> Decided {
    let is_talk = is_talk && ctx.scene.way != said::Way::Press;
    let is_mine = match written {
        Some(no) => ctx.world.task(no).is_some_and(|task| task.handler == ctx.me()),
        None => ctx
            .world
            .live_topics()
            .iter()
            .flat_map(|topic| ctx.world.tasks(topic.no))
            .any(|task| task.handler == ctx.me()),
    };
    if is_talk && !is_mine {
        return Ok(Decision::silent());
    }
    let (topic, task) = ctx.resolve_task(written, "ex.ack")?;
    ctx.require_handler(&topic, &task)?;
    if task.state != State::Assigned {
        return Err(wrong_state(&task));
    }
    Ok(Decision::fact(Event::TaskAcked { task: task.no }))
}

/// 办理 — how far it is (`class` = `None`), or the answer. Who had not signed for it has now.
pub fn progress(ctx: &Ctx<'_>, written: Option<TaskNo>, class: Option<Class>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.progress";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_handler(&topic, &task)?;
    if !task.is_owed() {
        return Err(wrong_state(&task));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    ctx.require_one(Takes::Task, &task.no.to_string(), text)?;
    within(text, MAX_TEXT)?;
    let mut facts = Vec::new();
    if task.state == State::Assigned {
        facts.push(Event::TaskAcked { task: task.no });
    }
    facts.push(match class {
        None => Event::TaskReported { task: task.no, text: text.into() },
        Some(class) => Event::TaskAnswered { task: task.no, class, text: text.into() },
    });
    Ok(Decision::facts(facts))
}

/// 延期 — by how many days, and until when: so many are counted from the day it was due, and a day that is written is that day.
/// `None` where it is no later than the day it is due.
pub(super) fn put_off(ctx: &Ctx<'_>, before: NaiveDate, term: Term) -> Option<(u32, NaiveDate)> {
    match term {
        Term::Days(days) => Some((days, ctx.settings.last_day(before, days))),
        Term::Months(..) => {
            let days = u32::try_from((term.last_day(before) - before).num_days()).unwrap_or(0);
            Some((days, ctx.settings.last_day(before, days)))
        }
        Term::Until(due) => {
            let days = u32::try_from((due - before).num_days()).ok().filter(|days| *days > 0)?;
            Some((days, due))
        }
    }
}

/// 延期.
pub fn delay(ctx: &Ctx<'_>, written: Option<TaskNo>, term: Term, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.delay";
    let (topic, task) = ctx.resolve_delayed(written, EXAMPLE)?;
    if !task.is_owed() {
        return Err(wrong_state(&task));
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    if task.delays >= MAX_DELAYS && ctx.coordinates(&topic.town) {
        return Err(say!("e.delays.coordinator", t = task.no, n = MAX_DELAYS));
    }
    if task.delays >= MAX_DELAYS {
        let is_office = ctx.coordinates(&topic.town);
        return Err(match is_office {
            true => say!("e.delays.office", t = task.no, n = MAX_DELAYS),
            false => say!("e.delays", t = task.no, n = MAX_DELAYS),
        });
    }
    let Some((days, due)) = put_off(ctx, task.due, term) else {
        return Err(say!("e.delay_sooner", t = task.no, due = task.due));
    };
    if days == 0 || days > MAX_DAYS {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    if due < ctx.settings.date(ctx.scene.now) {
        return Err(say!("e.delay_past", t = task.no, due = due));
    }
    if days > HANDLER_DAYS && !ctx.coordinates(&topic.town) {
        let who = ctx.world.coordinators_of(&topic.town).into_iter().take(3).map(|one| (&one.name).into());
        let who = Value::List(who.collect());
        return Err(say!("e.delay_long", t = task.no, n = days, max = HANDLER_DAYS, who = who, why = reason));
    }
    let lamp = lamp_after(ctx.settings, due, ctx.scene.now);
    Ok(Decision::fact(Event::TaskDelayed { task: task.no, days, due, reason: reason.into(), lamp }))
}

/// 延期, and nobody can tell until when: asked with what may be meant, counted from the day it is due, never a day before.
pub fn delay_unsure(ctx: &Ctx<'_>, written: Option<TaskNo>, unsure: &Unsure) -> Decided {
    let (_, task) = ctx.resolve_delayed(written, "ex.delay")?;
    if !task.is_owed() {
        return Err(wrong_state(&task));
    }
    let today = ctx.settings.date(ctx.scene.now);
    let fits = |term: Term| term.last_day(task.due) > task.due && term.last_day(task.due) >= today;
    let lines: Vec<Say> = unsure.lines.iter().filter(|(term, _)| fits(*term)).map(|(_, line)| line.clone()).collect();
    let (bad, due) = (Value::Quote(unsure.bad.clone()), task.due);
    if lines.is_empty() {
        return Err(say!("e.delay_when.none", bad = bad, t = task.no, due = due));
    }
    let why = unsure.reason.clone();
    Err(say!("e.delay_when", bad = bad, t = task.no, due = due, lines = Value::Lines(lines), why = why))
}

/// 催办 — once a day.
pub fn urge(ctx: &Ctx<'_>, written: Option<TaskNo>) -> Decided {
    let (topic, task) = ctx.resolve_task(written, "ex.urge")?;
    ctx.require_coordinator(&topic)?;
    if !task.is_owed() {
        return Err(wrong_state(&task));
    }
    let today = ctx.settings.date(ctx.scene.now);
    if task.urged.is_some_and(|at| ctx.settings.date(at) == today) {
        return Err(say!("e.urged", t = task.no));
    }
    Ok(Decision::fact(Event::TaskUrged { task: task.no }))
}

/// 没看懂 — words in reply to the card of a task: whoever it asks something hears which lines say it; what anybody else says there is talk.
pub fn asked_back(ctx: &Ctx<'_>, no: TaskNo, said: &str, is_talk: bool) -> Decided {
    if !is_talk {
        // “/评价 办1 一般”: whoever could rate it is asked which of the three that is; anybody else hears why they cannot.
        rate(ctx, Some(no), Grade::Good, "")?;
        return Err(say!("e.rate_words", bad = Value::Quote(said.to_owned()), t = no, why = say!("rate.why")));
    }
    let Ok((topic, task)) = ctx.resolve_task(Some(no), "ex.rate") else { return Ok(Decision::silent()) };
    let me = ctx.me();
    let is_rater = || ctx.world.raters(&task).contains(&me) || ctx.world.proposers(&topic).contains(&me);
    let bad = Value::Quote(said.to_owned());
    match task.state {
        State::Answered if is_rater() => {
            let why = said.split_once(['，', ',', '。', '！', '!']).map_or("", |(_, why)| why.trim());
            let why = if why.is_empty() { say!("rate.why") } else { say!("plain", text = why) };
            Err(say!("e.rate_words", bad = bad, t = no, why = why))
        }
        State::Assigned if task.handler == me => Err(say!("e.ack_words", bad = bad, t = no)),
        State::Assigned | State::Acked | State::Answered | State::Done | State::Returned => Ok(Decision::silent()),
    }
}

/// 哪里不满意 — words in reply to that question, of whoever was to rate it; in a group, where anybody reads it, what others say there is talk,
/// and an owner who is not asked first has the line to send.
pub fn answered_why(ctx: &Ctx<'_>, no: TaskNo, said: &str) -> Decided {
    let Ok((topic, task)) = ctx.resolve_task(Some(no), "ex.rate") else { return Ok(Decision::silent()) };
    let me = ctx.me();
    let is_rater = ctx.world.raters(&task).contains(&me) || ctx.world.proposers(&topic).contains(&me);
    let rated = rate(ctx, Some(no), Grade::Bad, said);
    match (is_rater || ctx.group().is_none(), &rated) {
        (true, _) => rated,
        (false, Ok(_)) => {
            let why = say!("plain", text = said);
            Err(say!("e.rate_words", bad = Value::Quote(said.to_owned()), t = no, why = why))
        }
        (false, Err(_)) => Ok(Decision::silent()),
    }
}

/// 评价哪一件 — the tasks that wait for the speaker's word, each with its line.
fn which_to_rate(ctx: &Ctx<'_>, written: Option<TaskNo>, refusal: Say) -> Say {
    if written.is_some() {
        return refusal;
    }
    let topics = ctx.world.live_topics().into_iter().filter(|topic| topic.step == Step::Tracking);
    let answered = topics.flat_map(|topic| ctx.world.tasks(topic.no)).filter(|task| task.state == State::Answered);
    let mine = answered.filter(|task| ctx.world.raters(task).contains(&ctx.me()));
    let rows: Vec<Say> = mine.take(MAX_SHOWN).map(|task| say!("rate.row", t = task.no, what = &task.what)).collect();
    if rows.is_empty() { refusal } else { say!("e.rate_which", rows = Value::Lines(rows)) }
}

/// 已评价 — by whom, where that was somebody else.
fn rated_already(ctx: &Ctx<'_>, task: &Task) -> Say {
    let by = task.rated_by.filter(|by| task.state == State::Done && *by != ctx.me());
    match (by, task.grade) {
        (Some(by), Some(grade)) if !task.forced => {
            let op = Value::Term(grade.term().to_owned());
            say!("e.rate_done", t = task.no, who = ctx.world.name_of(by), op = op)
        }
        (_, _) => wrong_state(task),
    }
}

/// 评价 — by who asked for the topic, who refused the task last, or an owner on the roll. The first for an answer counts.
pub fn rate(ctx: &Ctx<'_>, written: Option<TaskNo>, grade: Grade, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.rate";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE).map_err(|refusal| which_to_rate(ctx, written, refusal))?;
    let me = ctx.me();
    let is_owner = ctx.world.voter_of(topic.no, &ctx.scene.who).is_some();
    let is_rater = ctx.world.raters(&task).contains(&me) || ctx.world.proposers(&topic).contains(&me);
    if is_owner || is_rater {
        ctx.require_fit(&ctx.scene.who, &topic, Part::Rater, Some(&task))?;
    }
    if !is_rater && (!is_owner || !ctx.world.owners_rate(&task, &topic)) {
        let role = Value::Term("role.rater".to_owned());
        return Err(match ctx.world.rater(&task) {
            Some(rater) => say!("e.role.task", t = task.no, role = role, who = ctx.world.name_of(rater)),
            None => say!("e.role.any", role = role),
        });
    }
    if task.state != State::Answered {
        return Err(rated_already(ctx, &task));
    }
    // A refusal closes nothing, and may be said at once.
    let first = ctx.world.asked_first(ctx.settings, &task, ctx.settings.date(ctx.scene.now));
    if let Some((rater, from)) = first.filter(|_| !is_rater && grade != Grade::Bad) {
        return Err(say!("e.rate_first", t = task.no, who = ctx.world.name_of(rater), from = from));
    }
    let reason = reason.trim();
    if grade == Grade::Bad && reason.is_empty() {
        return Err(say!("e.rate_why", t = task.no, who = &ctx.scene.who.name));
    }
    within(reason, MAX_REASON)?;
    let again = (grade == Grade::Bad).then(|| {
        let due = ctx.settings.last_day(ctx.settings.date(ctx.scene.now), REWORK_DAYS);
        (due, lamp_after(ctx.settings, due, ctx.scene.now))
    });
    Ok(Decision::fact(Event::TaskRated { task: task.no, grade, reason: reason.into(), again }))
}
