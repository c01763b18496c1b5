//! 交办件 — what a unit is to do after it was agreed: assigned, signed for, reported on, answered, rated; red and yellow lights on
//! the way. The day it is assigned does not count, and it is due by 24:00 of its last day.

use super::command::{Mark, Term};
use super::event::Event;
use super::ids::{PersonId, TaskNo, TopicNo};
use super::person::Role;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision, Settings};
use super::suggestion::MAX_REASON;
use super::topic::{Step, Topic, need_no, within};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Days left at which the yellow light comes on.
pub const YELLOW_DAYS: i64 = 3;
/// Days a unit has to do again what was not satisfactory.
const REWORK_DAYS: u32 = 7;
/// How often a task may be put off.
const MAX_DELAYS: u32 = 2;
/// Refusals at which the coordinators are told.
pub const MAX_REWORKS: u32 = 2;
/// Longest term of a task, in days.
const MAX_DAYS: u32 = 731;
/// Longest matter, answer and unit, in characters.
pub(super) const MAX_TEXT: usize = 500;
pub(super) const MAX_UNIT: usize = 40;
/// Tasks of one topic.
const MAX_TASKS: usize = 200;

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待签收.
    Assigned,
    /// 办理中.
    Acked,
    /// 已答复, 待评价.
    Answered,
    /// 已评价, 办结.
    Done,
    /// 已退办, waits to be assigned anew.
    Returned,
}

/// 答复类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// 已解决.
    A,
    /// 正在解决.
    B,
    /// 列入计划.
    C,
    /// 留作参考.
    D,
}

impl Class {
    /// All.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Key of the term of its letter; `.name` says what it means.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::A => "class.a",
            Self::B => "class.b",
            Self::C => "class.c",
            Self::D => "class.d",
        }
    }
}

/// 评价. The order is from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 满意.
    Good,
    /// 基本满意.
    Fair,
    /// 不满意.
    Bad,
}

impl Grade {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Good, Self::Fair, Self::Bad];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Good => "grade.good",
            Self::Fair => "grade.fair",
            Self::Bad => "grade.bad",
        }
    }
}

/// 红黄灯.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 黄灯.
    Yellow,
    /// 红灯.
    Red,
}

/// 办件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub no: TaskNo,
    /// Topic.
    pub topic: TopicNo,
    /// 承办单位.
    pub unit: Words,
    /// 承办人.
    pub handler: PersonId,
    /// 事项.
    pub what: Words,
    /// 期限日.
    pub due: NaiveDate,
    /// When it was assigned, to the one who has it now; the days its topic rested since (暂缓) are added.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub assigned: DateTime<Utc>,
    /// When its unit was last reminded (催办).
    pub urged: Option<DateTime<Utc>>,
    /// 强制办结 — closed by a coordinator.
    pub forced: bool,
    /// What the coordinator said then.
    pub explained: Words,
    /// Where it stands.
    pub state: State,
    /// 重办 — how often it was refused.
    pub reworks: u32,
    /// 延期.
    pub delays: u32,
    /// Who refused it last.
    pub unhappy: Option<PersonId>,
    /// 答复类别, the latest.
    pub class: Option<Class>,
    /// 答复, the latest.
    pub answer: Words,
    /// 评价, the latest.
    pub grade: Option<Grade>,
    /// When its light is looked at next.
    pub lamp: Option<DateTime<Utc>>,
    /// The light that is on.
    pub light: Option<Light>,
}

impl Entity for Task {
    fn key(&self) -> Key {
        Key::new(kind::TASK).num(self.no.0)
    }
}

impl Task {
    /// Whether the unit still owes an answer.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        matches!(self.state, State::Assigned | State::Acked)
    }

    /// Days left on a date; negative when it is overdue.
    #[must_use]
    pub fn left(&self, date: NaiveDate) -> i64 {
        (self.due - date).num_days()
    }
}

impl World<'_> {
    /// A task.
    #[must_use]
    pub fn task(&self, no: TaskNo) -> Option<Task> {
        self.get(&Key::new(kind::TASK).num(no.0))
    }

    /// The tasks of a topic, by number.
    #[must_use]
    pub fn tasks(&self, topic: TopicNo) -> Vec<Task> {
        let numbers: Vec<TaskNo> = self.list(&Key::new(kind::TASK_BY_TOPIC).num(topic.0), MAX_TASKS);
        numbers.into_iter().filter_map(|no| self.task(no)).collect()
    }

    /// {rater} — who refused it last, else who asked for the topic.
    #[must_use]
    pub fn rater(&self, task: &Task) -> PersonId {
        let proposer = || self.topic(task.topic).map_or(PersonId(0), |topic| topic.proposer);
        task.unhappy.unwrap_or_else(proposer)
    }
}

/// When the light of a task is looked at next: at 9:00 of a day, from three days before it is due.
#[must_use]
pub fn lamp_after(settings: &Settings, due: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let first = due.checked_sub_days(Days::new(YELLOW_DAYS.unsigned_abs())).unwrap_or(due);
    let mut date = first.max(settings.date(now));
    while settings.moment(date, nine) <= now {
        let Some(next) = date.succ_opt() else { break };
        date = next;
    }
    settings.moment(date, nine)
}

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
        let topic = self.world.topic(task.topic).ok_or_else(|| say!("e.no_topic", no = task.topic))?;
        topic.require_step(&[Step::Tracking])?;
        Ok((topic, task))
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
        let role = Value::Term(Role::Handler.term().to_owned());
        Err(say!("e.role.task", t = task.no, role = role, who = self.world.name_of(task.handler)))
    }

    pub(super) fn require_coordinator(&self, topic: &Topic) -> Result<(), Say> {
        if self.coordinates(&topic.town) { Ok(()) } else { Err(self.ask(Role::Coordinator, &topic.town)) }
    }
}

/// What is answered where a task does not stand at the right point.
pub(super) fn wrong_state(task: &Task) -> Say {
    let state = match task.state {
        State::Assigned => "task.assigned",
        State::Acked => "task.acked",
        State::Answered => "task.answered",
        State::Done => "task.closed",
        State::Returned => "task.returned",
    };
    say!("e.task_state", t = task.no, state = Value::Term(state.to_owned()))
}

/// 时限 — the days it is, and its last day: today does not count.
pub(super) fn days_of(ctx: &Ctx<'_>, term: Term) -> Result<(u32, NaiveDate), Say> {
    let today = ctx.settings.date(ctx.scene.now);
    let days = match term {
        Term::Days(days) => days,
        Term::Until(date) => u32::try_from((date - today).num_days()).unwrap_or(0),
    };
    if days == 0 || days > MAX_DAYS {
        return Err(say!("e.past", ex = example_of("ex.assign")));
    }
    Ok((days, ctx.settings.last_day(today, days)))
}

/// 交办.
pub fn assign(ctx: &Ctx<'_>, written: Option<TopicNo>, to: (&str, &str), term: Term, what: &str) -> Decided {
    const EXAMPLE: &str = "ex.assign";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    topic.require_step(&[Step::Tracking])?;
    let (unit, name) = to;
    let what = what.trim();
    if what.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(unit, MAX_UNIT)?;
    within(what, MAX_TEXT)?;
    let handler = ctx.require_person(name, Some(&topic))?;
    let (days, due) = days_of(ctx, term)?;
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
    let is_talk = is_talk && ctx.scene.way != super::event::Way::Press;
    if is_talk && written.and_then(|no| ctx.world.task(no)).is_none_or(|task| task.handler != ctx.me()) {
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

/// 延期.
pub fn delay(ctx: &Ctx<'_>, written: Option<TaskNo>, days: u32, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.delay";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_handler(&topic, &task)?;
    if !task.is_owed() {
        return Err(wrong_state(&task));
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    if task.delays >= MAX_DELAYS {
        return Err(say!("e.delays", t = task.no, n = MAX_DELAYS));
    }
    if days == 0 || days > MAX_DAYS {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    let due = ctx.settings.last_day(task.due, days);
    if due < ctx.settings.date(ctx.scene.now) {
        return Err(say!("e.delay_past", t = task.no, due = due));
    }
    let lamp = lamp_after(ctx.settings, due, ctx.scene.now);
    Ok(Decision::fact(Event::TaskDelayed { task: task.no, days, due, reason: reason.into(), lamp }))
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

/// 评价 — by who asked for the topic, who refused the task last, or an owner on the roll. The first for an answer counts.
pub fn rate(ctx: &Ctx<'_>, written: Option<TaskNo>, grade: Grade, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.rate";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    let me = ctx.me();
    let may = ctx.world.proposers(&topic).contains(&me)
        || task.unhappy == Some(me)
        || ctx.world.voter_of(topic.no, &ctx.scene.who).is_some();
    if !may {
        let role = Value::Term("role.rater".to_owned());
        return Err(say!("e.role.task", t = task.no, role = role, who = ctx.world.name_of(ctx.world.rater(&task))));
    }
    if task.state != State::Answered {
        return Err(wrong_state(&task));
    }
    if task.handler == me && ctx.world.rater(&task) != me {
        return Err(say!("e.rate_own", t = task.no, who = ctx.world.name_of(ctx.world.rater(&task))));
    }
    let reason = reason.trim();
    if grade == Grade::Bad && reason.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    let again = (grade == Grade::Bad).then(|| {
        let due = ctx.settings.last_day(ctx.settings.date(ctx.scene.now), REWORK_DAYS);
        (due, lamp_after(ctx.settings, due, ctx.scene.now))
    });
    Ok(Decision::fact(Event::TaskRated { task: task.no, grade, reason: reason.into(), again }))
}
