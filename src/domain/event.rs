//! 事实 — what has happened: the only thing the ledger keeps and the only thing that changes the world.
//!
//! A fact carries what was decided (numbers, due times, thresholds), so that `decide` may change freely and yesterday's record
//! still means the same. People, groups and stations appear as opaque numbers; whatever must be forgettable is [`Words`].
//! A new kind of fact = one variant here and one arm of `evolve`. Variants are never renamed or removed: old ones are lifted.

use crate::domain::about::{campaign, charity, tier};
use crate::domain::brief;
use crate::domain::brief::Rank;
use crate::domain::history::period::Period;
use crate::domain::history::{clock, duty, export};
use crate::domain::intake::{ground, station};
use crate::domain::kernel::ids::{
    AccountNo, BriefNo, ClaimNo, GatheringNo, GroupId, ObjectionRef, PersonId, PollNo, SlipNo, StationId,
    SuggestionRef, TaskNo, TopicNo, VoterNo,
};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::words::Words;
use crate::domain::people::account;
use crate::domain::people::erasure;
use crate::domain::people::group::GroupKind;
use crate::domain::people::invitation_sheet;
use crate::domain::people::person::{Level, Role, Scope, Side};
use crate::domain::people::town;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::channel::Channel;
use crate::domain::process::form::{Kind, Step};
use crate::domain::process::topic::Halt;
use crate::domain::process::{conflict, course, hiding, standstill};
use crate::domain::talk::gathering::{self, SignUpLine};
use crate::domain::talk::review::Opinion;
use crate::domain::talk::series;
use crate::domain::talk::suggestion::Verdict;
use crate::domain::vote::poll::Rule;
use crate::domain::vote::roll::RollRow;
use crate::domain::vote::tally::Tally;
use crate::domain::vote::{absence, mandate, nudge, poll};
use crate::domain::work::handover;
use crate::domain::work::outcome::{Account, Outcome};
use crate::domain::work::task::{Class, Grade};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// One turn's facts, as they lie in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Sequence number, from 1 without gaps. The ledger writes it, not the body.
    #[serde(skip)]
    pub seq: u64,
    /// When it was decided, by our clock.
    pub at: DateTime<Utc>,
    /// Who caused it; nobody for the clock and for settings loaded at start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Which account of theirs it came from, where they have had more than one: the same whatever was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<AccountNo>,
    /// The group it was said in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// How it came.
    pub way: Way,
    /// SHA-256 of the platform's name for the delivery, first 16 bytes in hex: the same delivery twice has one effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What happened, in order.
    pub facts: Vec<Event>,
}

impl Event {
    /// 重开 — the same, with why.
    #[must_use]
    pub fn because(mut self, why: Words) -> Self {
        if let Self::TopicAdvanced { reason, .. } = &mut self {
            *reason = Some(why);
        }
        self
    }
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 登记 — a person is known by name. `enrolled` is false for somebody who only spoke up: such a one is on no roll.
    PersonEnrolled {
        /// Number; an existing one is overwritten.
        person: PersonId,
        /// Name.
        name: Words,
        /// Side.
        side: Side,
        /// Unit.
        unit: Words,
        /// Sector.
        sector: String,
        /// Town.
        town: String,
        /// Level.
        level: Option<Level>,
        /// Field of an expert.
        field: Words,
        /// Room number.
        room: Words,
        /// Entered by the office, not merely heard.
        enrolled: bool,
    },
    /// An account on a platform belongs to a person.
    AccountLinked {
        /// Person.
        person: PersonId,
        /// Account, with its platform.
        account: Words,
        /// Address of the private chat, empty if the platform has none.
        private_chat: Words,
        /// Where the person was written to until now, if somewhere else: told that another account was joined.
        #[serde(default)]
        before: Words,
    },
    /// 我是 — an account says whose it is; nothing follows until somebody entitled confirms it.
    ClaimMade {
        /// Number.
        claim: ClaimNo,
        /// Account, with its platform.
        account: Words,
        /// Address of the private chat it was said in.
        private_chat: Words,
        /// Name the platform shows; it proves nothing.
        shown: Words,
        /// Name they say is theirs.
        name: Words,
        /// Flat, unit or sector they say is theirs; empty if they said none.
        place: Words,
        /// When it is void unless somebody confirms it; in old ledgers seven days later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// 确认, 不是.
    ClaimSettled {
        /// Claim.
        claim: ClaimNo,
        /// Who it is; `None` = it is not who they say.
        person: Option<PersonId>,
        /// What was written behind 不是.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// 合并 — somebody who had only spoken up turns out to be a person the office knows: what they did is that person's.
    PersonJoined {
        /// Who had spoken up.
        from: PersonId,
        /// Who it is.
        into: PersonId,
    },
    /// 邀请码 — a code was given out that joins an account to a person, once.
    PassMade {
        /// SHA-256 of the code; the code itself is kept nowhere.
        #[serde(rename = "print")]
        fingerprint: Words,
        /// Person.
        person: PersonId,
        /// Valid until.
        until: DateTime<Utc>,
    },
    /// 邀请码表 — codes for all of a roll.
    InvitationSheet(invitation_sheet::Fact),
    /// The code was used up.
    PassUsed {
        /// SHA-256 of the code.
        #[serde(rename = "print")]
        fingerprint: Words,
    },
    /// 账号 — joining one to somebody who has one, taking one away, the administrators of the configuration.
    Account(account::Fact),
    /// 授权.
    RoleGranted {
        /// Person.
        person: PersonId,
        /// Role.
        role: Role,
        /// Where.
        scope: Scope,
    },
    /// 授权 … 取消.
    RoleWithdrawn {
        /// Person.
        person: PersonId,
        /// Role.
        role: Role,
        /// Where.
        scope: Scope,
    },
    /// A group was heard of for the first time.
    GroupSeen {
        /// Number.
        group: GroupId,
        /// Address.
        chat: Words,
        /// Name.
        name: Words,
        /// Time of day of its digest until it is set.
        digest_at: NaiveTime,
        /// Quiet from and to until it is set.
        quiet: (NaiveTime, NaiveTime),
        /// `zh` or `en` until it is set.
        language: String,
    },
    /// 群设置 — the whole of the settings as they are from now on.
    GroupSet {
        /// Group.
        group: GroupId,
        /// Kind.
        kind: GroupKind,
        /// Town; empty if none.
        town: String,
        /// Sector; empty if none.
        sector: String,
        /// Time of day of the digest.
        digest_at: NaiveTime,
        /// Quiet from and to.
        quiet: (NaiveTime, NaiveTime),
        /// `zh` or `en`.
        language: String,
    },
    /// 群升级 — the group has another address.
    GroupMoved {
        /// Group.
        group: GroupId,
        /// Its address from now on.
        chat: Words,
    },
    /// The bot was taken out of the group.
    GroupGone {
        /// Group.
        group: GroupId,
    },
    /// The bot is in the group again.
    GroupBack {
        /// Group.
        group: GroupId,
    },
    /// 停机 — nothing could be heard from a platform for so long that buttons pressed there were lost.
    Outage {
        /// First part of the addresses there.
        platform: String,
        /// When it was last heard.
        from: DateTime<Utc>,
        /// When it was heard again.
        until: DateTime<Utc>,
    },
    /// 绑定.
    GroupBound {
        /// Group.
        group: GroupId,
        /// Topic.
        topic: TopicNo,
    },
    /// 阵地登记.
    StationSet {
        /// Number.
        station: StationId,
        /// Name.
        name: Words,
        /// Kind as written.
        kind: String,
        /// Town.
        town: String,
        /// What else is known of it.
        #[serde(default, skip_serializing_if = "station::Detail::is_empty")]
        detail: station::Detail,
    },
    /// 镇街、界别 — the lists.
    Town(town::Fact),
    /// 层级, 年计划.
    Tier(tier::Fact),
    /// 专题.
    Campaign(campaign::Fact),
    /// 爱心项目.
    Charity(charity::Fact),
    /// 导出.
    Export(export::Fact),
    /// 时钟.
    Clock(clock::Fact),
    /// 周末有约 — gatherings that come back.
    Series(series::Fact),
    /// 扫码提交 — a request handed in on a page, waiting for a coordinator.
    SlipReceived {
        /// Number.
        slip: SlipNo,
        /// Title.
        title: Words,
        /// Text.
        body: Words,
        /// The station whose code was scanned.
        station: Option<StationId>,
    },
    /// 受理.
    SlipAccepted {
        /// Slip.
        slip: SlipNo,
        /// The topic it became.
        topic: TopicNo,
    },
    /// 不予受理.
    SlipRejected {
        /// Slip.
        slip: SlipNo,
        /// Why.
        reason: Words,
        /// The ground, where it is one of the listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<ground::Ground>,
    },
    /// 转办.
    SlipReferred {
        /// Slip.
        slip: SlipNo,
        /// The unit it belongs to.
        unit: Words,
        /// Why.
        reason: Words,
    },
    /// 点单 — a topic is under way.
    TopicOrdered {
        /// Number.
        topic: TopicNo,
        /// Title.
        title: Words,
        /// Description.
        body: Words,
        /// Who asked.
        proposer: PersonId,
        /// Where it came from.
        channel: Channel,
        /// Kind.
        kind: Kind,
        /// Town; empty = the whole district.
        town: String,
    },
    /// 分类 — set by hand; until then a topic's words tell it.
    TopicSorted {
        /// Topic.
        topic: TopicNo,
        /// Its category from now on.
        category: String,
        /// The one it had until now.
        before: String,
    },
    /// 附议.
    TopicSeconded {
        /// Topic.
        topic: TopicNo,
    },
    /// 买单.
    TopicTaken {
        /// Topic.
        topic: TopicNo,
        /// Lead member.
        lead: PersonId,
        /// 接手 — who led it until now, where it had been taken up before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<PersonId>,
        /// Why another leads it, where it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// 推进.
    TopicAdvanced {
        /// Topic.
        topic: TopicNo,
        /// The step it enters.
        to: Step,
        /// Why it is opened again, where it was closed and it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// 类型、流程.
    Course(course::Fact),
    /// 另定.
    Conflict(conflict::Fact),
    /// 邀请.
    Invited {
        /// Topic.
        topic: TopicNo,
        /// Guest.
        person: PersonId,
        /// Side they are asked for.
        side: Side,
    },
    /// 建议.
    SuggestionMade {
        /// Number.
        suggestion: SuggestionRef,
        /// Whose it is.
        author: PersonId,
        /// Who wrote it down for them (代录人).
        recorder: Option<PersonId>,
        /// Written down in answer to a message of somebody in the same group, where whoever said it reads it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        quoted: bool,
        /// The text.
        text: Words,
    },
    /// 跟帖.
    ReplyMade {
        /// The suggestion replied to.
        to: SuggestionRef,
        /// Its own number under that suggestion, from 1.
        n: u32,
        /// The text.
        text: Words,
    },
    /// 点赞.
    SuggestionLiked {
        /// The suggestion.
        suggestion: SuggestionRef,
    },
    /// 采纳, 部分采纳, 不采纳.
    SuggestionJudged {
        /// The suggestion.
        suggestion: SuggestionRef,
        /// What becomes of it.
        verdict: Verdict,
        /// Why; may be empty where it is adopted.
        reason: Words,
    },
    /// 隐藏.
    Hiding(hiding::Fact),
    /// 方案 — one more draft.
    PlanDrafted {
        /// Topic.
        topic: TopicNo,
        /// 稿次.
        draft: u32,
        /// The text.
        text: Words,
    },
    /// 公示 — the plan is posted.
    NoticePosted {
        /// Topic.
        topic: TopicNo,
        /// Which of its notices.
        n: u32,
        /// The draft that is posted.
        draft: u32,
        /// Days.
        days: u32,
        /// Day of posting.
        from: NaiveDate,
        /// Last day, holidays taken into account.
        last: NaiveDate,
        /// 24:00 of that day.
        until: DateTime<Utc>,
    },
    /// 异议.
    ObjectionRaised {
        /// Number.
        objection: ObjectionRef,
        /// The text.
        text: Words,
    },
    /// 答复.
    ObjectionAnswered {
        /// The objection.
        objection: ObjectionRef,
        /// The text.
        text: Words,
    },
    /// 专家意见.
    ReviewGiven {
        /// Topic.
        topic: TopicNo,
        /// Opinion.
        opinion: Opinion,
        /// The text.
        text: Words,
    },
    /// 公约 — one more draft.
    PactDrafted {
        /// Topic.
        topic: TopicNo,
        /// 稿次.
        draft: u32,
        /// 条数.
        articles: u32,
        /// The text.
        text: Words,
    },
    /// 退回 — the notice and the votes so far are void.
    TopicReturned {
        /// Topic.
        topic: TopicNo,
        /// The step it goes back to.
        to: Step,
        /// Why.
        reason: Words,
    },
    /// 暂缓.
    TopicPaused {
        /// Topic.
        topic: TopicNo,
        /// Why.
        reason: Words,
    },
    /// 恢复.
    TopicResumed {
        /// Topic.
        topic: TopicNo,
        /// 终止、并案 — what is taken back; of what rested it is not written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Halt>,
    },
    /// The days a topic rested do not count.
    Rested(standstill::Fact),
    /// 终止.
    TopicEnded {
        /// Topic.
        topic: TopicNo,
        /// Why.
        reason: Words,
    },
    /// 并案.
    TopicMerged {
        /// Topic.
        topic: TopicNo,
        /// The topic it goes on as.
        into: TopicNo,
        /// Why; may be empty.
        reason: Words,
    },
    /// 作废 — an open poll is not counted; its ballots are kept.
    PollVoided {
        /// Poll.
        poll: PollNo,
    },
    /// 交办.
    TaskAssigned {
        /// Number.
        task: TaskNo,
        /// Topic.
        topic: TopicNo,
        /// 承办单位.
        unit: Words,
        /// 承办人.
        handler: PersonId,
        /// 事项.
        what: Words,
        /// Days, as they were said.
        days: u32,
        /// 期限日.
        due: NaiveDate,
        /// When its light is looked at first.
        lamp: DateTime<Utc>,
    },
    /// 签收.
    TaskAcked {
        /// Task.
        task: TaskNo,
    },
    /// 进展.
    TaskReported {
        /// Task.
        task: TaskNo,
        /// The text.
        text: Words,
    },
    /// 答复.
    TaskAnswered {
        /// Task.
        task: TaskNo,
        /// 类别.
        class: Class,
        /// The text.
        text: Words,
    },
    /// 延期.
    TaskDelayed {
        /// Task.
        task: TaskNo,
        /// By so many days.
        days: u32,
        /// 期限日 from now on.
        due: NaiveDate,
        /// Why.
        reason: Words,
        /// When its light is looked at next.
        lamp: DateTime<Utc>,
    },
    /// 催办.
    TaskUrged {
        /// Task.
        task: TaskNo,
    },
    /// 评价.
    TaskRated {
        /// Task.
        task: TaskNo,
        /// 等次.
        grade: Grade,
        /// Why; empty where none was given.
        reason: Words,
        /// 重办 — due when, and when its light is looked at next.
        again: Option<(NaiveDate, DateTime<Utc>)>,
    },
    /// 亮灯 — a task is close to its day, or past it.
    TaskLit {
        /// Task.
        task: TaskNo,
        /// Local date.
        date: NaiveDate,
        /// When its light is looked at next.
        lamp: DateTime<Utc>,
    },
    /// 退办、重派、强制办结.
    Handover(handover::Fact),
    /// 办结.
    TopicClosed {
        /// Topic.
        topic: TopicNo,
        /// 成果, as they were said.
        outcomes: Vec<Outcome>,
        /// 无成果说明.
        note: Words,
        /// The figures of its whole way.
        account: Account,
    },
    /// 履职, and the marks of people.
    Duty(duty::Fact),
    /// 编发 — a brief was reviewed and passed on.
    BriefIssued {
        /// Brief.
        brief: BriefNo,
    },
    /// 采用.
    BriefAdopted {
        /// Brief.
        brief: BriefNo,
        /// By whom, as it was said.
        level: Words,
        /// At which level that is; `None` where the name does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<Rank>,
    },
    /// What else happened to briefs and proposals.
    Brief(brief::Fact),
    /// 撤回.
    Undone {
        /// What.
        what: Undoable,
    },
    /// 更正 — the message was changed right after it was sent: the same thing, in other words.
    Reworded {
        /// What.
        what: Undoable,
        /// Its title from now on; empty where it has none.
        title: Words,
        /// Its text from now on.
        text: Words,
    },
    /// 活动.
    GatheringCalled {
        /// Number.
        gathering: GatheringNo,
        /// Name.
        name: Words,
        /// When.
        at: DateTime<Utc>,
        /// Where.
        place: Words,
        /// The topic it belongs to.
        topic: Option<TopicNo>,
        /// When it ends, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
        /// When those who signed up are reminded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind: Option<DateTime<Utc>>,
    },
    /// 报名, one or (from a pasted 接龙) several.
    SignedUp {
        /// Gathering.
        gathering: GatheringNo,
        /// Number of the first line.
        first: u32,
        /// The lines.
        lines: Vec<SignUpLine>,
    },
    /// 活动 — sign-ups that were changed.
    Gathering(gathering::Fact),
    /// 签到.
    Attended {
        /// Gathering.
        gathering: GatheringNo,
        /// Who came.
        people: Vec<PersonId>,
    },
    /// 纪要.
    MinutesFiled {
        /// Gathering.
        gathering: GatheringNo,
        /// The minutes.
        text: Words,
        /// Whether there were others before, which these take the place of.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// 名册 — replaces the roll of a topic. Long rolls come in several facts of one record: the first has `more` before it.
    RollLoaded {
        /// Topic.
        topic: TopicNo,
        /// Whether these rows continue the fact before.
        continues: bool,
        /// The voters.
        rows: Vec<RollRow>,
    },
    /// 发起表决, 摸底.
    PollOpened {
        /// Number.
        poll: PollNo,
        /// Topic.
        topic: TopicNo,
        /// Counting rule.
        rule: Rule,
        /// The question.
        title: Words,
        /// When it closes.
        ends: DateTime<Utc>,
        /// Voters on the roll; `None` = no roll, everybody in the group may vote.
        voters: Option<u32>,
        /// Area on the roll, in 0.01 m².
        area: u64,
    },
    /// 投票, 代投 — the last one counts.
    BallotCast {
        /// Poll.
        poll: PollNo,
        /// Voter; where there is no roll, the number of the person.
        voter: VoterNo,
        /// Who the ballot belongs to, if that is a person we know.
        person: Option<PersonId>,
        /// Recorded by a moderator from paper or telephone.
        proxy: bool,
        /// Cast in private: the choice is shown to nobody in the group.
        private: bool,
        /// Takes the place of an earlier one (改投).
        changed: bool,
        /// The choice (1, 2, 3).
        choice: Words,
    },
    /// 表决 — options, 不记名, reasons, an hour to open, 作废.
    Poll(poll::Fact),
    /// 迟到 — said before the deadline could not be shown; listed, not counted.
    BallotLate {
        /// Poll.
        poll: PollNo,
        /// Who.
        person: PersonId,
    },
    /// 请假, 回避.
    Absence(absence::Fact),
    /// 委托.
    Mandate(mandate::Fact),
    /// 催票.
    Nudge(nudge::Fact),
    /// 截止计票.
    PollClosed {
        /// Poll.
        poll: PollNo,
        /// The count.
        tally: Tally,
        /// Passed or not; `None` for a straw poll.
        passed: Option<bool>,
    },
    /// 社情民意 received.
    BriefReceived {
        /// Number.
        brief: BriefNo,
        /// Title.
        title: Words,
        /// Situation, reasons, suggestion.
        body: Words,
    },
    /// 拦截 — somebody was told that petitions and court cases are not handled here; not a word of it is kept.
    Intercepted,
    /// 日报 — the digest of a group and day is settled: either with a number and a text, or nothing happened.
    DigestClosed {
        /// Group.
        group: GroupId,
        /// Local date.
        date: NaiveDate,
        /// 期号; `None` = nothing happened, nothing is sent.
        number: Option<u32>,
        /// Caught up after downtime (补发).
        late: bool,
        /// The messages.
        parts: Vec<Words>,
    },
    /// 周报, 月报 — one of a group is settled: always sent.
    IssueClosed {
        /// Group.
        group: GroupId,
        /// Which of the two.
        period: Period,
        /// Its first day.
        first: NaiveDate,
        /// 第N周.
        number: u32,
        /// Caught up after downtime (补发).
        late: bool,
        /// The messages.
        parts: Vec<Words>,
    },
    /// 删除个人信息.
    Erasure(erasure::Fact),
    /// A numbered letter is about to be sent.
    Sending {
        /// The record that caused it.
        seq: u64,
        /// Which letter of that record.
        index: u32,
    },
    /// A numbered letter was accepted by its platform, or given up because the chat is gone.
    Sent {
        /// The record that caused it.
        seq: u64,
        /// Which letter of that record.
        index: u32,
        /// Whether it was delivered.
        delivered: bool,
    },
}
