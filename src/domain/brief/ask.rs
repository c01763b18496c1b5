//! What may be asked about briefs and proposals, and who decides it.

use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::{BriefNo, ProposalNo};
use crate::domain::kernel::said::Term;
use crate::domain::work::task::{Class, Grade};
use chrono::NaiveDate;

/// One step the office takes with a brief or a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deal {
    /// 审核, 审查.
    Review,
    /// 退改.
    Return,
    /// 编发.
    Issue,
    /// 报送.
    Report,
    /// 留存.
    Keep,
    /// 转办.
    Refer,
    /// 立案.
    File,
    /// 不予立案.
    Decline,
    /// 转社情民意.
    Recast,
    /// 办结.
    Close,
}

impl Deal {
    /// All.
    pub const ALL: [Self; 10] = [
        Self::Review,
        Self::Return,
        Self::Issue,
        Self::Report,
        Self::Keep,
        Self::Refer,
        Self::File,
        Self::Decline,
        Self::Recast,
        Self::Close,
    ];

    /// Key of the word in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Review => "deal.review",
            Self::Return => "deal.return",
            Self::Issue => "deal.issue",
            Self::Report => "deal.report",
            Self::Keep => "deal.keep",
            Self::Refer => "deal.refer",
            Self::File => "deal.file",
            Self::Decline => "deal.decline",
            Self::Recast => "deal.recast",
            Self::Close => "deal.close",
        }
    }

    /// Whether only proposals take it.
    #[must_use]
    pub fn is_of_proposals(self) -> bool {
        matches!(self, Self::File | Self::Decline | Self::Recast | Self::Close)
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 社情民意, alone: one's own, or what waits.
    InfoList,
    /// 社情民意 编号: its card.
    InfoCard(BriefNo),
    /// 社情民意 标题｜….
    Info {
        /// Title.
        title: String,
        /// Situation, reasons, suggestion, as written.
        body: String,
        /// 来源.
        sources: Vec<Subject>,
    },
    /// 社情民意 社号 标题｜…: what was returned, sent again.
    Again {
        /// Brief.
        brief: BriefNo,
        /// Whether the number is only that of the quoted message.
        is_quoted: bool,
        /// Title.
        title: String,
        /// Text, as written.
        body: String,
        /// 来源.
        sources: Vec<Subject>,
    },
    /// 提案, alone: one's own, or what waits.
    ProposalList,
    /// 提案 编号: its card.
    ProposalCard(ProposalNo),
    /// 提案 标题｜….
    Propose {
        /// Title.
        title: String,
        /// Situation, suggestion, as written.
        body: String,
        /// 来源.
        sources: Vec<Subject>,
    },
    /// 审核, 退改, 编发, 报送, 留存, 转办, 立案, 不予立案, 转社情民意.
    Deal {
        /// Of what.
        subject: Subject,
        /// The step.
        deal: Deal,
        /// Reason, or to whom.
        text: String,
    },
    /// 采用.
    Adopt {
        /// What was taken up.
        subject: Subject,
        /// By whom.
        level: String,
    },
    /// 批示.
    Instruct {
        /// Of what.
        subject: Subject,
        /// By whom.
        who: String,
        /// Of which day; `None` = today.
        date: Option<NaiveDate>,
        /// What it says; may be empty.
        text: String,
    },
    /// 吸纳.
    Absorb {
        /// What was taken in.
        subject: Subject,
        /// The document.
        document: String,
    },
    /// 报道.
    Cover {
        /// About what.
        subject: Subject,
        /// Paper, station or site.
        media: String,
        /// Headline.
        title: String,
        /// Address; may be empty.
        link: String,
    },
    /// 交办 提号.
    Assign {
        /// Proposal.
        proposal: ProposalNo,
        /// 主办单位.
        unit: String,
        /// 承办人.
        handler: String,
        /// 时限; `None` = three months.
        term: Option<Term>,
        /// 会办单位.
        helpers: Vec<String>,
    },
    /// 签收 提号.
    Ack {
        /// Proposal.
        proposal: ProposalNo,
        /// “收到” in reply to a card: ordinary talk from anybody but the one in charge.
        is_talk: bool,
    },
    /// 办理 提号.
    Progress {
        /// Proposal.
        proposal: ProposalNo,
        /// 类别 of an answer; `None` = how far it is.
        class: Option<Class>,
        /// The text.
        text: String,
    },
    /// 延期 提号.
    Delay {
        /// Proposal.
        proposal: ProposalNo,
        /// By so many days, or until a day.
        term: Term,
        /// Why.
        reason: String,
    },
    /// 催办 提号.
    Urge(ProposalNo),
    /// 评价 提号.
    Rate {
        /// Proposal.
        proposal: ProposalNo,
        /// 等次.
        grade: Grade,
        /// Why; may be empty.
        reason: String,
    },
}
