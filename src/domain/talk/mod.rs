//! 解单 — what is said and agreed.
//!
//! | file | noun |
//! |---|---|
//! | [`suggestion`] | 建议、跟帖、点赞 |
//! | [`plan`] | 方案 — drafts of the plan |
//! | [`notice`] | 公示、异议、答复 |
//! | [`review`] | 专家意见 |
//! | [`pact`] | 公约 |
//! | [`chain`] | 接龙 — a pasted list, and what it says it is for |
//! | [`gathering`] | 活动 — gatherings, sign-ups, attendance, minutes |
//! | [`headcount`] | 人数 — how many come with those on a list, read from what stands beside their names |
//! | [`gathering_kind`] | 活动种类 — read from the name |
//! | [`sides`] | 五方 — which sides take part in a topic, and by whom |
//! | [`series`] | 周末有约 — a gathering that comes back |

pub mod chain;
pub mod gathering;
pub mod gathering_kind;
pub mod headcount;
pub mod notice;
pub mod pact;
pub mod plan;
pub mod review;
pub mod series;
pub mod sides;
pub mod suggestion;
