//! 命令 — what a person can ask for, after `language` understood it and before `domain` decided it.
//!
//! Numbers a person left out are `None`: only [`super::decide`] knows the world well enough to fill them in, or to ask.

use crate::domain::about::{campaign, charity, tier};
use crate::domain::brief;
use crate::domain::history::period::{Ask, Span};
use crate::domain::history::{clock, duty, export};
use crate::domain::intake::{ground, qr, station};
use crate::domain::kernel::ids::{BriefNo, ClaimNo, GatheringNo, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo};
use crate::domain::kernel::plain::Plain;
use crate::domain::kernel::said::{SuggestionArg, Term};
use crate::domain::kernel::say::Say;
use crate::domain::people::account;
use crate::domain::people::erasure;
use crate::domain::people::group::GroupPatch;
use crate::domain::people::person::{Level, Marks, Role, ScopeArg, Side};
use crate::domain::people::town;
use crate::domain::people::undoable;
use crate::domain::process::conflict;
use crate::domain::process::form::Kind;
use crate::domain::process::guest::Guest;
use crate::domain::process::{channel, course, form, hiding};
use crate::domain::talk::chain::Chain;
use crate::domain::talk::gathering;
use crate::domain::talk::review::Opinion;
use crate::domain::talk::series;
use crate::domain::talk::suggestion::Verdict;
use crate::domain::vote::poll::{ProxyLine, Rule};
use crate::domain::vote::roll::Sheet;
use crate::domain::vote::tally::Choice;
use crate::domain::vote::{absence, mandate, nudge, poll};
use crate::domain::work::handover;
use crate::domain::work::outcome::Outcome;
use crate::domain::work::task::{Class, Grade, Unsure};
use chrono::{DateTime, NaiveDate, Utc};

/// What part of the help is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpOn {
    /// The few lines everybody needs.
    Basics,
    /// The commands of one role, and which page of them, from 1.
    Role(Role, u32),
    /// One command, by its canonical Chinese name.
    Command(String),
}

/// 查 — something that has a number and is no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookUp {
    /// 办1.
    Task(TaskNo),
    /// W1.
    Slip(SlipNo),
    /// 社1.
    Info(BriefNo),
    /// 提1.
    Proposal(ProposalNo),
}

/// A command. One variant = one arm of `decide` = one `commands/*.toml` (some share a file).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 帮助.
    Help(HelpOn),
    /// 大白话 — words in private that are no command.
    Plain(Plain),
    /// 议题, alone or with a page: the list of what is under way.
    TopicList(u32),
    /// 议题 编号: its card.
    TopicCard(TopicNo),
    /// 议题 with the number of something that is no topic: what is known of it.
    LookUp(LookUp),
    /// 议题 文字: a new request (点单). `force` = “新建”, skips the look for duplicates.
    TopicNew {
        /// First line = title; the rest = description.
        text: String,
        /// Skip the look for duplicates.
        force: bool,
    },
    /// 分类; without a category, what it is.
    Sort {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Category; empty = show it.
        category: String,
    },
    /// 附议.
    Second(Option<TopicNo>),
    /// 建议 with text.
    Suggest {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The suggestion, as said.
        text: String,
    },
    /// 建议 编号, without text, or with a page: the list of suggestions.
    SuggestionList(TopicNo, u32),
    /// 建议 1-3, without text: that one.
    SuggestionShow(SuggestionRef),
    /// 点赞; `None` if neither written nor replied to.
    Like(Option<SuggestionArg>),
    /// 跟帖.
    Reply {
        /// The suggestion, if written or replied to.
        to: Option<SuggestionArg>,
        /// The reply, as said.
        text: String,
    },
    /// 投, or a word or number in reply to a poll card, or a pressed button.
    Ballot {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The choice.
        choice: Choice,
    },
    /// “赞成”, “反对” or “弃权” alone in a group, without a slash or a reply: a ballot if exactly one poll is open here and the
    /// speaker is on its roll, otherwise ordinary talk.
    BareChoice(Choice),
    /// 报名.
    Gathering(gathering::Ask),
    /// A pasted WeChat 接龙: sign-ups of the group's latest gathering.
    Chain(Chain),
    /// 撤回.
    Undo,
    /// 撤回 什么.
    TakeBack(undoable::Ask),
    /// 我.
    Me,
    /// 我是: whose account this is; without a name, how that is said.
    Claim {
        /// Name; empty if none was given.
        name: String,
        /// Flat, unit or sector; empty if not given.
        place: String,
    },
    /// 我是 with a code, or a link with one.
    UsePass(String),
    /// 邀请码: a code that joins an account to somebody.
    MakePass {
        /// For whom.
        name: String,
        /// Flat, unit or sector; empty if not given.
        place: String,
    },
    /// 确认, or 不是: whether a claim is right; without a claim, which ones wait.
    SettleClaim {
        /// The claim, if written or replied to.
        claim: Option<ClaimNo>,
        /// Whether it is who they say.
        is_right: bool,
        /// Flat, unit or sector, where several come into question; empty if not given.
        place: String,
    },
    /// 是, 不是 alone in private: where something waits for such a word, which it answers is asked back.
    ClaimWord {
        /// 是, not 不是.
        is_right: bool,
        /// Without a prefix it may be talk.
        is_talk: bool,
    },
    /// 买单.
    Take {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Who takes it over, where a coordinator says so; empty = whoever speaks.
        who: String,
        /// Why; may be empty.
        reason: String,
    },
    /// 推进.
    Advance {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why what was closed is opened again; may be empty.
        reason: String,
    },
    /// 类型.
    Course(course::Ask),
    /// 另定.
    Conflict(conflict::Ask),
    /// 限时.
    LimitTalk {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// 对口.
    Address {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The units, as written.
        units: String,
    },
    /// 绑定.
    Bind(TopicNo),
    /// 邀请.
    Invite {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Who.
        guests: Vec<Guest>,
    },
    /// 代录.
    Relay {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose words.
        name: String,
        /// The words, as told.
        text: String,
    },
    /// 投票: opens a poll.
    OpenPoll {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Counting rule.
        rule: Rule,
        /// When it closes.
        ends: DateTime<Utc>,
        /// The question.
        title: String,
    },
    /// 投票 and 投 where there is more than a rule: options, flags, an hour to open, 作废.
    Poll(poll::Ask),
    /// 方案; without a text, the latest draft.
    Plan {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The plan; empty = show it.
        text: String,
    },
    /// 隐藏.
    Hide(hiding::Ask),
    /// 采纳.
    Judge {
        /// The suggestion, if written or replied to.
        suggestion: Option<SuggestionArg>,
        /// What becomes of it.
        verdict: Verdict,
        /// Why; may be empty.
        reason: String,
    },
    /// 公示.
    Notice {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Days; `None` = as usual.
        days: Option<u32>,
    },
    /// 异议.
    Object {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The objection, as said.
        text: String,
    },
    /// 答复.
    Answer {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Number of the objection; `None` = the one replied to.
        n: Option<u32>,
        /// The answer.
        text: String,
    },
    /// 专家.
    Review {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Opinion.
        opinion: Opinion,
        /// The words; may be empty where the expert agrees.
        text: String,
    },
    /// 公约; without a text, the latest draft.
    Pact {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The pact; empty = show it.
        text: String,
    },
    /// 退回.
    Back {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why.
        reason: String,
    },
    /// 暂缓.
    Pause {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why.
        reason: String,
    },
    /// 终止.
    End {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why.
        reason: String,
    },
    /// 拆分.
    Split(course::SplitAsk),
    /// 并案.
    Merge {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The topic it goes on as.
        into: TopicNo,
        /// Why; may be empty.
        reason: String,
    },
    /// 并案取消.
    Part(Option<TopicNo>),
    /// 交办.
    Assign {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// 承办单位.
        unit: String,
        /// 承办人.
        handler: String,
        /// 时限.
        term: Term,
        /// 事项.
        what: String,
    },
    /// 签收.
    Ack {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// “收到” in reply to a card: ordinary talk from anybody but the one in charge.
        is_talk: bool,
    },
    /// 办理.
    Progress {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// 类别 of an answer; `None` = how far it is.
        class: Option<Class>,
        /// The text.
        text: String,
    },
    /// 延期.
    Delay {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// By so many days, or until a day.
        term: Term,
        /// Why.
        reason: String,
    },
    /// 延期, where it cannot be told until when.
    DelayUnsure {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// What may be meant.
        unsure: Unsure,
    },
    /// 退办, 重派, 强制办结.
    Handover(handover::Ask),
    /// 催办.
    Urge(Option<TaskNo>),
    /// 回卡片 — words in reply to what tells of a task that are neither a grade nor 收到: asked back where the speaker is asked something.
    CardWords {
        /// The task.
        task: TaskNo,
        /// What was said.
        said: String,
        /// Whether it may be ordinary talk; behind /评价 it is not.
        is_talk: bool,
        /// Whether it answers the question what was not satisfying.
        is_reason: bool,
    },
    /// 评价.
    Rate {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// 等次.
        grade: Grade,
        /// Why; may be empty.
        reason: String,
    },
    /// 办结.
    Close {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// 成果.
        outcomes: Vec<Outcome>,
        /// 无成果说明; may be empty.
        note: String,
    },
    /// 请假, 回避.
    Absence(absence::Ask),
    /// 委托.
    Mandate(mandate::Ask),
    /// 催票.
    Remind(nudge::Ask),
    /// 代投.
    ProxyBallots {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Flats or people with their choices.
        lines: Vec<ProxyLine>,
    },
    /// 计票.
    Tally(Option<TopicNo>),
    /// 活动.
    CallGathering {
        /// Name.
        name: String,
        /// When.
        at: DateTime<Utc>,
        /// When it ends, where that was said.
        until: Option<DateTime<Utc>>,
        /// Where.
        place: String,
    },
    /// 签到; without names = the sender.
    SignIn {
        /// Gathering, if written or replied to.
        gathering: Option<GatheringNo>,
        /// Who was there.
        names: gathering::Attendants,
    },
    /// 纪要.
    Minutes {
        /// Gathering, if written or replied to.
        gathering: Option<GatheringNo>,
        /// The minutes.
        text: String,
    },
    /// 履职.
    Duty(duty::Ask),
    /// 社情民意, 微提案, 采用 and what else is asked of them.
    Brief(brief::Ask),
    /// 日报: preview of today's digest, or that of a day.
    Digest(Option<NaiveDate>),
    /// 周报: this week so far, or the week of some days.
    Weekly(Option<Span>),
    /// 统计, 汇报.
    Statistics(Ask),
    /// 群设置.
    GroupSet(GroupPatch),
    /// 解绑, 名单, 注销.
    Account(account::Ask),
    /// 授权 (and 授权 … 取消).
    Grant {
        /// Who.
        name: String,
        /// Which role.
        role: Role,
        /// Where; `None` = as far as the role goes.
        scope: Option<ScopeArg>,
        /// Take the role away instead.
        withdraw: bool,
    },
    /// 登记 of several people: each line as it was written, and what was read of it.
    EnrolAll(Vec<(String, Result<Command, Say>)>),
    /// 登记 of one.
    Enrol {
        /// Who.
        name: String,
        /// Side.
        side: Side,
        /// Unit or field; empty if not given.
        unit: String,
        /// Whether the unit was written without `单位=`: a word in that place.
        loose: bool,
        /// Sector (界别); empty if not given.
        sector: String,
        /// Town; empty if not given.
        town: String,
        /// Level of a committee member.
        level: Option<Level>,
        /// Room number; empty if not given.
        room: String,
        /// 党员, 两代表, 特长 …, as far as they are spoken of.
        marks: Marks,
        /// 另一位 — somebody else of that name.
        another: bool,
        /// 同一位 — the one there is of that name.
        same: bool,
    },
    /// 受理.
    Accept {
        /// Slip.
        slip: SlipNo,
        /// Town; `None` = the station's.
        town: Option<String>,
        /// Kind; `None` = 牵线搭桥型.
        kind: Option<Kind>,
        /// 流程模板; `None` = the usual one of that kind.
        template: Option<form::Template>,
    },
    /// 不予受理.
    Reject {
        /// Slip.
        slip: SlipNo,
        /// The ground, where it is one of the listed.
        ground: Option<ground::Ground>,
        /// Why.
        reason: String,
    },
    /// 转办.
    Refer {
        /// Slip.
        slip: SlipNo,
        /// The unit it belongs to.
        unit: String,
        /// Why.
        reason: String,
    },
    /// 代点.
    OrderFor {
        /// How it came.
        channel: channel::Channel,
        /// Who asks.
        name: String,
        /// First line = title; the rest = description.
        text: String,
        /// Skip the look for duplicates.
        force: bool,
    },
    /// 邀请码 … 全部: for everybody on the roll of a topic.
    MakePasses(Option<TopicNo>),
    /// 确认 全部.
    SettleClaims,
    /// 名册.
    LoadRoll {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// What was pasted or attached.
        sheet: Sheet,
    },
    /// 名册 编号 第几页 — what is on it.
    ShowRoll {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Which page.
        page: u32,
    },
    /// A file that came without a command.
    Attached {
        /// Its name.
        name: String,
        /// Rows in it.
        rows: usize,
    },
    /// 阵地.
    Station(station::Ask),
    /// 镇街, 界别.
    Town(town::Ask),
    /// 层级, 年计划.
    Tier(tier::Ask),
    /// 专题.
    Campaign(campaign::Ask),
    /// 爱心项目.
    Charity(charity::Ask),
    /// 我的信息, 删除信息.
    Personal(erasure::Ask),
    /// 二维码.
    Qr(qr::Ask),
    /// 导出.
    Export(export::Ask),
    /// 时钟.
    Clock(clock::Ask),
    /// 活动 … 每周…: gatherings that come back.
    Series(series::Ask),
    /// A form sent from a page (扫码点单).
    Slip {
        /// Title.
        title: String,
        /// Text.
        text: String,
    },
}
