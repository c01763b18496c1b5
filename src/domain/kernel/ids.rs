//! Names of things: what people see in brackets (【1号】, 建议1-3, 活动1号, 社1号, W1) and the opaque numbers of people and groups.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// 议题号 — number of a topic, one sequence for the whole district, never used again.
    TopicNo
);

number!(
    /// 受理号 — number of a slip handed in on a page (W1), before a coordinator accepts it.
    SlipNo
);

number!(
    /// 活动号 — number of a gathering.
    GatheringNo
);

number!(
    /// 办号 — number of a task.
    TaskNo
);

number!(
    /// 建言号 — number of a brief (社1号).
    BriefNo
);

number!(
    /// 提号 — number of a proposal (提1).
    ProposalNo
);

number!(
    /// A poll (表决), one sequence for all. People never see it: they see the topic's number.
    PollNo
);

number!(
    /// A person, opaque: the name lies in the vault.
    PersonId
);

number!(
    /// An account on a platform, opaque: its address lies in the vault.
    AccountNo
);

number!(
    /// A group, opaque: its address lies in the vault.
    GroupId
);

number!(
    /// 认 — number of a claim (【认1】): an account says whose it is.
    ClaimNo
);

number!(
    /// A station (阵地).
    StationId
);

number!(
    /// A campaign (专题).
    CampaignNo
);

number!(
    /// 爱心项目号 — number of a charity project.
    CharityNo
);

number!(
    /// A series of gatherings (周末有约).
    SeriesNo
);

number!(
    /// A voter of one roll (投票单位): one owner however many flats (解释第九条), or one person.
    VoterNo
);

/// 建议号 — `1-3`: the third suggestion of topic 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SuggestionRef {
    /// The topic.
    pub topic: TopicNo,
    /// Its own number inside the topic, from 1.
    pub n: u32,
}

/// 异议号 — the first objection on topic 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectionRef {
    /// The topic.
    pub topic: TopicNo,
    /// Its own number inside the topic, from 1.
    pub n: u32,
}

impl fmt::Display for SuggestionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.n)
    }
}
