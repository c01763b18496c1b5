//! What stands in a digest, before it has words. Serialised for the templates in `commands/digest`; moments and dates are tagged
//! (`$at`, `$day`) so that no text of a person can pass for one.

use crate::domain::kernel::ids::{BriefNo, GatheringNo, SuggestionRef, TaskNo, TopicNo};
use crate::domain::people::group::GroupKind;
use crate::domain::people::person::Side;
use crate::domain::process::form::Step;
use crate::figures::report::Summary;
use crate::figures::sums::Figures;
use crate::figures::weekly::Weekly;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, Serializer};

/// Rows of one list in a digest; of the rest only the number is told.
pub const MAX_ROWS: usize = 100;

/// Writes a moment with its tag.
///
/// # Errors
/// The serialiser's.
pub fn tag_moment<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("$at", at.timestamp_millis())])
}

/// Writes a local date with its tag.
///
/// # Errors
/// The serialiser's.
pub fn tag_day<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("$day", date)])
}

/// 日报.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "paper", rename_all = "snake_case")]
pub enum Paper {
    /// 委员群、镇街群、界别群、居民群.
    Matrix(Box<Matrix>),
    /// 讨论组群.
    Discussion(Box<Discussion>),
    /// 周报.
    Weekly(Box<Weekly>),
    /// 统计, 汇报, 月报.
    Summary(Box<Summary>),
}

/// A list, cut after [`MAX_ROWS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows<T> {
    /// How many there are.
    pub n: usize,
    /// The first of them.
    pub rows: Vec<T>,
    /// How many are not shown.
    pub rest: usize,
}

/// Rows of one section of a group's paper: a year's topics would otherwise make three to five messages of every evening, in which
/// nobody finds what is new.
pub const SHOWN: usize = 5;

/// The same of what waits for somebody.
pub const SHOWN_WAITING: usize = 8;

impl<T> Rows<T> {
    /// The first so many.
    #[must_use]
    pub fn first(mut rows: Vec<T>, most: usize) -> Self {
        let n = rows.len();
        rows.truncate(most);
        Self { n, rest: n - rows.len(), rows }
    }

    /// So many: what is new before the rest, and shown in the order it came in.
    #[must_use]
    pub fn new_first(rows: Vec<(bool, T)>, most: usize) -> Self {
        let n = rows.len();
        let mut old_left = most.saturating_sub(rows.iter().filter(|(is_new, _)| *is_new).count());
        let mut kept = Vec::new();
        for (is_new, row) in rows {
            if is_new {
                kept.push(row);
            } else if old_left > 0 {
                old_left -= 1;
                kept.push(row);
            }
        }
        kept.truncate(most);
        Self { n, rest: n - kept.len(), rows: kept }
    }

    /// The same rows, told in full: what is not shown need not be worked out.
    pub fn told<U>(self, tell: impl FnMut(T) -> U) -> Rows<U> {
        let Self { n, rows, rest } = self;
        Rows { n, rest, rows: rows.into_iter().map(tell).collect() }
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(mut rows: Vec<T>) -> Self {
        let n = rows.len();
        rows.truncate(MAX_ROWS);
        Self { n, rest: n - rows.len(), rows }
    }
}

/// The digest of a members', town, sector or residents' group (digest.md §2.2). One field a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// Local date.
    #[serde(serialize_with = "tag_day")]
    pub date: NaiveDate,
    /// Window, from.
    #[serde(serialize_with = "tag_moment")]
    pub from: DateTime<Utc>,
    /// Window, to.
    #[serde(serialize_with = "tag_moment")]
    pub to: DateTime<Utc>,
    /// Kind of group.
    pub kind: GroupKind,
    /// Town; empty if none.
    pub town: String,
    /// Sector; empty if none.
    pub sector: String,
    /// 等您出手.
    pub waiting: Waiting,
    /// 今日新事.
    pub fresh: Rows<Fresh>,
    /// 今日办结.
    pub closed: Rows<Closed>,
    /// 今日公示 — residents' groups only: plans posted, and what became of what was.
    pub notices: Rows<NoticeNews>,
    /// 今日表决 — what came of votes; in residents' groups also those that opened.
    pub votes: Rows<VoteNews>,
    /// 活动 — what was called, moved, called off or held.
    pub gatherings: Rows<GatheringNews>,
    /// 正在商量.
    pub talking: Rows<Talking>,
    /// 正在办理.
    pub tracking: Rows<Tracking>,
    /// 今日接待 — town groups only: the stations where somebody receives that day.
    pub receiving: Rows<String>,
    /// 社情民意 — members' groups only, when some came in.
    pub briefs: Option<Briefs>,
    /// 成果采用 — members' groups only.
    pub adopted: Rows<Adopted>,
    /// 今日数; residents' groups have none.
    pub figures: Option<Figures>,
}

impl Matrix {
    /// Whether it has nothing to tell: no section, and nothing but zeros.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        let Waiting { orders, slips, red, yellow, returned, polls, objections } = &self.waiting;
        let waiting = orders.n + red.n + yellow.n + returned.n + polls.n + objections.n;
        let talk = self.fresh.n + self.closed.n + self.notices.n + self.votes.n + self.gatherings.n + self.talking.n;
        let rows = waiting + talk + self.tracking.n + self.adopted.n;
        let has_sums = self.figures.is_some_and(|sums| sums != Figures::default());
        rows == 0 && slips.is_none() && self.briefs.is_none() && !has_sums
    }
}

/// 等您出手.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// 待买单.
    pub orders: Rows<Order>,
    /// 待受理 — what came in and nobody has settled; none where there is nothing.
    pub slips: Option<Slips>,
    /// 红灯 — tasks past their day.
    pub red: Rows<Duty>,
    /// 黄灯 — tasks due within three days.
    pub yellow: Rows<Duty>,
    /// 已退办 — tasks that wait to be assigned anew.
    pub returned: Rows<Duty>,
    /// Formal votes that close within 24 hours.
    pub polls: Rows<Closing>,
    /// Objections nobody has answered.
    pub objections: Rows<Unanswered>,
}

/// 待受理.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Slips {
    /// How many.
    pub n: usize,
    /// How long the oldest has waited.
    pub waited: Waited,
    /// More than a day.
    pub red: bool,
}

/// 办件, as a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// 办号.
    pub task: TaskNo,
    /// 事项.
    pub what: String,
    /// 单位.
    pub unit: String,
    /// 承办人.
    pub who: String,
    /// 期限日.
    #[serde(serialize_with = "tag_day")]
    pub due: NaiveDate,
    /// Its year, where that is another than the paper's.
    pub year: Option<i32>,
    /// Days left, or, past the day, since.
    pub days: i64,
    /// Past its day. A red light without it is one of a task refused twice.
    pub late: bool,
    /// Term of where it stands: 未签收, 办理中, 待评价.
    pub state: &'static str,
}

/// n条异议没答复.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// Topic.
    pub no: TopicNo,
    /// How many.
    pub n: usize,
}

/// 成果, one kind: term and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Yield {
    /// Term.
    pub kind: &'static str,
    /// How many.
    pub n: u32,
}

/// 今日办结.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// Number.
    pub no: TopicNo,
    /// Title.
    pub title: String,
    /// Town; empty = the whole district.
    pub town: String,
    /// 成果.
    pub outcomes: Vec<Yield>,
    /// 无成果说明.
    pub note: String,
    /// 历时.
    pub days: i64,
    /// 由反对转为赞成.
    pub turned: u32,
    /// Whether those are households.
    pub households: bool,
    /// 牵头委员.
    pub lead: Option<String>,
    /// 评价, the lowest of its tasks: term.
    pub grade: Option<&'static str>,
    /// 重开后再办结 — what is more than before; `None` where it is closed for the first time.
    pub more: Option<Vec<Yield>>,
}

/// 正在办理.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tracking {
    /// Number.
    pub no: TopicNo,
    /// 交办.
    pub assigned: usize,
    /// 已签收.
    pub acked: usize,
    /// 办结.
    pub done: usize,
    /// Those not done.
    pub tasks: Rows<Duty>,
}

/// 成果采用.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Brief.
    pub brief: BriefNo,
    /// Title.
    pub title: String,
    /// By whom.
    pub level: String,
    /// 反映人.
    pub by: Named,
}

/// 待买单.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Number.
    pub no: TopicNo,
    /// Title.
    pub title: String,
    /// Town; empty = the whole district.
    pub town: String,
    /// 已等.
    pub waited: Waited,
    /// 红灯 — 72 hours.
    pub red: bool,
}

/// 已等时长, rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "unit", content = "n", rename_all = "snake_case")]
pub enum Waited {
    /// Less than an hour.
    Moment,
    /// Less than a day.
    Hours(i64),
    /// Days of 24 hours.
    Days(i64),
}

impl Waited {
    /// Out of minutes.
    #[must_use]
    pub fn of_minutes(minutes: i64) -> Self {
        match minutes {
            ..60 => Self::Moment,
            60..1440 => Self::Hours(minutes / 60),
            _ => Self::Days(minutes / 1440),
        }
    }
}

/// A vote that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closing {
    /// Topic.
    pub no: TopicNo,
    /// 摸底.
    pub straw: bool,
    /// 不记名 — nobody is to reply to its card in a group.
    pub secret: bool,
    /// When it closes.
    #[serde(serialize_with = "tag_moment")]
    pub ends: DateTime<Utc>,
    /// Who voted so far, n; never how.
    pub cast: u64,
    /// 应到, N; `None` = no roll.
    pub voters: Option<u64>,
}

/// A plan that was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeNews {
    /// Topic.
    pub no: TopicNo,
    /// Title of the topic.
    pub title: String,
    /// Last day, until 24:00.
    #[serde(serialize_with = "tag_day")]
    pub last: NaiveDate,
    /// 暂缓、终止 — it stopped.
    pub halt: Option<Halted>,
    /// 退回 — it counts no more; 恢复 — it goes on.
    pub turn: Option<Turned>,
}

/// A gathering that was called, moved, called off or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GatheringNews {
    /// Number.
    pub gathering: GatheringNo,
    /// Name.
    pub name: String,
    /// When it begins.
    #[serde(serialize_with = "tag_moment")]
    pub at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// How many were signed in in the window.
    pub attended: u32,
    /// called, moved, off, held, minutes.
    pub state: &'static str,
    /// Why it is off; empty where nobody said.
    pub why: String,
}

/// A vote that was opened or closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoteNews {
    /// Topic.
    pub no: TopicNo,
    /// Title of the topic.
    pub title: String,
    /// What happened.
    pub news: Vote,
    /// When it closes or closed.
    #[serde(serialize_with = "tag_moment")]
    pub ends: DateTime<Utc>,
    /// 结果.
    pub ran: Option<Ran>,
    /// 延长.
    pub prolonged: Option<Prolonged>,
}

/// 结果 — what a vote came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// 赞成.
    pub yes: u64,
    /// 反对.
    pub no: u64,
    /// 弃权.
    pub abstain: u64,
    /// 已投.
    pub cast: u64,
    /// 应投.
    pub due: u64,
    /// Where there were options, those that came first: none where nobody chose one.
    pub first: Option<Vec<String>>,
    /// What was not reached.
    pub missed: Vec<Missed>,
}

/// A bar that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// turnout, turnout_area, approval, approval_area.
    pub what: &'static str,
    /// Term of that it was not.
    pub bar: String,
}

/// 延长.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prolonged {
    /// When it was to close.
    #[serde(serialize_with = "tag_moment")]
    pub from: DateTime<Utc>,
    /// When it closes now.
    #[serde(serialize_with = "tag_moment")]
    pub to: DateTime<Utc>,
    /// Why.
    pub why: String,
}

/// 转折 — what a topic came to besides its next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "turn", rename_all = "snake_case")]
pub enum Turned {
    /// 退回.
    Back {
        /// To this step.
        step: Step,
        /// Why.
        why: String,
    },
    /// 重开.
    Reopened {
        /// Why; empty where nobody said.
        why: String,
    },
    /// 换牵头.
    Led {
        /// Who leads it now.
        who: String,
        /// Why; empty where nobody said.
        why: String,
    },
    /// 恢复.
    Resumed,
}

/// What happened to a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// 表决开始.
    Opened,
    /// 摸底开始.
    StrawOpened,
    /// 表决作废 — it was opened, and does not count any more.
    Voided,
    /// 摸底作废.
    StrawVoided,
    /// 表决通过.
    Passed,
    /// 表决未通过.
    Failed,
    /// 摸底结束.
    StrawClosed,
    /// 表决延长.
    Extended,
}

/// Somebody by name; a committee member is called “姓名委员”.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Name; empty if erased.
    pub name: String,
    /// 委员.
    pub member: bool,
    /// Side.
    pub side: Option<Side>,
}

/// How a topic came, as told in 今日新事.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// 码上微协商: told by the proposer's side.
    Scan,
    /// 群内: told by the proposer's name.
    Group,
    /// Told by the channel.
    Private,
    /// Told to the office: by how it came.
    Told,
}

/// 拆出.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// By whom.
    pub by: String,
    /// From this topic.
    pub from: TopicNo,
}

/// 今日新事.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fresh {
    /// Number.
    pub no: TopicNo,
    /// Title.
    pub title: String,
    /// Town; empty = the whole district.
    pub town: String,
    /// Where it came from.
    pub source: Source,
    /// 拆出 — it was made of another by somebody; nobody asked for it as it is.
    pub split: Option<Cut>,
    /// Term of that.
    pub channel: &'static str,
    /// Who asked.
    pub proposer: Named,
    /// Who took it in this window.
    pub taken_by: Option<Named>,
    /// 五方到齐.
    pub all_sides: bool,
    /// The step it stands in, once past 买单.
    pub entered: Option<Step>,
    /// Whether it was ordered in this window; else it only ended in it.
    pub ordered: bool,
    /// Why it does not go on.
    pub halt: Option<Halted>,
    /// What else it came to in this window.
    pub turns: Vec<Turned>,
}

/// 暂缓、终止、并案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Halted {
    /// Term.
    pub term: &'static str,
    /// What it goes on as.
    pub into: Option<TopicNo>,
    /// Why.
    pub why: String,
}

/// 正在商量.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Talking {
    /// Number.
    pub no: TopicNo,
    /// Where it stands.
    pub step: Step,
    /// 建议, all that stand.
    pub suggestions: u32,
    /// 点赞.
    pub likes: u32,
    /// 附议.
    pub seconds: u32,
    /// 热议.
    pub hot: Option<Hot>,
    /// 不同声音.
    pub dissent: Option<String>,
    /// 专家不同意 — how many, while they look at it.
    pub against: u32,
    /// 公约 — its draft, while the experts look at it.
    pub pact: Option<u32>,
    /// 表决中.
    pub poll: Option<Closing>,
}

/// 热议.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hot {
    /// The text.
    pub text: String,
    /// 赞.
    pub likes: u32,
}

/// 社情民意.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Briefs {
    /// 新收.
    pub new: u32,
    /// 待审核.
    pub pending: u32,
}

/// The digest of a discussion group: one topic, and what came after it was bound (digest.md §2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Discussion {
    /// Local date.
    #[serde(serialize_with = "tag_day")]
    pub date: NaiveDate,
    /// Topic.
    pub no: TopicNo,
    /// Title.
    pub title: String,
    /// 现在.
    pub step: Step,
    /// 暂缓、终止、并案 — key of the term, where it does not go on.
    pub halt: Option<&'static str>,
    /// 今天n条建议.
    pub suggestions: Rows<Said>,
    /// 今天n条跟帖.
    pub replies: Rows<Said>,
    /// 今天n条异议.
    pub objections: Rows<Objected>,
    /// 查单 — how many tasks, and how many of them are done.
    pub tracking: Option<Tracking>,
    /// 今天：短句.
    pub news: Vec<News>,
    /// 专家不同意 — how many, while they look at it.
    pub against: u32,
    /// 表决中.
    pub poll: Option<Closing>,
    /// 五方, in the order of [`Side::ALL`]; only while it is consulted on.
    pub sides: Option<Vec<SidePresence>>,
}

/// One of the five sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SidePresence {
    /// Side.
    pub side: Side,
    /// ✔ or ✘.
    pub present: bool,
}

impl SidePresence {
    /// The five sides out of bits ([`World::sides_of`](crate::domain::kernel::world::World)).
    #[must_use]
    pub fn list(bits: u8) -> Vec<Self> {
        Side::ALL.iter().map(|&side| Self { side, present: bits & (1 << side.index()) != 0 }).collect()
    }
}

/// A suggestion, or a reply to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Number of the suggestion, `1-3`.
    #[serde(serialize_with = "tag_reference")]
    pub reference: SuggestionRef,
    /// The text.
    pub text: String,
    /// Whose.
    pub author: String,
    /// 代录人.
    pub recorder: Option<String>,
    /// 本人认可 — whether its author has said it is theirs.
    pub owned: bool,
    /// 赞.
    pub likes: u32,
}

fn tag_reference<S: Serializer>(reference: &SuggestionRef, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(reference)
}

/// 异议.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objected {
    /// Topic.
    pub no: TopicNo,
    /// Number.
    pub n: u32,
    /// The text.
    pub text: String,
    /// Whose.
    pub author: String,
    /// 已答复.
    pub answered: bool,
}

/// One clause of 今天：….
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// 进入….
    Entered {
        /// The step.
        step: Step,
    },
    /// 活动n号 签到n人.
    Attended {
        /// Gathering.
        gathering: GatheringNo,
        /// People.
        n: u32,
    },
    /// 活动n号 发起.
    Called {
        /// Gathering.
        gathering: GatheringNo,
    },
    /// 活动n号 改期.
    Moved {
        /// Gathering.
        gathering: GatheringNo,
    },
    /// 活动n号 取消.
    CalledOff {
        /// Gathering.
        gathering: GatheringNo,
        /// Why; empty where nobody said.
        why: String,
    },
    /// 活动n号 纪要.
    Minuted {
        /// Gathering.
        gathering: GatheringNo,
    },
    /// 名册换新 before anything hung on it.
    Rolled {
        /// Voters on the roll there was.
        former: u32,
        /// Voters on the one there is.
        voters: u32,
    },
    /// 方案第n稿.
    Planned {
        /// 稿次.
        draft: u32,
    },
    /// 采纳建议n条.
    Judged {
        /// How many.
        n: u32,
    },
    /// 专家意见n条.
    Reviewed {
        /// How many.
        n: u32,
    },
    /// 公约第n稿.
    Pacted {
        /// 稿次.
        draft: u32,
    },
    /// 交办n件.
    Assigned {
        /// How many.
        n: u32,
    },
    /// 办n号 已答复.
    Answered {
        /// 办号.
        task: TaskNo,
        /// 代办 — by whom, where it was not the one in charge.
        by: Option<String>,
    },
    /// 办n号 退办.
    Returned {
        /// 办号.
        task: TaskNo,
        /// 代办 — by whom, where it was not the one in charge.
        by: Option<String>,
    },
    /// 办n号 强制办结.
    Forced {
        /// 办号.
        task: TaskNo,
    },
    /// 办n号 满意.
    Rated {
        /// 办号.
        task: TaskNo,
        /// Term.
        grade: &'static str,
    },
    /// 终止、并案.
    Halted {
        /// Number.
        no: TopicNo,
        /// How.
        halt: Halted,
    },
    /// A vote opened or closed.
    Voted {
        /// What happened.
        vote: Vote,
        /// What it came to.
        ran: Option<Ran>,
    },
    /// 延长.
    Prolonged {
        /// From when, until when, and why.
        prolonged: Prolonged,
    },
    /// 退回、重开、换牵头、恢复.
    Turned {
        /// Which.
        turn: Turned,
    },
}
