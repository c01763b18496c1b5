//! 角色相斥 — who in one topic cannot be what at the same time: one table, asked wherever somebody becomes one of these. Where a small
//! place has nobody else, a coordinator says so in the open (另定), and it is on the record.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use serde::{Deserialize, Serialize};

/// What somebody can be in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 点单人.
    Asker,
    /// 牵头委员.
    Lead,
    /// 主持人.
    Moderator,
    /// 写过方案的人.
    Drafter,
    /// 承办人.
    Handler,
    /// 审查方案的专家.
    Expert,
    /// 评价人.
    Rater,
    /// 投票的人.
    Voter,
    /// 受托投票的人.
    Trustee,
    /// 经办表决的人 — who does for a vote what a moderator does: recuses others, enters paper and mandates, voids it.
    Teller,
}

impl Part {
    /// All.
    pub const ALL: [Self; 10] = [
        Self::Asker,
        Self::Lead,
        Self::Moderator,
        Self::Drafter,
        Self::Handler,
        Self::Expert,
        Self::Rater,
        Self::Voter,
        Self::Trustee,
        Self::Teller,
    ];

    /// Key of its term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Asker => "part.asker",
            Self::Lead => "part.lead",
            Self::Moderator => "part.moderator",
            Self::Drafter => "part.drafter",
            Self::Handler => "part.handler",
            Self::Expert => "part.expert",
            Self::Rater => "part.rater",
            Self::Voter => "part.voter",
            Self::Trustee => "part.trustee",
            Self::Teller => "part.teller",
        }
    }
}

/// Whether one can be both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Both.
    Together,
    /// Only where a coordinator has said so in the open.
    Excepted,
    /// Not both.
    Never,
}

/// The table: whether somebody who is `held` can be `asked`, too.
#[must_use]
pub const fn fit(held: Part, asked: Part) -> Fit {
    match asked {
        // Nobody reviews what they have asked for, written or lead, are in the chair for, or will vote on.
        Part::Expert => match held {
            Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Voter => Fit::Excepted,
            Part::Handler | Part::Expert | Part::Rater | Part::Trustee | Part::Teller => Fit::Together,
        },
        // Nobody rates what they have done themselves; the chair and the lead only where there is nobody else.
        Part::Rater => match held {
            Part::Handler => Fit::Never,
            Part::Lead | Part::Moderator => Fit::Excepted,
            Part::Asker | Part::Drafter | Part::Expert | Part::Rater | Part::Voter | Part::Trustee | Part::Teller => {
                Fit::Together
            }
        },
        // 主持中立: neither for oneself, nor for somebody else, whichever way the ballot comes.
        Part::Voter | Part::Trustee => match held {
            Part::Moderator | Part::Teller => Fit::Never,
            Part::Asker
            | Part::Lead
            | Part::Drafter
            | Part::Handler
            | Part::Expert
            | Part::Rater
            | Part::Voter
            | Part::Trustee => Fit::Together,
        },
        // Whoever has a ballot in it, of their own or in trust, has no hand in the vote of others; whose matter it is only where there
        // is nobody else.
        Part::Teller => match held {
            Part::Voter | Part::Trustee => Fit::Never,
            Part::Asker | Part::Lead | Part::Handler | Part::Expert | Part::Rater => Fit::Excepted,
            Part::Moderator | Part::Drafter | Part::Teller => Fit::Together,
        },
        // What somebody asks for, leads, moderates, writes or does keeps them from nothing of these.
        Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Handler => Fit::Together,
    }
}

/// 定夺 — what an official settles for others.
///
/// Asked is wherever somebody would settle what they wrote or do themselves, and it binds others or closes a duty. There is no row where
/// it does not: a task is signed for, put off and answered by its handler, as that is their duty, and rated by somebody else
/// ([`Part::Rater`]); a slip of one's own that is taken or not is no more than a topic asked for or dropped; a campaign gathers topics
/// under a name, a charity project tells how far a gift has come, a station opens and closes a door, 限时 ends a talk for everybody alike:
/// none of them says of anybody's words or work what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// 另定 of who rates.
    Rater,
    /// 另定 of who reviews the plan.
    Expert,
    /// 裁定 of a recusal that is objected to.
    Recusal,
    /// 维持隐藏, where the hiding is objected to.
    Hiding,
    /// 取消隐藏 — showing again what was hidden.
    Showing,
    /// 强制办结 of a task.
    Force,
    /// 暂缓, 终止, 并案 of a topic.
    Halt,
    /// What the office does with a brief or a proposal: 审核, 退改, 编发, 立案, 交办, 采用, 批示, 吸纳, 报道 and the rest.
    Brief,
    /// 办理, 延期 of a proposal, by the one in charge or in their place.
    Answer,
    /// 评价 of what a proposal was answered.
    Grade,
    /// 采纳 of a suggestion, or not.
    Verdict,
    /// 答复 of an objection to what was posted, which lets the topic go on.
    Reply,
    /// 解绑, 确认, 邀请码, 登记, 授权, 注销 — the account, the entry or the roles of somebody whose word is waited for.
    Account,
}

impl Settling {
    /// All.
    pub const ALL: [Self; 13] = [
        Self::Rater,
        Self::Expert,
        Self::Recusal,
        Self::Hiding,
        Self::Showing,
        Self::Force,
        Self::Halt,
        Self::Brief,
        Self::Answer,
        Self::Grade,
        Self::Verdict,
        Self::Reply,
        Self::Account,
    ];
}

/// 利害 — what makes somebody a party to what is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stake {
    /// 承办人, in person, of the task in question, or of any of the topic.
    Handler,
    /// 承办人, in person, of a task of the topic that is not done.
    Owing,
    /// 牵头委员.
    Lead,
    /// 写过方案的人.
    Drafter,
    /// 主持人.
    Chair,
    /// 当事人 — whom it is about, or who said it.
    Concerned,
    /// 经手人 — who did what is objected to, or was objected to.
    Doer,
}

impl Stake {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::Handler, Self::Owing, Self::Lead, Self::Drafter, Self::Chair, Self::Concerned, Self::Doer];

    /// Key of its term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Handler | Self::Owing => "part.handler",
            Self::Lead => "part.lead",
            Self::Drafter => "part.drafter",
            Self::Chair => "part.moderator",
            Self::Concerned => "stake.concerned",
            Self::Doer => "stake.doer",
        }
    }
}

/// The table: whether whoever has this stake may settle that; nobody settles what is their own matter.
#[must_use]
pub const fn settles(stake: Stake, what: Settling) -> bool {
    match what {
        // Whose work is rated names nobody who rates it.
        Settling::Rater => !matches!(stake, Stake::Handler | Stake::Owing | Stake::Lead),
        // Whose plan is reviewed names nobody who reviews it.
        Settling::Expert => !matches!(stake, Stake::Lead | Stake::Drafter),
        // Who is meant, and who hid or entered it, is heard and does not decide.
        Settling::Recusal | Settling::Hiding => !matches!(stake, Stake::Concerned | Stake::Doer),
        // Who hid it may show it again; whose words they are asks somebody else.
        // Who wrote a brief or a proposal sends it in; what becomes of it, and is counted for it, somebody else says.
        // Who wrote a proposal is not who answers it; an answer is rated by its author, and never by whose answer it is.
        // Whose words a suggestion or an objection is leaves it to another whether it is followed, and what it is answered.
        Settling::Showing | Settling::Brief | Settling::Answer | Settling::Verdict | Settling::Reply => {
            !matches!(stake, Stake::Concerned)
        }
        Settling::Grade => !matches!(stake, Stake::Doer),
        Settling::Force => !matches!(stake, Stake::Handler | Stake::Owing),
        // What somebody owes they do not put off or drop with the topic.
        Settling::Halt => !matches!(stake, Stake::Owing),
        // Whoever has any part in a matter has no hand in who speaks for somebody whose word settles it.
        Settling::Account => false,
    }
}

/// What a coordinator can say in the open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Topic, if written or replied to.
    pub topic: Option<TopicNo>,
    /// Expert, rater or teller.
    pub part: Part,
    /// Whose it is.
    pub who: String,
    /// Why.
    pub reason: String,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 另定.
    Excepted {
        /// Topic.
        topic: TopicNo,
        /// Person.
        person: PersonId,
        /// What they are in it from now on, whatever else they are.
        part: Part,
        /// Why.
        reason: Words,
    },
}

/// 另定, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Topic.
    pub topic: TopicNo,
    /// Person.
    pub person: PersonId,
    /// What they are.
    pub part: Part,
    /// Who said so.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: Words,
}

/// Exceptions of one topic.
pub const MAX_EXCEPTIONS: usize = 50;

impl Entity for Exception {
    fn key(&self) -> Key {
        key_of(self.topic, self.part, self.person)
    }
}

fn key_of(topic: TopicNo, part: Part, person: PersonId) -> Key {
    Key::new(kind::EXCEPTION).num(topic.0).byte(part as u8).num(person.0)
}

impl World<'_> {
    /// Whether a coordinator has said so in the open.
    #[must_use]
    pub fn is_excepted(&self, topic: TopicNo, part: Part, person: PersonId) -> bool {
        self.has(&key_of(topic, part, person))
    }

    /// What coordinators have said of a topic in the open.
    #[must_use]
    pub fn exceptions(&self, topic: TopicNo) -> Vec<Exception> {
        self.list(&Key::new(kind::EXCEPTION).num(topic.0), MAX_EXCEPTIONS)
    }
}
