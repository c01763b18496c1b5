//! What has happened to briefs and proposals, beyond what [`Event`](crate::domain::event::Event) names itself (received, 编发, 采用).

use crate::domain::brief::adoption::Rank;
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::{BriefNo, PersonId, ProposalNo};
use crate::domain::kernel::words::Words;
use crate::domain::work::task::{Class, Grade};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 来源 — what a brief or proposal came from.
    Sourced {
        /// Which.
        subject: Subject,
        /// Suggestions and topics.
        sources: Vec<Subject>,
    },
    /// 审核 of a brief: it may be passed on. 审查 of a proposal: it is being looked at.
    Reviewed {
        /// Which.
        subject: Subject,
    },
    /// 退改.
    Returned {
        /// Brief.
        brief: BriefNo,
        /// Why.
        reason: Words,
    },
    /// Sent again under its number.
    Resent {
        /// Brief.
        brief: BriefNo,
        /// Its title from now on.
        title: Words,
        /// Its text from now on.
        body: Words,
    },
    /// 报送.
    Reported {
        /// Brief.
        brief: BriefNo,
        /// To whom, as it was said.
        to: Vec<Words>,
    },
    /// 留存.
    Kept {
        /// Brief.
        brief: BriefNo,
        /// Why; may be empty.
        reason: Words,
    },
    /// 转办.
    Referred {
        /// Brief.
        brief: BriefNo,
        /// To which unit.
        unit: Words,
    },
    /// 批示.
    Instructed {
        /// Of what.
        subject: Subject,
        /// Which of its instructions.
        n: u32,
        /// By whom, as it was said.
        who: Words,
        /// At which level that is; `None` where the name does not say.
        rank: Option<Rank>,
        /// Of which day.
        date: NaiveDate,
        /// What it says; may be empty.
        text: Words,
    },
    /// 吸纳进文件.
    Absorbed {
        /// What was taken in.
        subject: Subject,
        /// Which of its documents.
        n: u32,
        /// Name of the document, without 《》.
        document: Words,
    },
    /// 报道.
    Covered {
        /// About what.
        subject: Subject,
        /// Which of its reports.
        n: u32,
        /// Paper, station or site.
        media: Words,
        /// Headline.
        title: Words,
        /// Address; may be empty.
        link: Words,
    },
    /// 微提案 received.
    Proposed {
        /// Number.
        proposal: ProposalNo,
        /// Title.
        title: Words,
        /// Situation, suggestion.
        body: Words,
    },
    /// 立案.
    Filed {
        /// Proposal.
        proposal: ProposalNo,
    },
    /// 不予立案.
    Declined {
        /// Proposal.
        proposal: ProposalNo,
        /// Why.
        reason: Words,
    },
    /// 转社情民意 — it goes on as a brief of the same author.
    Recast {
        /// Proposal.
        proposal: ProposalNo,
        /// The brief it became.
        brief: BriefNo,
    },
    /// Whoever had it is no longer one who handles tasks: it waits to be assigned anew.
    Vacated {
        /// Proposal.
        proposal: ProposalNo,
    },
    /// 交办.
    Assigned {
        /// Proposal.
        proposal: ProposalNo,
        /// 主办单位.
        unit: Words,
        /// 承办人.
        handler: PersonId,
        /// 会办单位.
        helpers: Vec<Words>,
        /// 期限日.
        due: NaiveDate,
        /// 最迟 — the day beyond which it is never put off.
        limit: NaiveDate,
        /// When its light is looked at first.
        lamp: DateTime<Utc>,
    },
    /// 签收.
    Acked {
        /// Proposal.
        proposal: ProposalNo,
    },
    /// 进展.
    Noted {
        /// Proposal.
        proposal: ProposalNo,
        /// The text.
        text: Words,
    },
    /// 答复.
    Answered {
        /// Proposal.
        proposal: ProposalNo,
        /// 类别.
        class: Class,
        /// The text.
        text: Words,
    },
    /// 延期.
    Delayed {
        /// Proposal.
        proposal: ProposalNo,
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
    Urged {
        /// Proposal.
        proposal: ProposalNo,
    },
    /// 评价.
    Rated {
        /// Proposal.
        proposal: ProposalNo,
        /// 等次.
        grade: Grade,
        /// Why; empty where none was given.
        reason: Words,
        /// 重办 — due when, and when its light is looked at next.
        again: Option<(NaiveDate, DateTime<Utc>)>,
    },
    /// 办结 by a coordinator, after it was refused twice.
    Closed {
        /// Proposal.
        proposal: ProposalNo,
        /// 说明.
        note: Words,
    },
    /// 亮灯.
    Lit {
        /// Proposal.
        proposal: ProposalNo,
        /// Local date.
        date: NaiveDate,
        /// When its light is looked at next.
        lamp: DateTime<Utc>,
    },
}
